"""Runs of several steps of the small case that are ended early and continued: their options, how far one got, and
whether it ended with the bytes of the run that was not ended.
"""

import pathlib

import program as p

STEPS = 6
# Views fall due between the steps of mechanics, so that a forgotten date of the next view shows.
OPTIONS = p.settings(p.COARSE, {"Regeneration/Duration [day]": 2 * STEPS, "Regeneration/Mechanics every [day]": 2,
                                "Output/Every [day]": 3, "Output/Checkpoint every [step]": 2,
                                "Output/State files": "all"})  # fmt: skip
LAST = [f"tissue_{STEPS:04d}.pvtu", f"mechanics_{STEPS:04d}.pvtu"]


def steps_done(folder):
    try:
        return pathlib.Path(folder, "run.jsonl").read_text(encoding="utf-8").count('"event":"step"')
    except OSError:
        return 0


def differences_of(one, other):
    rows = []
    for a, b in zip(one, other):
        rows += [f"row {a[:2]}: {x} is {y}" for x, y in zip(a, b) if x != y]
    return "; ".join(rows[:6]) + f" ({len(one)} and {len(other)} rows)"


def same_as_whole(check, folder, whole, what):
    for name in LAST:
        try:
            check(p.same_bytes(f"{folder}/{name}", f"{whole}/{name}"), f"{what}: {name} has the same bytes")
        except OSError as error:
            check(False, f"{what}: {name} exists", error)
    a, b = p.history(whole), p.history(folder)
    check(a == b, f"{what}: history.csv is the same", differences_of(a, b))
    pvd = [pathlib.Path(f, "wolff.pvd").read_bytes() for f in (whole, folder)]
    check(pvd[0] == pvd[1], f"{what}: wolff.pvd is the same", pvd[1].decode())
    for view in sorted(pathlib.Path(whole).glob("view_*.pvtu")):
        there = pathlib.Path(folder, view.name)
        check(there.exists() and p.same_bytes(view, there), f"{what}: {view.name} has the same bytes")


def whole_runs(wolff, case, check):
    """(ranks, folder, seconds) of the run that is not ended, on 1 and on 2 ranks; ends the test if one fails."""
    for ranks in (1, 2):
        folder = f"whole {ranks}"
        result = p.run(wolff, ["run", case, *OPTIONS, "--output", folder], ranks)
        if not check(result.code == 0, f"the whole run on {ranks} ranks", result.text()):
            check.finish()
        yield ranks, folder, result.seconds
