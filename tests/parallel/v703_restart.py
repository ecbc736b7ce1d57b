"""V703: a run that is stopped after any step and continued ends with the bytes of the run that was not stopped."""

import os
import pathlib
import shutil
import signal
import time

import program as p
from restarted_runs import OPTIONS, STEPS, same_as_whole, steps_done, whole_runs


def stopped_after_each_step(wolff, case, ranks, check, whole):
    """A time limit shorter than a step lets each start do exactly one."""
    folder = f"step by step {ranks}"
    for k in range(1, STEPS):
        restart = ["--restart", "auto"] if k > 1 else []
        result = p.run(wolff, ["run", case, *OPTIONS, *restart, "--time-limit", "0.001", "--output", folder], ranks)
        check(result.code == 75, f"--time-limit stops after step {k} on {ranks} ranks", result.text())
        check(os.path.isfile(f"{folder}/checkpoint/step_{k:08d}/manifest.json"), f"checkpoint of step {k}")
        kept = len(list(pathlib.Path(folder, "checkpoint").glob("step_*")))
        check(kept == min(k, 2), f"two checkpoints are kept after step {k}", kept)
    result = p.run(wolff, ["run", case, *OPTIONS, "--restart", "auto", "--output", folder], ranks)
    check(result.code == 0, f"the last start finishes on {ranks} ranks", result.text())
    same_as_whole(check, folder, whole, f"stopped after each step on {ranks} ranks")


def stopped_by_usr1(wolff, case, ranks, check, whole):
    folder = f"usr1 {ranks}"
    began = time.monotonic()
    process = p.start(wolff, ["run", case, *OPTIONS, "--output", folder], ranks)
    while steps_done(folder) < 2 and process.poll() is None and time.monotonic() - began < p.PATIENCE:
        time.sleep(0.005)
    process.send_signal(signal.SIGUSR1)  # to mpirun, which passes it on
    result = p.wait(process, began)
    if not check(result.code == 75, f"USR1 stops the run with 75 on {ranks} ranks", result.text()):
        return
    check("--restart auto" in result.out + result.err, "how to continue is said")
    check(not os.path.exists(f"{folder}/run.lock"), "the lock is given back")
    result = p.run(wolff, ["run", case, *OPTIONS, "--restart", "auto", "--output", folder], ranks)
    check(result.code == 0, f"continued after USR1 on {ranks} ranks", result.text())
    same_as_whole(check, folder, whole, f"stopped by USR1 on {ranks} ranks")


def main():
    wolff, check = p.program(), p.Checks()
    with p.scratch_folder():
        case = shutil.copy(p.SMALL_CASE, "case.prm")
        for ranks, whole, _ in whole_runs(wolff, case, check):
            stopped_after_each_step(wolff, case, ranks, check, whole)
            stopped_by_usr1(wolff, case, ranks, check, whole)
    check.finish()


if __name__ == "__main__":
    main()
