#!/usr/bin/python3
"""Time, memory and iterations of `wolff solve` on the voxel problems that other codes of this field are measured on.

    solver_speed.py WOLFF [--large] [--quick] [--repeats 3] [--problems a,b] [--ranks 1,2]

prints a table of all solves, then what grows with size, with contrast and with ranks. Problems are made by
gen_voxel_problem.py, which lies beside the sources; without it the exit code is 77.
"""

import argparse
import dataclasses
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

import measure

EDGE, STRAIN, TOLERANCE = 0.05, 0.01, 1e-8  # voxel [mm], compression [-], residual over right-hand side [-]

GYROID = ["gyroid"]
BONE = ["trabecular", "--E", "15000", "--cell", "24"]
# name: (arguments of the generator, Young's moduli [MPa] of pore and solid, in words)
PROBLEMS = {
    "a": (GYROID, (0, 110000), "gyroid in void"),
    "b2": ([*GYROID, "--pore-E", "1100"], (1100, 110000), "gyroid, contrast 1e2"),
    "b4": ([*GYROID, "--pore-E", "11"], (11, 110000), "gyroid, contrast 1e4"),
    "b": ([*GYROID, "--pore-E", "0.2"], (0.2, 110000), "gyroid, contrast 5.5e5"),
    "c3": ([*BONE, "--frac", "0.3"], (0, 15000), "bone, 30 % solid, in void"),
    "c": (BONE, (0, 15000), "bone, 20 % solid, in void"),
    "cm": ([*BONE, "--pore-E", "2"], (2, 15000), "bone, 20 % solid, in marrow"),
}
LARGE = "a,b,b2,b4,c,c3,cm"  # at 256^3; c, c3 and cm take an hour, a,b,b2,b4 some minutes

CASE = """set Format version = 1
set Title          = {name}
subsection Geometry
  set Body = image
  subsection Image
    set File         = {name}.vti
    set Labels array = phase
    set Phases       = 0 {pore}; 1 {solid} 0.3
  end
end
subsection Problem
  subsection Faces
    subsection z-
      set Condition = clamped
    end
    subsection z+
      set Condition         = displacement
      set Displacement [mm] = 0; 0; {moved}
    end
  end
end
subsection Solver
  set Tolerance [-] = {tolerance}
end
subsection Output
  set Fields = none
end
"""


@dataclasses.dataclass
class Solve:
    """One problem on one number of ranks: medians of the repeats."""

    unknowns: int  # displacement components that are free and have stiffness
    iterations: int
    setup_seconds: float  # from the start of the program to the first residual
    solve_seconds: float
    total_seconds: float
    peak_bytes: int  # of the whole program, all ranks together
    residual: float
    reaction: float  # on the clamped plate, along z [N]
    instruction_set: str

    def microseconds(self):
        return 1e6 * self.solve_seconds / self.unknowns

    def bytes(self):
        return self.peak_bytes / self.unknowns

    def setup_share(self):
        return self.setup_seconds / self.solve_seconds


def require_generator():
    if not measure.GENERATOR.is_file():
        print(f"skipped: {measure.GENERATOR.name} is not in {measure.GENERATOR.parent}; it makes the voxel problems")
        sys.exit(measure.SKIPPED)


def generate(problem, n, folder, extra=()):
    """Image and case file in `folder`; the path of the case."""
    arguments, (pore, solid), _ = PROBLEMS[problem]
    name = f"{problem}{n}"
    subprocess.run([sys.executable, str(measure.GENERATOR), *arguments, "-n", str(n), "-o", name, *extra],
                   cwd=folder, check=True, stdout=subprocess.DEVNULL)  # fmt: skip
    case = pathlib.Path(folder, f"{name}.prm")
    case.write_text(CASE.format(name=name, pore=f"{pore} 0.3" if pore else "void", solid=solid,
                                moved=-STRAIN * n * EDGE, tolerance=TOLERANCE), encoding="utf-8")  # fmt: skip
    return case


def solve(wolff, case, ranks, repeats=1, options=()):
    """A Solve, or the reason why there is none."""
    folder, found = case.parent / f"out_{case.stem}", []
    words = [arg for option in options for arg in ("--set", option)]
    for _ in range(repeats):
        child = measure.run(measure.on_ranks([wolff, "solve", case, "--output", folder, *words], ranks), case.parent)
        if child.code != 0:
            return child.reason()
        found.append(json.loads((folder / "summary.json").read_text(encoding="utf-8"))["solve"])
    middle = {key: statistics.median(one[key] for one in found)
              for key in ("setup_seconds", "solve_seconds", "total_seconds", "peak_bytes")}  # fmt: skip
    last = found[-1]
    return Solve(unknowns=last["n_unknowns"], iterations=last["iterations"], residual=last["residual"],
                 reaction=last["reaction_N"]["z-"][2], instruction_set=last["instruction_set"], **middle)  # fmt: skip


def remove_files(folder, name):
    for file in pathlib.Path(folder).glob(f"{name}.*"):
        file.unlink()


def solve_all(wolff, plan, repeats, folder):
    """{(problem, n, ranks): Solve or reason} of plan [(problem, n, ranks)]; images are made once and then removed."""
    results = {}
    for problem, n in dict.fromkeys((problem, n) for problem, n, _ in plan):
        case = generate(problem, n, folder)
        for ranks in [r for p, m, r in plan if (p, m) == (problem, n)]:
            measure.say(f"{problem} {n}^3 on {ranks} rank(s)")
            results[problem, n, ranks] = solve(wolff, case, ranks, 1 if n > 128 else repeats)
        remove_files(folder, f"{problem}{n}")
    return results


def good(results):
    return {key: one for key, one in results.items() if isinstance(one, Solve)}


def solve_table(results):
    rows = []
    for (problem, n, ranks), one in results.items():
        label = [problem, f"{n}^3", ranks]
        if not isinstance(one, Solve):
            rows.append([*label, one, *[""] * 7])
            continue
        rows.append([*label, one.unknowns, one.iterations, f"{one.microseconds():.2f}", f"{one.solve_seconds:.2f}",
                     f"{one.setup_share():.2f}", f"{one.bytes():.0f}", f"{one.residual:.1e}",
                     f"{one.reaction:.7g}"])  # fmt: skip
    head = ["problem", "voxels", "ranks", "unknowns", "iterations", "solve [us an unknown]", "solve [s]",
            "set-up / solve", "bytes an unknown", "residual", "reaction [N]"]  # fmt: skip
    return measure.table(head, rows)


def growth(results, problem):
    """Iterations on one rank by size, and largest over smallest size; None with fewer than two sizes."""
    of_size = {n: one.iterations for (p, n, r), one in sorted(good(results).items()) if p == problem and r == 1}
    sizes = sorted(of_size)
    return of_size, (of_size[sizes[-1]] / of_size[sizes[0]] if len(sizes) > 1 else None)


def growth_table(results):
    sizes = sorted({n for _, n, _ in results})
    rows = []
    for problem in dict.fromkeys(p for p, _, _ in results):
        of_size, ratio = growth(results, problem)
        rows.append([problem, *(of_size.get(n, "") for n in sizes), f"{ratio:.2f}" if ratio else ""])
    return measure.table(["iterations", *(f"{n}^3" for n in sizes), "largest / smallest size"], rows)


CONTRASTS = ("a", "b2", "b4", "b")


def contrast_ratio(results, n):
    """Most over fewest iterations over all contrasts at one size, or None if one is missing."""
    every = [good(results).get((problem, n, 1)) for problem in CONTRASTS]
    if None in every:
        return None
    counts = [one.iterations for one in every]
    return max(counts) / min(counts)


def contrast_table(results):
    rows = []
    for n in sorted({n for _, n, _ in results}):
        ratio = contrast_ratio(results, n)
        if ratio is None:
            continue
        rows.append([f"{n}^3", *(results[problem, n, 1].iterations for problem in CONTRASTS), f"{ratio:.2f}"])
    return measure.table(["iterations", "void", "1e2", "1e4", "5.5e5", "most / fewest"], rows)


def speed_up(results, problem, n, what="solve_seconds"):
    one, two = (good(results).get((problem, n, ranks)) for ranks in (1, 2))
    return getattr(one, what) / getattr(two, what) if one and two else None


def rank_table(results):
    rows = []
    for problem, n in dict.fromkeys((p, n) for p, n, _ in results):
        ups = [speed_up(results, problem, n, what) for what in ("solve_seconds", "setup_seconds")]
        if None in ups:
            continue
        one, two = results[problem, n, 1], results[problem, n, 2]
        rows.append([problem, f"{n}^3", *(f"{up:.2f}" for up in ups), measure.ratio(two.peak_bytes, one.peak_bytes),
                     f"{abs(two.reaction / one.reaction - 1):.1e}"])  # fmt: skip
    head = ["2 ranks against 1", "voxels", "solve, times faster", "set-up, times faster", "memory, times as much",
            "reaction, relative difference"]  # fmt: skip
    return measure.table(head, rows)


def plan_of(problems, sizes, ranks, large=()):
    plan = [(problem, n, r) for n in sizes for problem in problems for r in ranks]
    return plan + [(problem, 256, r) for problem in large for r in ranks]


def problem_list():
    return measure.table(["problem", "what it is"], [[name, words] for name, (_, _, words) in PROBLEMS.items()])


def tables(results):
    return (problem_list() + solve_table(results) + growth_table(results) + contrast_table(results)
            + rank_table(results))  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wolff", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true", help="64^3 only")
    parser.add_argument("--sizes", default="64,128", help="voxels along an edge, multiples of 8")
    parser.add_argument("--large", nargs="?", const=LARGE, help=f"256^3 too: these problems (default {LARGE}), once")
    parser.add_argument("--problems", default=",".join(PROBLEMS))
    parser.add_argument("--ranks", default="1,2")
    parser.add_argument("--repeats", type=int, default=3, help="of each solve up to 128^3; the median is printed")
    options = parser.parse_args()
    require_generator()
    sizes = [64] if options.quick else [int(n) for n in options.sizes.split(",")]
    large = options.large.split(",") if options.large else []
    plan = plan_of(options.problems.split(","), sizes, [int(r) for r in options.ranks.split(",")], large)
    with tempfile.TemporaryDirectory() as folder:
        results = solve_all(options.wolff.resolve(), plan, options.repeats, folder)
    print(tables(results), end="")
    return 0 if len(good(results)) == len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
