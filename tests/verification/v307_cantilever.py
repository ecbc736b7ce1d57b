"""V307 cantilever with an end load, nu = 0: a slab of it, the shear traction on its end, on uniform and refined
meshes."""

# processors: 1

import box_cases as bc

CASE, DEPTH = "v307_cantilever", 12


def test(study):
    for family, refined in (("uniform", ""), ("root finer", "if(x < 24, 1, 0)")):
        meshes = {n: bc.box((4 * n, n, 8), DEPTH / n, refined) for n in (8, 16, 32)}
        series = study.series(family, CASE, meshes)
        series.converges("displacement_L2", 1.8)
        series.converges("stress_L2", 0.8)
        series.close()


bc.run("V307", test)
