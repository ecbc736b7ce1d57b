"""A run with a guided head on a pilot node: in memory = through files, bit for bit; the same on 1, 2 and 4 ranks; the rigid
part of the displacement is one, and leaves the head on the line to the knee; measures of a day are sums over the cases."""

# processors: 1

import pathlib
import shutil

import program as p

np = p.np
PILOT = {
    "Loads/Support": "pilot node",
    "Loads/Pilot node/Rotations [N mm/rad]": "free; 1e7; held",
    "Loads/Pilot node/Head": "guided to the knee",
    "Loads/Load set": "several activities",
    "Loads/Activities": "level walking; stairs up 100",
    "Stimulus/Daily measures/Write": "true",
    "Solver/Tolerance [-]": 1e-10,
    "Regeneration/Duration [day]": 4,
    "Regeneration/Mechanics every [day]": 2,
    "Output/State files": "all",
}
CYCLES, EXPONENT, WEIGHT = (6144, 100), 4, 0.5
TOLERANCE = 1e-6  # of the solver


def run(wolff, check, name, ranks, *more):
    result = p.run(wolff, ["run", "case.prm", "--output", name, *p.settings(p.COARSE, PILOT), *more], ranks)
    check(result.code == 0, f"{name}: runs on {ranks} ranks", result.text())
    return result


def file_of(folder, kind):
    return sorted(pathlib.Path(folder).glob(f"{kind}_*.pvtu"))[-1]


def points_of(path):
    """Places, and the rigid displacement of both cases."""
    reader = p.vtk.vtkXMLPUnstructuredGridReader()
    reader.SetFileName(str(path))
    reader.Update()
    grid = reader.GetOutput()
    arrays = [p.vtk_to_numpy(grid.GetPointData().GetArray(name)).astype(float)
              for name in ("rigid_displacement_mm", "rigid_displacement_stairs_up_mm")]  # fmt: skip
    return p.vtk_to_numpy(grid.GetPoints().GetData()).astype(float), arrays


def invariants(stress):
    """Octahedral shear stress and mean stress of rows XX YY ZZ XY YZ XZ."""
    xx, yy, zz, xy, yz, xz = stress.T
    octahedral = np.sqrt((xx - yy) ** 2 + (yy - zz) ** 2 + (zz - xx) ** 2 + 6 * (xy**2 + yz**2 + xz**2)) / 3
    return octahedral, (xx + yy + zz) / 3


def check_day(check, mechanics, modulus):
    index = stress_sum = 0
    for cycles, end in zip(CYCLES, ("", "_stairs_up")):
        stress, strain = mechanics[f"stress{end}_MPa"], mechanics[f"strain{end}"]
        octahedral, mean = invariants(stress)
        index = index + cycles * (octahedral + WEIGHT * mean)
        energy = 0.5 * (stress * strain * [1, 1, 1, 2, 2, 2]).sum(axis=1)
        stress_sum = stress_sum + cycles * np.sqrt(2 * modulus * energy) ** EXPONENT
    for name, expected in (("osteogenic_index", index), ("daily_stress_stimulus", stress_sum ** (1 / EXPONENT))):
        found = mechanics[f"{name}_MPa_per_day"]
        check(np.allclose(found, expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max()), f"{name} is its sum")


def main():
    wolff, check = p.program(), p.Checks()
    with p.scratch_folder():
        shutil.copy(p.SMALL_CASE, "case.prm")
        result = run(wolff, check, "two", 2)
        for words in ("pilot node at", "head guided to the knee", "the joint holds the head with"):
            check(words in result.out + result.err, f'"{words}" is said', result.text())
        run(wolff, check, "files", 2, "--exchange")
        for kind in ("tissue", "mechanics"):
            check(p.same_bytes(file_of("two", kind), file_of("files", kind)), f"{kind}: through files the same bytes")

        places, rigid = points_of(file_of("two", "mechanics"))
        for moved in rigid:
            fit = np.linalg.lstsq(np.hstack([places, np.ones((len(places), 1))]), moved, rcond=None)[0]
            check(np.abs(fit[:3] + fit[:3].T).max() < 1e-9 * np.abs(moved).max(), "the rigid part turns and does not strain")
            check(np.abs(moved).max() > 1e-3, "and it is there", np.abs(moved).max())
        check(np.abs(rigid[0] - rigid[1]).max() > 1e-3, "each load case has its own")
        mechanics = p.load_pvtu_arrays(file_of("two", "mechanics"))
        check_day(check, mechanics, p.load_pvtu_arrays(file_of("two", "tissue"))["youngs_modulus_MPa"])
        for kind in ("mechanics", "view"):
            read = p.run(wolff, ["check", str(file_of("two", kind))])
            check(read.code == 0, f"{kind}: keeps the contract", read.text())

        for ranks in (1, 4):
            run(wolff, check, f"on {ranks}", ranks)
            here = p.load_pvtu_arrays(file_of(f"on {ranks}", "mechanics"))
            for name in ("strain", "strain_stairs_up", "stimulus", "osteogenic_index_MPa_per_day"):
                apart = np.abs(here[name] - mechanics[name]).max() / np.abs(mechanics[name]).max()
                check(apart < TOLERANCE, f"{ranks} ranks: {name}", f"{apart:.1e}")
        unknown = p.run(wolff, ["check", "case.prm", *p.settings(p.COARSE, {
            "Stimulus/Daily measures/Write": "true", "Loads/Activity": "stairs up"})])  # fmt: skip
        check(unknown.code == 3 and unknown.fault_names() == ["load-cycles"], "cycles that nobody knows", unknown.text())
    check.finish()


if __name__ == "__main__":
    main()
