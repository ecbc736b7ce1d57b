"""V203 near-incompressible: the orders of V201 at a Poisson ratio close to 1/2, recorded. Fully integrated trilinear cells
are too stiff there, and the program says so above 0.49."""

# processors: 1

import box_cases as bc

CASE = "v203_near_incompressible"
LEAST = {0.45: 1.8, 0.49: 1.5, 0.499: 0.7}  # order of the displacement below which something has changed
LIMIT = 0.49  # above it the program warns


def test(study):
    for poisson, least in LEAST.items():
        series = study.series(f"uniform, nu = {poisson}", CASE, {n: bc.box((n, n, n), 1 / n) for n in (8, 16, 32)},
                              bc.constants(CASE, poisson=poisson))  # fmt: skip
        warned = all("near-incompressible" in run["said"] for run in series.runs)
        study.check(warned == (poisson > LIMIT), f"V203: warning at nu = {poisson}", series.runs[-1]["said"])
        series.converges("displacement_L2", least)
        series.converges("stress_L2", 0.8)
        series.note("iterations on the finest mesh", series.runs[-1]["iterations"], "recorded")
        series.close()


bc.run("V203", test)
