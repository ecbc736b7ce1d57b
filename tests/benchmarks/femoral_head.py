#!/usr/bin/python3
"""The case of the quickstart, a whole femoral head with a resolved rod: what do its first and its second step cost?

    femoral_head.py WOLFF [--ranks 1,2]

Runs two steps of scripts/cases/quickstart.prm and reads the record of the run. Unknowns are three for each node of the
bricks, those in void included: the run's record holds no other count.
"""

import argparse
import json
import pathlib
import sys
import tempfile

import measure

CASE = measure.ROOT / "scripts" / "cases" / "quickstart.prm"
# Two steps instead of four; the fields are written but at the end.
SETTINGS = ("Regeneration/Duration [day]=14", "Regeneration/Mechanics every [day]=7", "Output/Every [day]=14")


def run(wolff, ranks, folder):
    """[(step, event of run.jsonl)] and run.json, or the reason why there is none."""
    words = [word for setting in SETTINGS for word in ("--set", setting)]
    output = pathlib.Path(folder, f"on_{ranks}")
    measure.say(f"femoral head on {ranks} rank(s)")
    # From the top folder, as the quickstart does.
    child = measure.run(measure.on_ranks([wolff, "run", CASE, "--output", output, *words], ranks), measure.ROOT)
    if child.code != 0:
        return child.reason()
    lines = (output / "run.jsonl").read_text(encoding="utf-8").splitlines()
    events = [event for event in map(json.loads, lines) if event["event"] == "step"]
    return events, json.loads((output / "run.json").read_text(encoding="utf-8"))


HEAD = ["ranks", "step", "unknowns", "iterations", "set-up [s]", "solve [s]", "solve [us an unknown]",
        "iterations of the first", "set-up and solve of the first", "bytes an unknown", "residual"]  # fmt: skip


def rows_of(ranks, found):
    if isinstance(found, str):
        return [[ranks, found, *[""] * (len(HEAD) - 2)]]
    events, record = found
    unknowns, first, rows = 3 * record["nodes"], events[0], []
    for event in events:
        seconds, of_first = (e["setup_seconds"] + e["solve_seconds"] for e in (event, first))
        rows.append([ranks, f"{event['step']:g}", unknowns, f"{event['iterations']:g}", f"{event['setup_seconds']:.2f}",
                     f"{event['solve_seconds']:.2f}", f"{1e6 * event['solve_seconds'] / unknowns:.2f}",
                     measure.ratio(event["iterations"], first["iterations"]), measure.ratio(seconds, of_first),
                     f"{record['peak_memory_bytes'] / unknowns:.0f}", f"{event['residual']:.1e}"])  # fmt: skip
    return rows


def compare(wolff, rank_counts, folder):
    """The table, and set-up and solve of the second step over those of the first on the last number of ranks."""
    rows, share = [], None
    for ranks in rank_counts:
        found = rows_of(ranks, run(wolff, ranks, folder))
        rows += found
        share = float(found[1][8]) if len(found) > 1 else None
    return measure.table(HEAD, rows), share


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wolff", type=pathlib.Path)
    parser.add_argument("--ranks", default="1,2")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(compare(options.wolff.resolve(), [int(r) for r in options.ranks.split(",")], folder)[0], end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
