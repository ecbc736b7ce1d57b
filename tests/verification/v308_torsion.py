"""V308 torsion. Ellipse and circle: the field is bilinear in every plane, so that any mesh holds it to rounding.
Rectangle with free sides and ends free to warp: the torque, twice the energy over the twist, against the series."""

# processors: 1

import box_cases as bc

ROUNDING = 1e-10  # after a solve to 1e-12
TWIST = 1e-3


def sections(study):
    for family, semi, refined in (("circle", (6, 6), ""), ("ellipse", (9, 6), ""),
                                  ("ellipse, corner finer", (9, 6), "if(max(x, y) < 0, 1, 0)")):  # fmt: skip
        series = study.series(family, "v308_ellipse", {n: bc.box((n, n, 8), 20 / n, refined) for n in (16, 32)},
                              bc.constants("v308_ellipse", semi_x=semi[0], semi_y=semi[1]))  # fmt: skip
        for key in ("displacement_L2", "stress_L2", "octahedral_shear_L2"):
            worst = max(series.values(key))
            study.check(worst < ROUNDING, f"V308 {family}: {bc.LABELS[key]} exact to rounding", worst)
            series.note(f"{bc.LABELS[key]}: error", worst, f"< {ROUNDING:g}")
        series.close()


def rectangles(study):
    torque_of = {row["problem"]: float(row["value"]) for row in bc.table("beams_and_torsion", 21)
                 if row["quantity"] == "torque_Nmm"}  # fmt: skip
    for aspect in (1, 2, 3):
        problem = f"torsion_rect_{10 * aspect}x10"
        for family, refined in ((f"rectangle {10 * aspect} x 10", ""),
                                (f"rectangle {10 * aspect} x 10, long side finer", "if(y > 2.5, 1, 0)")):  # fmt: skip
            if refined and aspect != 2:
                continue
            meshes = {n: bc.box((aspect * n, n, 8), 5 / n, refined) for n in ((16, 32, 48) if refined else (8, 16, 32))}
            series = study.series(family, "v308_rectangle", meshes)
            # A quarter of the rod, 8 voxels long: work of the torque = torque * twist * length / 2.
            errors = [4 * 2 * run["strain_energy_Nmm"] / (TWIST * 8 * 5 / n) / torque_of[problem] - 1
                      for n, run in zip(series.sizes, series.runs)]  # fmt: skip
            found = bc.order(errors[-2], errors[-1], series.sizes[-1] / series.sizes[-2])
            study.check(all(error > 0 for error in errors), f"V308 {family}: torque from above", errors)
            study.check(found >= 1.8, f"V308 {family}: order of the torque", (found, errors))
            study.check(errors[-1] < 0.002, f"V308 {family}: torque within 0.2 % of the series", errors)
            series.note("torque: error", errors[-1], "< 0.002")
            series.note("torque: order", found, ">= 1.8")
            series.close()


def test(study):
    sections(study)
    rectangles(study)


bc.run("V308", test)
