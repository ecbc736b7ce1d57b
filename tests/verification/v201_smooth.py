"""V201 smooth manufactured field: errors of an independent trilinear solver on uniform meshes, orders on uniform and
refined ones."""

# processors: 1

import box_cases as bc

CASE = "v201_smooth"
# Column of the independent solver's table for each error of the program.
COLUMNS = {"displacement_L2": "u_L2_rel_error", "stress_L2": "stress_L2_rel_error",
           "octahedral_shear_L2": "gamma_oct_L2_rel_error",
           "octahedral_shear_centres_L2": "gamma_oct_centres_rel_error", "energy": "energy_rel_error"}  # fmt: skip


def test(study):
    uniform = study.series("uniform", CASE, {n: bc.box((n, n, n), 1 / n) for n in (8, 16, 32)})
    rows = [row for row in bc.table("mms_observed_errors_q1", 6) if row["case"] == "V201_smooth"]
    for row, n, solved in zip(rows, uniform.sizes, uniform.runs):
        assert int(row["N"]) == n
        for key, column in COLUMNS.items():
            wanted, found = float(row[column]), solved["errors"][key]
            study.check(abs(found / wanted - 1) < 0.01, f"V201 {n} cells: {key} as of an independent solver",
                        f"{found} and {wanted}")  # fmt: skip
    uniform.converges("displacement_L2", 1.8)
    uniform.converges("stress_L2", 0.8)
    uniform.converges("octahedral_shear_centres_L2", 1.8)
    uniform.converges("energy", 1.8)
    uniform.close()

    corner = "if(max(x, max(y, z)) < 0.5, 1, 0)"
    hanging = study.series("corner octant finer", CASE, {n: bc.box((n, n, n), 1 / n, corner) for n in (16, 32, 48)})
    study.check(hanging.runs[0]["hanging_nodes"] > 0, "V201: the refined mesh has hanging nodes")
    hanging.converges("displacement_L2", 1.8)
    hanging.converges("stress_L2", 0.8)
    hanging.converges("energy", 1.8)
    hanging.close()


bc.run("V201", test)
