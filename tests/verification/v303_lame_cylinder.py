"""V303 thick-walled cylinder in plane strain: a quarter of a slab between platens, exact displacement on the
staircase."""

# processors: 1

import box_cases as bc

CASE, EDGE = "v303_lame_cylinder", 20


def test(study):
    corner = f"if(max(x, y) < {EDGE / 2}, 1, 0)"
    for family, refined in (("uniform", ""), ("corner finer", corner)):
        series = study.series(family, CASE, {n: bc.box((n, n, 8), EDGE / n, refined) for n in (16, 32, 64)})
        series.converges("displacement_L2", 1.8)
        series.converges("stress_L2", 0.8)
        if not refined:
            series.converges("octahedral_shear_centres_L2", 1.8)
        series.close()


bc.run("V303", test)
