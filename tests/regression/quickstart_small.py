"""End results of the coarse head against stored ones. A change that moves them on purpose rewrites the table,

    PYTHONPATH=tests/support tests/regression/quickstart_small.py PROGRAM --write

and says in the change log by how much and why.
"""

import csv
import json
import pathlib
import shutil
import sys

import program as p

REFERENCE = pathlib.Path(__file__).with_name("small_case_reference.json")
# The solver stops at 1e-8 of the load; measures of displacement and stress follow within a hundred times that, on any
# number of ranks. Rates of healing are smooth in the stimulus, so what has grown by the end is no more sensitive.
RELATIVE = 1e-6
MORE_ITERATIONS = 3  # a start or a sum in other order; more means that the preconditioner has become worse
COMPARED = {
    "apparent_stiffness_N_per_mm": RELATIVE,
    "volume_lesion_mm3": 1e-12,  # geometry alone: rounding
    "volume_scaffold_pore_mm3": 1e-12,
    "bone_fraction_lesion": RELATIVE,
    "bone_fraction_scaffold_pore": RELATIVE,
    "bone_fraction_healing_domain": RELATIVE,
    "granulation_fraction_track": RELATIVE,
    "msc_total": RELATIVE,
    "phenotype_share_mature_bone": 1e-4,  # a share of cells: one of ten thousand may lie on a threshold
    "von_mises_p99_scaffold_MPa": RELATIVE,
    "von_mises_p99_host_bone_MPa": RELATIVE,
    "principal_strain_compression_p99_cancellous_head": RELATIVE,
    "strain_risk_index_p99_head": RELATIVE,
}


def results(wolff, case, ranks):
    """Last row of history.csv, and the iterations of the first and of all solves."""
    result = p.run(wolff, ["run", case, "--output", f"on {ranks}"], ranks)
    if result.code != 0:
        return None, result
    with open(f"on {ranks}/history.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    values = {name: float(rows[-1][name]) for name in ("day", *COMPARED)}
    iterations = [int(float(row["solver_iterations"])) for row in rows]
    return values | {"iterations_of_first_solve": iterations[0], "iterations_in_all": sum(iterations)}, result


def main():
    wolff, check = p.program(), p.Checks()
    with p.scratch_folder():
        case = shutil.copy(p.SMALL_CASE, "small case.prm")
        values, result = results(wolff, case, 2)
    if not check(values is not None, "the small case runs", result.text()):
        check.finish()
    print(f"the small case took {result.seconds:.1f} s on 2 ranks")
    if "--write" in sys.argv[2:]:
        REFERENCE.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
        print(f"written: {REFERENCE}")
        return
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    check(values["day"] == reference["day"], "the run ends on the same day", values["day"])
    for name, tolerance in COMPARED.items():
        difference = abs(values[name] - reference[name]) / max(abs(reference[name]), 1e-300)
        check(difference <= tolerance, f"{name} is the stored one within {tolerance:g}",
              f"{values[name]!r} for {reference[name]!r}, relative difference {difference:.2e}")  # fmt: skip
    check(values["bone_fraction_lesion"] > 0, "bone has grown at all")
    first, total = (values[key] - reference[key] for key in ("iterations_of_first_solve", "iterations_in_all"))
    check(first <= MORE_ITERATIONS, "iterations of the first solve", f"{first} more")
    solves = 7  # each start differs by rounding only, so half the allowance of one solve is plenty
    check(total <= solves * MORE_ITERATIONS / 2, "iterations of all solves", f"{total} more")
    check.finish()


if __name__ == "__main__":
    main()
