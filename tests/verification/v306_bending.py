"""V306 pure bending: orders on uniform and refined meshes, and the known locking of cells that have no bending mode:
with n cubes through the depth and nu = 0 a beam whose end is turned takes 1 + 1 / (2 n^2) times the energy of Euler's
beam."""

# processors: 1

import box_cases as bc


def orders(study):
    for family, refined in (("uniform", ""), ("held end finer", "if(x < 10, 1, 0)")):
        meshes = {n: bc.box((4 * n, n // 2, n), 10 / n, refined) for n in (16, 32, 48)}
        series = study.series(family, "v306_bending", meshes)
        series.converges("displacement_L2", 1.8)
        series.converges("stress_L2", 0.8)
        series.close()


def locking(study):
    known = study.series("n cubes through the depth", "v306_locking",
                         {n: bc.box((8 * n, 8, 8), 10 / n) for n in (1, 2, 4, 8)})  # fmt: skip
    euler = 0.5 * 17000 * 10**4 / 12 * 1e-4**2 * 80  # E I curvature^2 length / 2
    for n, solved in zip(known.sizes, known.runs):
        ratio, exact = solved["strain_energy_Nmm"] / euler, 1 + 1 / (2 * n * n)
        study.check(abs(ratio / exact - 1) < 1e-9, f"V306: {n} cubes lock by {exact}", ratio)
        known.note(f"energy over Euler's, n = {n}", ratio, f"{exact:g}")
    known.close()


def test(study):
    orders(study)
    locking(study)


bc.run("V306", test)
