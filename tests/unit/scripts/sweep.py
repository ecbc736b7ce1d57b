"""scripts/sweep with a stand-in for the program: the whole grid is run, failures stay in the table with their reason,
finished rows are not run again, a changed case is, USR1 stops with 75, and nothing goes through a shell."""

# processors: 1

import csv
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

SWEEP = pathlib.Path(__file__).resolve().parents[3] / "scripts" / "sweep"

# Writes its end point 100 / fraction; refuses a fraction of 0.3; waits for USR1 if WAIT is set. One line per call.
STAND_IN = """#!/usr/bin/python3
import json, os, signal, sys, time
stopped = []
signal.signal(signal.SIGUSR1, lambda *_: stopped.append(True))
output = sys.argv[sys.argv.index("--output") + 1]
settings = [sys.argv[i + 1] for i, word in enumerate(sys.argv) if word == "--set"]
fraction = float(settings[0].split("=")[1])
os.makedirs(output, exist_ok=True)
with open("calls.txt", "a") as calls:
    calls.write("|".join(sys.argv[1:]) + "\\n")
for _ in range(500 if "WAIT" in os.environ else 0):  # ten seconds at most
    time.sleep(0.02)
    if stopped:
        sys.exit(75)
if fraction == 0.3:
    print("error[3:modulus-range] case.prm: made up", file=sys.stderr)
    print("kept: nothing")
    sys.exit(3)
with open(output + "/summary.json", "w") as file:
    json.dump({"scaffold": {"peak": 100 / fraction}}, file)
"""

GRID = ["--vary", "A/Solid fraction [-]=0.2,0.3,0.4", "--vary", "B/Text=plain;$(touch shell_ran) & 'x'",
        "--rank-by", "scaffold/peak"]  # fmt: skip


def sweep(*arguments):
    return subprocess.run(
        [SWEEP, "case file.prm", "--program", "./stand in", "--output", "out", *arguments],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def calls():
    return pathlib.Path("calls.txt").read_text(encoding="utf-8").splitlines()


def check(condition, sentence):
    if not condition:
        sys.exit(f"failed: {sentence}")


def main():
    pathlib.Path("stand in").write_text(STAND_IN, encoding="utf-8")
    os.chmod("stand in", 0o755)
    pathlib.Path("case file.prm").write_text("include base.prm\n", encoding="utf-8")
    pathlib.Path("base.prm").write_text("set X = 1\n", encoding="utf-8")

    outcome = sweep(*GRID)
    check(outcome.returncode == 1, "a sweep with failed rows does not return 0")
    check(len(calls()) == 6, "every combination is run once")
    check(not pathlib.Path("shell_ran").exists(), "values never reach a shell")
    with open("out/sweep.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    peaks = [row["scaffold/peak"] for row in rows]
    check(peaks == ["250.0"] * 2 + ["500.0"] * 2 + [""] * 2, "the least is ranked first, failed rows last")
    check(rows[-1]["exit_code"] == "3", "a failed row keeps its exit code")
    check(rows[-1]["message"] == "error[3:modulus-range] case.prm: made up", "a failed row keeps its error line")
    check(all(pathlib.Path("out", row["folder"]).is_dir() for row in rows), "each row has a folder of its own")
    check("$" not in "".join(os.listdir("out")), "folder names are safe")

    sweep(*GRID)
    check(len(calls()) == 8, "only the two failed rows are run again")
    check(all("--restart|auto" in call for call in calls()[6:]), "a row begun before restarts")
    check(sweep(*GRID, "--row", "2").returncode == 3, "a single row ends with the exit code of its run")
    check(sweep(*GRID, "--rank-by", "absent").returncode == 2, "an unknown key to rank by is an error")

    pathlib.Path("base.prm").write_text("set X = 2\n", encoding="utf-8")
    before = len(calls())
    check("0 of 6 finished" in sweep(*GRID, "--collect").stdout, "rows of a changed case do not count as finished")
    check(len(calls()) == before, "--collect runs nothing")
    sweep("--vary", "A/Solid fraction [-]=0.2", "--set", "C=1")
    check("--overwrite" in calls()[-1] and "--restart" not in calls()[-1], "a folder of other settings is replaced")

    waiting = subprocess.Popen(
        [SWEEP, "case file.prm", "--program", "./stand in", "--output", "waiting", "--vary", "A=1,2"],
        env=dict(os.environ, WAIT="1"), stdout=subprocess.DEVNULL,
    )  # fmt: skip
    before = len(calls())
    for _ in range(500):
        if len(calls()) > before:
            break
        time.sleep(0.02)
    waiting.send_signal(signal.SIGUSR1)
    check(waiting.wait(timeout=30) == 75, "USR1 reaches the run, and the sweep stops with 75")
    check(len(calls()) == before + 1, "no further row is begun after USR1")
    print("all held")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        main()
