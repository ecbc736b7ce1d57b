"""V302 coated sphere with a jump of the moduli that is not on faces of voxels: the order of the displacement drops to
about 1 and that of the stress to 1/2, a property of voxels that is recorded. How the staircase happens to lie jitters
between neighbouring meshes, so that the order is taken over the whole range of sizes."""

# processors: 1

import box_cases as bc

CASE, EDGE = "v302_coated_sphere", 24


def test(study):
    corner = f"if(max(x, max(y, z)) < {EDGE / 2}, 1, 0)"
    for family, refined, sizes in (("uniform", "", (16, 32, 48)), ("corner octant finer", corner, (16, 32, 48))):
        series = study.series(family, CASE, {n: bc.box((n, n, n), EDGE / n, refined) for n in sizes})
        series.converges("displacement_L2", 0.6, first=0)
        series.converges("stress_L2", 0.3, first=0)
        series.close()


bc.run("V302", test)
