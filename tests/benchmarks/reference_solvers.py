#!/usr/bin/python3
"""The same voxel problems by other means: our own assembled matrix with conjugate gradients and algebraic multigrid, and
CalculiX (`ccx`, Debian package calculix-ccx) by its direct and its iterative solver.

    reference_solvers.py WOLFF [--quick] [--limit SECONDS]

Time is that of the whole program, for both sides, and so is memory. The last column leaves out what the program takes
before it solves anything, libraries most of all: its memory on a cube of 16 voxels along an edge, where unknowns take a
few MB. What is not there, or not finished in time, is a row that says so.
"""

import argparse
import pathlib
import re
import shutil
import sys
import tempfile

import measure
import solver_speed

ASSEMBLED = "Solver/Method=assembled"
CALCULIX = (("a", 32, "SPOOLES"), ("b", 32, "SPOOLES"), ("a", 48, "ITERATIVESCALING"), ("b", 48, "ITERATIVESCALING"))
HEAD = ["problem", "solver", "time [s]", "us an unknown", "bytes an unknown", "reaction [N]", "reaction against ours",
        "times slower", "times the memory", "times, libraries apart"]  # fmt: skip


def row_of_ours(name, ours):
    return [name, "brick multigrid", f"{ours.total_seconds:.2f}", f"{1e6 * ours.total_seconds / ours.unknowns:.2f}",
            f"{ours.bytes():.0f}", f"{ours.reaction:.7g}", "", 1, 1, 1]  # fmt: skip


def row_of_other(name, solver, ours, seconds, peak_bytes, reaction, net=""):
    return [name, solver, f"{seconds:.2f}", f"{1e6 * seconds / ours.unknowns:.2f}", f"{peak_bytes / ours.unknowns:.0f}",
            f"{reaction:.7g}", f"{reaction / ours.reaction - 1:+.1e}", f"{seconds / ours.total_seconds:.1f}",
            f"{peak_bytes / ours.peak_bytes:.1f}", net]  # fmt: skip


def empty_row(name, solver, reason):
    return [name, solver, reason, *[""] * (len(HEAD) - 3)]


def calculix_reaction(dat):
    """Force along z on the nodes of the clamped plate, from the totals that the deck asks for."""
    number = r"([-+]?\d+\.\d+E[-+]\d+)"
    found = re.search(r"total force .* for set BOT and time.*\s+" + r"\s+".join([number] * 3), dat)
    return float(found[3]) if found else None


def calculix(problem, n, method, ours, folder, limit):
    name, solver = f"{problem}{n}", f"CalculiX {method}"
    if shutil.which("ccx") is None:
        return empty_row(name, solver, "no ccx: apt-get install calculix-ccx")
    solver_speed.generate(problem, n, folder, ["--inp", method, "--no-vti"])
    measure.say(f"{name}, {solver}")
    child = measure.run(["ccx", "-i", name], folder, limit)
    dat = pathlib.Path(folder, f"{name}.dat")
    reaction = calculix_reaction(dat.read_text(encoding="utf-8")) if dat.is_file() else None
    solver_speed.remove_files(folder, name)
    if child.code != 0 or reaction is None:
        return empty_row(name, solver, child.reason())
    return row_of_other(name, solver, ours, child.seconds, child.peak_bytes, reaction)


def program_alone(wolff, folder):
    """Peak memory of the program with next to nothing to solve [bytes]."""
    found = solver_speed.solve(wolff, solver_speed.generate("b", 16, folder), 1)
    solver_speed.remove_files(folder, "b16")
    return found.peak_bytes if isinstance(found, solver_speed.Solve) else 0


def assembled(wolff, problem, n, ours, alone, folder):
    """A row, and how many times slower and larger (libraries apart), or None."""
    name, solver = f"{problem}{n}", "assembled, CG with algebraic multigrid"
    measure.say(f"{name}, {solver}")
    case = solver_speed.generate(problem, n, folder)
    found = solver_speed.solve(wolff, case, 1, options=[ASSEMBLED])
    solver_speed.remove_files(folder, name)
    if not isinstance(found, solver_speed.Solve):
        is_missing = "unknown-option" in found
        return empty_row(name, solver, "skipped: this program has no " + ASSEMBLED if is_missing else found), None
    larger = (found.peak_bytes - alone) / (ours.peak_bytes - alone)
    times = (found.total_seconds / ours.total_seconds, larger)
    row = row_of_other(name, solver, ours, found.total_seconds, found.peak_bytes, found.reaction, f"{larger:.1f}")
    return row, times


def compare(wolff, quick, limit, folder):
    """The table, and how many times slower and larger the assembled solver is on b64 (None: not measured)."""
    rows, times = [], None
    alone = program_alone(wolff, folder)
    for problem, n in dict.fromkeys([("a", 64), ("b", 64), *((p, n) for p, n, _ in CALCULIX)]):
        if quick and n == 48 or (problem, n) == ("a", 64) and quick:
            continue
        name = f"{problem}{n}"
        case = solver_speed.generate(problem, n, folder)
        ours = solver_speed.solve(wolff, case, 1, repeats=3)
        solver_speed.remove_files(folder, name)
        if not isinstance(ours, solver_speed.Solve):
            rows.append(empty_row(name, "brick multigrid", ours))
            continue
        rows.append(row_of_ours(name, ours))
        if n == 64:
            row, found = assembled(wolff, problem, n, ours, alone, folder)
            rows.append(row)
            times = found if problem == "b" else times
        for method in [m for p, size, m in CALCULIX if (p, size) == (problem, n)]:
            rows.append(calculix(problem, n, method, ours, folder, limit))
    words = f"The program alone takes {alone / 1e6:.0f} MB.\n\n"
    return words + measure.table(HEAD, rows), times


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wolff", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true", help="b64 and the direct solver at 32^3 only")
    parser.add_argument("--limit", type=float, default=300, help="seconds that CalculiX gets for one problem")
    options = parser.parse_args()
    solver_speed.require_generator()
    with tempfile.TemporaryDirectory() as folder:
        print(compare(options.wolff.resolve(), options.quick, options.limit, folder)[0], end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
