"""V309 solid sphere under a traction of the second harmonic, like a squeezed head: one eighth in voxels, a cubic
field. Loaded by the exact stress on the voxels' faces, and by the exact displacement of the staircase surface."""

# processors: 1

import box_cases as bc

CASE, EDGE = "v309_second_harmonic", 24
MOVED = bc.on_faces(["x+", "y+", "z+", "surface"],
                    {"Condition": "displacement", "Stress [MPa]": "", "Displacement [mm]": "ux; uy; uz"})  # fmt: skip


def test(study):
    corner = f"if(max(x, max(y, z)) < {EDGE / 2}, 1, 0)"
    for family, refined, settings in (("uniform", "", {}), ("uniform, surface moved", "", MOVED),
                                      ("corner octant finer", corner, {})):  # fmt: skip
        series = study.series(family, CASE, {n: bc.box((n, n, n), EDGE / n, refined) for n in (16, 32, 48)}, settings)
        series.converges("displacement_L2", 1.8)
        series.converges("stress_L2", 0.8)
        series.close()


bc.run("V309", test)
