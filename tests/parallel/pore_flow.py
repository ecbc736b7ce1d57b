"""Interstitial flow in a run: in memory = through files, the same on 1 to 4 ranks, fluid where it belongs, and the faults of
its constants."""

import pathlib
import shutil

import program as p

np = p.np
SHARE = "Regeneration/Growth factor/Share of the day with flow [-]"
FLOW = {
    "Pores/Fluid": "ramp",
    "Pores/Substeps [-]": 2,
    "Pores/Inadmissible constants": "clamp",
    "Stimulus/Rule": "shear and flow",
    "Solver/Tolerance [-]": 1e-10,
    "Regeneration/Duration [day]": 2,
    "Regeneration/Mechanics every [day]": 1,
    "Output/State files": "all",
    "Regeneration/Growth factor/Release": "collagen sponge",
    "Regeneration/Growth factor/Days [day]": 0,
    "Regeneration/Growth factor/Amounts [ng]": 1e5,
    "Regeneration/Growth factor/Regions": "scaffold pore",
    "Regeneration/Growth factor/Half effect [ng/mm^3]": 10,
    "Regeneration/Growth factor/Longest step [day]": 0.5,
    SHARE: 0.01,
}
TOLERANCE = 1e-6  # the tolerance of the solver, through the condition of undrained soft tissue


def run(wolff, check, name, ranks, *arguments, more=None):
    case = p.settings(p.COARSE, FLOW | (more or {}))
    result = p.run(wolff, ["run", "case.prm", "--output", name, *case, *arguments], ranks)
    check(result.code == 0, f"{name}: runs on {ranks} ranks", result.text())
    return result


def last(folder, kind):
    return p.load_pvtu_arrays(sorted(pathlib.Path(folder).glob(f"{kind}_*.pvtu"))[-1])


def main():
    wolff, check = p.program(), p.Checks()
    with p.scratch_folder():
        shutil.copy(p.SMALL_CASE, "case.prm")
        result = run(wolff, check, "two", 2)
        for word in ("pores: ramp", "flow-layer"):
            check(word in result.out + result.err, f'"{word}" is said', result.text())
        run(wolff, check, "files", 2, "--exchange")
        one, other = last("two", "tissue"), last("files", "tissue")
        check(all(np.array_equal(one[name], other[name]) for name in one), "through files the same bits as in memory")

        mechanics = last("two", "mechanics")
        tissue = p.load_pvtu_arrays("two/tissue_0002.pvtu")
        pressure, flux = mechanics["pore_pressure_MPa"], mechanics["darcy_flux_vector_mm_per_s"]
        speed, metal = mechanics["darcy_flux_mm_per_s"], tissue["fraction_scaffold"] >= 0.5
        check(np.abs(pressure).max() > 1e-4, "there is a pressure", np.abs(pressure).max())
        check(metal.any() and speed[metal].max() == 0, "nothing flows in metal")
        check(speed.max() > 0 and np.allclose(np.linalg.norm(flux, axis=1), speed, rtol=1e-12), "speed is that of the flux")
        check("pore_pressure_MPa" in last("two", "view"), "the view shows the pressure")
        # The load presses the head: more of the fluid is under pressure than under tension.
        check(pressure.mean() > 0, "compression presses the fluid", pressure.mean())

        run(wolff, check, "at rest", 2, more={SHARE: 0, "Regeneration/Duration [day]": 1})
        carried, still = (p.load_pvtu_arrays(f"{name}/tissue_0001.pvtu")["growth_factor_ng_per_mm3"]
                          for name in ("two", "at rest"))  # fmt: skip
        check(np.abs(carried - still).max() > 1e-3 * still.max(), "the flow carries the factor", np.abs(carried - still).max())

        for ranks in (1, 3, 4):
            run(wolff, check, f"on {ranks}", ranks)
            for kind, names in (("mechanics", ("pore_pressure_MPa", "strain", "stimulus")), ("tissue", ("mature_msc_per_mm3", "growth_factor_ng_per_mm3"))):
                here = last(f"on {ranks}", kind)
                there = last("two", kind)
                for name in names:
                    apart = np.abs(here[name] - there[name]).max() / np.abs(there[name]).max()
                    check(apart < TOLERANCE, f"{ranks} ranks: {name}", f"{apart:.1e}")

        sealed = p.run(wolff, ["solve", "case.prm", "--output", "undrained",
                               *p.settings(p.COARSE, FLOW, {"Pores/Fluid": "undrained", SHARE: 0})], 2)  # fmt: skip
        check(sealed.code == 0, "undrained: solves", sealed.text())
        still = last("undrained", "mechanics")
        check(still["darcy_flux_mm_per_s"].max() == 0, "undrained: nothing flows")
        check(np.abs(still["pore_pressure_MPa"]).max() > 0, "undrained: the fluid carries load")

        for ranks in (1, 2):
            refused = p.run(wolff, ["solve", "case.prm", "--output", "refused", *p.settings(
                p.COARSE, FLOW, {"Solver/Method": "assembled"})], ranks)  # fmt: skip
            check(refused.code == 2 and refused.fault_names() == ["method"], f"assembled solver, {ranks} ranks",
                  refused.text())  # fmt: skip
        # Bone as it was printed once: grains softer than the bone itself.
        table = (p.SOURCE / "materials" / "cortical_bone.json").read_text(encoding="utf-8")
        pathlib.Path("printed.json").write_text(table.replace("17660", "13920").replace("15750", "17000"), encoding="utf-8")
        printed = p.run(wolff, ["solve", "case.prm", "--output", "printed", *p.settings(
            p.COARSE, FLOW, {"Materials/Cortical bone": "printed.json"})], 2)  # fmt: skip
        check(printed.code == 3 and "biot-range" in printed.fault_names(), "inadmissible tissue: exit 3", printed.text())
    check.finish()


if __name__ == "__main__":
    main()
