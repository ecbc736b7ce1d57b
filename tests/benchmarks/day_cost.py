#!/usr/bin/python3
"""What does a day of loads cost? The quickstart's head under one load, under ten, and under one load with interstitial flow
in a ramp of five substeps; times of set-up and solve, over those of the first solve of the same run or of the plain one.

    day_cost.py WOLFF [--ranks 2]
"""

import argparse
import json
import pathlib
import sys
import tempfile

import femoral_head
import measure

# Ten cases of the ten subjects; the second step starts each from its own former displacement.
VARIANTS = {
    "one load": (),
    "ten loads": ("Loads/Load set=ten subjects",),
    "one load, flow in 5 substeps": ("Pores/Fluid=ramp", "Pores/Substeps [-]=5",
                                     "Pores/Inadmissible constants=clamp"),
}  # fmt: skip
HEAD = ["what", "step", "iterations", "set-up [s]", "solve [s]", "over the first solve of one load",
        "over the warm solve of one load", "memory [GB]"]  # fmt: skip


def events_of(wolff, ranks, options, folder):
    words = [word for setting in (*femoral_head.SETTINGS, *options) for word in ("--set", setting)]
    child = measure.run(measure.on_ranks([wolff, "run", femoral_head.CASE, "--output", folder, *words], ranks),
                        measure.ROOT)  # fmt: skip
    if child.code != 0:
        return child.reason(), 0
    lines = (folder / "run.jsonl").read_text(encoding="utf-8").splitlines()
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return [e for e in map(json.loads, lines) if e["event"] == "step"], record["peak_memory_bytes"]


def table(wolff, ranks, scratch):
    rows, plain = [], None
    for name, options in VARIANTS.items():
        measure.say(f"{name} on {ranks} rank(s)")
        events, memory = events_of(wolff, ranks, options, pathlib.Path(scratch, name.replace(" ", "_")))
        if isinstance(events, str):
            rows.append([name, events, *[""] * (len(HEAD) - 2)])
            continue
        times = [event["setup_seconds"] + event["solve_seconds"] for event in events]
        plain = plain or times
        for event, time in zip(events, times, strict=True):
            rows.append([name, f"{event['step']:g}", f"{event['iterations']:g}", f"{event['setup_seconds']:.2f}",
                         f"{event['solve_seconds']:.2f}", measure.ratio(time, plain[0]),
                         measure.ratio(time, plain[1]), f"{memory / 1e9:.2f}"])  # fmt: skip
    return measure.table(HEAD, rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wolff", type=pathlib.Path)
    parser.add_argument("--ranks", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        print(table(options.wolff.resolve(), options.ranks, scratch), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
