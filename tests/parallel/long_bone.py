"""A gap in a small long bone, both backends: the same tissue on 1 to 4 ranks, the load arrives at the support, cells
come from the marrow at the gap and from the periosteum, and what a user may do wrong."""

# processors: 1

import program as p

np = p.np
CASE = p.SOURCE / "scripts" / "cases" / "segmental_defect.prm"
SMALL = {
    "Geometry/Long bone/Bone radius [mm]": 2,
    "Geometry/Long bone/Canal radius [mm]": 1.2,
    "Geometry/Long bone/Callus radius [mm]": 2.4,
    "Geometry/Long bone/Gap [mm]": 2,
    "Geometry/Long bone/Stump length [mm]": 2.2,
    "Geometry/Long bone/Periosteum length [mm]": 1,
    "Loads/Clamp height [mm]": 0.5,
    "Loads/End load/Axial force [N]": 2,
    "Loads/End load/Bending moment [N mm]": 1,
    "Mesh/Finest voxel [mm]": 0.4,
    "Mesh/Interface voxel [mm]": 0.4,
    "Mesh/Bulk voxel [mm]": 0.4,
    "Regeneration/Duration [day]": 9,
    "Output/State files": "all",
}


def main():
    wolff, check = p.program(), p.Checks()

    def run(folder, ranks, options):
        arguments = ["run", CASE, *p.settings(SMALL, options), "--output", folder]
        result = p.run(wolff, arguments, ranks)
        check("reaction (0.0, 0.0, 2.0) N" in result.out.replace("-0.0", "0.0"), f"{folder}: the support carries the load")
        return check(result.code == 0, f"{folder} on {ranks} ranks", result.text())

    with p.scratch_folder():
        for backend, counts, tolerance in (("lattice agents", (1, 3), 0), ("continuum", (1, 2, 4), 1e-7)):
            whole = None
            for ranks in counts:
                folder = f"{backend} on {ranks}"
                if not run(folder, ranks, {"Regeneration/Backend": backend}):
                    continue
                found = p.load_pvtu_arrays(f"{folder}/tissue_0003.pvtu")
                whole = whole or found
                for name in whole:
                    if name.startswith("fraction_") or name.endswith("_per_mm3"):
                        size = np.abs(whole[name]).max() or 1
                        difference = np.abs(found[name] - whole[name]).max() / size
                        check(difference <= tolerance, f"{folder}: {name}", difference)
            inside = whole["healing_domain"] == 1
            check(whole["fraction_fibrous"][inside].max() > 0 and whole["mature_msc_per_mm3"][inside].max() > 0,
                  f"{backend}: cells came and made tissue")  # fmt: skip
            check(not whole["fibroblasts_per_mm3"][~inside].any(), f"{backend}: none outside of the domain")
        # A layer of 0.1 mm with 30 % of 1000 cells/mm3 on the periosteum, in voxels of one size.
        first = p.load_pvtu_arrays("continuum on 1/tissue_0000.pvtu")
        cells = first["immature_msc_1_per_mm3"].sum() * 0.4**3
        check(abs(cells / (0.3 * 1000 * 0.1 * 2 * 2 * np.pi * 2 * 1) - 1) < 1e-9, "cells of the periosteum", cells)

        for options, code, name in (
            ({"Loads/Support": "pilot node"}, 2, "option-contradicts"),
            ({"Geometry/Long bone/Canal radius [mm]": 2}, 3, "long-bone-size"),
            ({"Geometry/Long bone/Canal radius [mm]": 1.99}, 3, "load-on-void"),
        ):
            for ranks in (1, 2):
                result = p.run(wolff, ["check", CASE, *p.settings(SMALL, options)], ranks)
                check(result.code == code and result.fault_names() == [name], f"{name} on {ranks} ranks", result.text())
    check.finish()


if __name__ == "__main__":
    main()
