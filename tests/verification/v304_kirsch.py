"""V304 hole in a plate under tension, plane strain (Kirsch): a quarter of a slab between platens, the exact stress
times the normals of the voxels' faces on the staircase of the hole and on the outer faces."""

import box_cases as bc

CASE, EDGE = "v304_kirsch", 12


def test(study):
    corner = f"if(max(x, y) < {EDGE / 2}, 1, 0)"
    for family, refined in (("uniform", ""), ("hole finer", corner)):
        series = study.series(family, CASE, {n: bc.box((n, n, 8), EDGE / n, refined) for n in (16, 32, 64)})
        series.converges("displacement_L2", 1.8)
        series.converges("stress_L2", 0.8)
        series.close()


bc.run("V304", test)
