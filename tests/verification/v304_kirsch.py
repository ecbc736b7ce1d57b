"""V304 hole in a plate under tension, plane strain (Kirsch): a quarter of a slab between platens, the exact stress
times the normals of the voxels' faces on the staircase of the hole and on the outer faces."""

# processors: 1

import box_cases as bc

CASE, EDGE = "v304_kirsch", 12


def test(study):
    # The hole ends on a face of a voxel on all meshes: its staircase is of one kind.
    corner = "if(max(x, y) < 8.1, 1, 0)"
    for family, refined in (("uniform", ""), ("hole finer", corner)):
        series = study.series(family, CASE, {n: bc.box((n, n, 8), EDGE / n, refined) for n in (24, 48, 96)})
        series.converges("displacement_L2", 1.8)
        series.converges("stress_L2", 0.8)
        series.close()


bc.run("V304", test)
