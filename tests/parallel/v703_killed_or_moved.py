"""V703: a run that is killed at any moment and continued ends with the bytes of the run that was not; continued on
another number of ranks it ends within 1e-9."""

import json
import os
import pathlib
import random
import shutil
import signal
import time

import program as p
from restarted_runs import LAST, OPTIONS, same_as_whole, steps_done, whole_runs

np = p.np


def near_whole(check, folder, whole, what):
    """Continued on other ranks: sums in other order, so the iterations stop elsewhere within the tolerance of the
    solver. 1e-9 of the largest value needs that at 2e-12."""
    for name in LAST:
        a, b = p.load_pvtu_arrays(f"{whole}/{name}"), p.load_pvtu_arrays(f"{folder}/{name}")
        check(np.array_equal(a["cell_id"], b["cell_id"]), f"{what}: cell ids of {name}")
        for array in a:
            if a[array].dtype.kind == "f":
                size = np.abs(a[array]).max() or 1.0
                difference = np.abs(a[array] - b[array]).max() / size
                check(difference < 1e-9, f"{what}: {array} of {name}", f"relative difference {difference:.2e}")


def ended(process):
    try:
        return ") Z " in pathlib.Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return True


def killed(wolff, case, ranks, check, whole, seconds):
    """KILL one of the ranks at a random moment between the start and the usual end."""
    seed = int.from_bytes(os.urandom(4), "little")
    moment = random.Random(seed).uniform(0.3, 0.95) * seconds
    folder = f"killed {ranks} {seed}"
    what = f"killed after {moment:.2f} s on {ranks} ranks"
    began = time.monotonic()
    process = p.start(wolff, ["run", case, *OPTIONS, "--output", folder], ranks)
    time.sleep(moment)
    victim = process.pid
    if ranks > 1:
        children = pathlib.Path(f"/proc/{victim}/task/{victim}/children")
        pids = children.read_text(encoding="utf-8").split() if children.exists() else []
        victim = int(pids[-1]) if pids else victim
    at = time.monotonic()
    if process.poll() is None:
        os.kill(victim, signal.SIGKILL)
    result = p.wait(process, began)
    print(f"{what}: exit {result.code}, {steps_done(folder)} steps were done")
    check(result.code in (0, -9, 137), f"{what}: the exit code of a killed run", result.text())
    holder = pathlib.Path(folder, "run.lock")
    if holder.exists():  # mpirun may end a moment before the last of its ranks
        process = json.loads(holder.read_text(encoding="utf-8"))["process"]
        while not ended(process) and time.monotonic() - at < 20:
            time.sleep(0.05)
    check(time.monotonic() - at < 10, f"{what}: every rank ends within 10 s")
    result = p.run(wolff, ["run", case, *OPTIONS, "--restart", "auto", "--break-lock", "--output", folder], ranks)
    if check(result.code == 0, f"{what}: continued", result.text()):
        same_as_whole(check, folder, whole, what)
        left = [str(f) for f in pathlib.Path(folder).rglob("*") if ".partial" in f.name or f.name.endswith(".tmp")]
        check(not left, f"{what}: nothing is left under temporary names", left)


def main():
    wolff, check = p.program(), p.Checks()
    with p.scratch_folder():
        case = shutil.copy(p.SMALL_CASE, "case.prm")
        for ranks, whole, seconds in whole_runs(wolff, case, check):
            killed(wolff, case, ranks, check, whole, seconds)

        tight = ["--set", "Solver/Tolerance [-]=2e-12"]
        result = p.run(wolff, ["run", case, *OPTIONS, *tight, "--output", "whole tight"], 2)
        check(result.code == 0, "the whole run to 2e-12", result.text())
        result = p.run(wolff, ["run", case, *OPTIONS, *tight, "--time-limit", "0.001", "--output", "moved"], 2)
        check(result.code == 75, "stopped on 2 ranks", result.text())
        result = p.run(wolff, ["run", case, *OPTIONS, *tight, "--restart", "auto", "--output", "moved"], 3)
        if check(result.code == 0, "continued on 3 ranks", result.text()):
            near_whole(check, "moved", "whole tight", "2 ranks, then 3")
    check.finish()


if __name__ == "__main__":
    main()
