"""V202 material jumps of up to 1e4 on cell faces: errors in the norm weighted with Young's modulus as of an
independent trilinear solver, orders on uniform meshes and on one refined along an edge that crosses the jumps."""

# processors: 1

import box_cases as bc

CASE = "v202_octant_jump"


def test(study):
    uniform = study.series("uniform", CASE, {n: bc.box((n, n, n), 1 / n) for n in (8, 16, 32)})
    rows = [row for row in bc.table("mms_observed_errors_q1", 6) if row["case"] == "V202_octant_jump"]
    for row, n, solved in zip(rows, uniform.sizes, uniform.runs):
        assert int(row["N"]) == n
        for key, column in {"displacement_L2_weighted": "u_L2_rel_error", "energy": "energy_rel_error"}.items():
            wanted, found = float(row[column]), solved["errors"][key]
            study.check(abs(found / wanted - 1) < 0.01, f"V202 {n} cells: {key} as of an independent solver",
                        f"{found} and {wanted}")  # fmt: skip
    edge = "if(max(x, y) < 0.5, 1, 0)"
    hanging = study.series("edge finer", CASE, {n: bc.box((n, n, n), 1 / n, edge) for n in (16, 32, 48)})
    for series in (uniform, hanging):
        series.converges("displacement_L2_weighted", 1.8)
        series.converges("stress_L2", 0.8)
        series.converges("energy", 1.8)
        series.note("iterations on the finest mesh", series.runs[-1]["iterations"], "recorded")
        series.close()


bc.run("V202", test)
