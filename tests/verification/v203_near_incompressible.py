"""V203 near-incompressible: orders of V201 at a Poisson ratio close to 1/2, recorded. Full integration of trilinear
cells locks in bending as 1/2 is approached; this field shows how much of the order is left."""

import box_cases as bc

CASE = "v203_near_incompressible"
LEAST = {0.45: 1.8, 0.49: 1.5, 0.499: 1.0}  # order of the displacement below which something has changed


def test(study):
    for poisson, least in LEAST.items():
        series = study.series(f"uniform, nu = {poisson}", CASE, {n: bc.box((n, n, n), 1 / n) for n in (8, 16, 32)},
                              bc.constants(CASE, poisson=poisson))  # fmt: skip
        series.converges("displacement_L2", least)
        series.converges("stress_L2", 0.8)
        series.note("iterations on the finest mesh", series.runs[-1]["iterations"], "recorded")
        series.close()


bc.run("V203", test)
