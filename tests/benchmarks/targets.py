"""What the measured figures are held against: for each a floor, which the program must keep, and an aim.

Nothing here measures. A figure that was not measured in this run says so instead of being carried over.
"""

import dataclasses

import measure
import solver_speed


@dataclasses.dataclass
class Target:
    figure: str
    measured: float | None
    floor: float | None
    aim: float
    unit: str = ""
    more_is_better: bool = False

    def reaches(self, goal):
        return self.measured >= goal if self.more_is_better else self.measured <= goal

    def verdict(self):
        if self.measured is None:
            return "not measured"
        if self.reaches(self.aim):
            return "aim met"
        if self.floor is None:
            return "aim not met"
        return "floor met" if self.reaches(self.floor) else "not met"

    def row(self):
        def text(value):
            return "" if value is None else f"{value:.3g} {self.unit}".strip()

        sign = ">=" if self.more_is_better else "<="
        return [self.figure, text(self.measured), f"{sign} {text(self.floor)}" if self.floor else "",
                f"{sign} {text(self.aim)}", self.verdict()]  # fmt: skip


def targets_of_solves(results):
    """From the results of solver_speed.solve_all()."""
    found = solver_speed.good(results)

    def of(problem, n, figure, ranks=1):
        one = found.get((problem, n, ranks))
        return None if one is None else figure(one)

    def time(problem, n):
        return of(problem, n, solver_speed.Solve.microseconds, ranks=2)

    def iterations(problem, n):
        return of(problem, n, lambda one: one.iterations)

    def grown(problem):
        ends = [iterations(problem, n) for n in (64, 256)]
        return None if None in ends else ends[1] / ends[0]

    sizes = sorted({n for _, n, _ in found})
    contrasts = [ratio for n in sizes if n >= 64 and (ratio := solver_speed.contrast_ratio(results, n)) is not None]
    shares = {f"{p}{n}": one.setup_share() for (p, n, r), one in found.items() if r == 1 and n == max(sizes)}
    worst = max(shares, key=shares.get, default="")
    us = "us an unknown"
    return [
        Target("a128, 2 ranks", time("a", 128), 1.5, 0.6, us),
        Target("b64, 2 ranks", time("b", 64), 1.0, 0.35, us),
        Target("b128, 2 ranks", time("b", 128), 1.0, 0.35, us),
        Target("b64, iterations", iterations("b", 64), 15, 11),
        Target("b128, iterations", iterations("b", 128), 15, 11),
        Target("c3_128, 2 ranks", time("c3", 128), 4, 1.5, us),
        Target("c128, iterations", iterations("c", 128), 150, 60),
        Target("a, iterations at 256^3 over those at 64^3", grown("a"), 1.2, 1.0),
        Target("b, iterations at 256^3 over those at 64^3", grown("b"), 1.2, 1.0),
        Target("most over fewest iterations, void and contrast 1e2 to 5.5e5", max(contrasts, default=None), 1.3, 1.2),
        Target("b256, memory", of("b", 256, solver_speed.Solve.bytes), 100, 65, "bytes an unknown"),
        Target(f"set-up over solve, greatest at the largest size{f' ({worst})' if worst else ''}", shares.get(worst),
               0.5, 0.25),
        Target("b256, 2 ranks against 1", solver_speed.speed_up(results, "b", 256), 1.8, 1.9, "times faster", True),
    ]  # fmt: skip


def targets_of_operator(uniform, refined):
    """Float applications on 128^3 and one core [GDoF/s]; None where another size was run."""
    return [Target("operator, float, 128^3, one core", uniform, 0.45, 1.0, "GDoF/s", True),
            Target("operator, float, refined, one core", refined, None, 0.7, "GDoF/s", True)]  # fmt: skip


def targets_of_second_solve(shares):
    """{problem: set-up and solve of the second over those of the first}; the femoral head changes as its tissue does."""
    return [Target(f"second solve over first, {problem}", share, 0.5, 0.25)
            for problem, share in shares.items()]  # fmt: skip


def targets_of_assembled(times):
    """How many times slower and larger the assembled solver is, or None."""
    slower, larger = times or (None, None)
    return [Target("b64, assembled solver: times slower", slower, 25, 80, more_is_better=True),
            Target("b64, assembled solver: times the memory, libraries apart", larger, 30, 60, more_is_better=True)]  # fmt: skip


def table(targets):
    head = ["figure", "measured", "floor", "aim", "verdict"]
    return measure.table(head, [target.row() for target in targets])
