"""V703: checkpoints that are damaged or of other options, folders that are taken: exit codes, and what is said."""

# processors: 1

import json
import os
import pathlib
import shutil
import socket
import subprocess

import program as p

OPTIONS = {**p.COARSE, "Regeneration/Duration [day]": 6, "Regeneration/Mechanics every [day]": 2,
           "Output/Checkpoint every [step]": 1, "Output/State files": "all"}  # fmt: skip


def flip_bit(path):
    """One bit in the middle of a file."""
    data = bytearray(pathlib.Path(path).read_bytes())
    data[len(data) // 2] ^= 0x10
    pathlib.Path(path).write_bytes(data)


def main():
    wolff, check = p.program(), p.Checks()
    with p.scratch_folder():
        case = shutil.copy(p.SMALL_CASE, "case.prm")

        def run(folder, *more, ranks=1, change=None):
            return p.run(wolff, ["run", case, *p.settings(OPTIONS, change or {}), "--output", folder, *more], ranks)

        def refused(result, code, name, what):
            check(result.code == code, f"{what}: exit {code}", result.text())
            check(result.fault_names() == [name], f"{what}: one line, named {name}", result.err)

        whole = run("whole")
        check(whole.code == 0, "the whole run", whole.text())
        check(sorted(os.listdir("whole/checkpoint")) == ["last_good", "step_00000002", "step_00000003"],
              "the newest two checkpoints are kept", os.listdir("whole/checkpoint"))  # fmt: skip

        refused(run("whole"), 2, "output-exists", "a folder with an earlier run")

        # Damage, each in a copy of its own.
        newest = "checkpoint/step_00000003"
        for what, file in (("a piece", "tissue/piece_0000.vtu"), ("the index", "tissue.pvtu"),
                           ("the manifest", "manifest.json")):  # fmt: skip
            shutil.rmtree("damaged", ignore_errors=True)
            shutil.copytree("whole", "damaged")
            if file == "manifest.json":
                text = pathlib.Path("damaged", newest, file).read_bytes()
                pathlib.Path("damaged", newest, file).write_bytes(text[: len(text) // 2])
            else:
                flip_bit(f"damaged/{newest}/{file}")
            result = run("damaged", "--restart", "auto")
            check(result.code == 0, f"{what} of the newest checkpoint is damaged: the older one is used", result.text())
            check("warning[checkpoint-damaged]" in result.out + result.err, f"{what}: a warning says so", result.text())
            check(p.same_bytes("whole/tissue_0003.pvtu", "damaged/tissue_0003.pvtu"), f"{what}: the same end")
        refused(run("damaged2", "--restart", "whole/checkpoint/step_00000009"), 6, "checkpoint-damaged",
                "a checkpoint that is not there")  # fmt: skip
        shutil.rmtree("damaged")
        shutil.copytree("whole", "damaged")
        for k in (2, 3):
            flip_bit(f"damaged/checkpoint/step_{k:08d}/tissue/piece_0000.vtu")
        for ranks in (1, 2):
            result = run("damaged", "--restart", "auto", ranks=ranks)
            refused(result, 6, "checkpoint-damaged", f"all checkpoints are damaged, {ranks} ranks")
            check(result.err.count("checksum") >= 1, "the checksums are said", result.err)

        # Other options.
        other = {"Solver/Tolerance [-]": "1e-07"}
        result = run("whole", "--restart", "auto", change=other)
        refused(result, 6, "checkpoint-options", "a changed option")
        line = "".join(result.faults())
        check("Solver/Tolerance [-]" in line and "1e-07" in line and "1e-08" in line, "option, old and new value", line)
        result = run("whole", "--restart", "auto", change={**other, "Loads/Body weight [N]": 800})
        check(result.code == 6 and len(result.faults()) == 2, "two changed options are two lines", result.err)
        shutil.copytree("whole", "allowed")
        result = run("allowed", "--restart", "auto", "--allow-change", "Solver/Tolerance [-]", change=other)
        check(result.code == 0, "--allow-change accepts it", result.text())
        check("warning[option-changed]" in result.out + result.err, "and says so", result.text())
        longer = {"Regeneration/Duration [day]": 8}
        result = run("longer", "--restart", "whole/checkpoint/step_00000003", change=longer)
        check(result.code == 0 and os.path.isfile("longer/tissue_0004.pvtu"), "a run may be made longer", result.text())

        # The same options, but another content of the file that one of them names.
        cycle = (p.SOURCE / "scripts" / "cases" / "gait_cycle.csv").read_text(encoding="utf-8")
        pathlib.Path("cycle.csv").write_text(cycle, encoding="utf-8")
        gait = {"Loads/Load set": "gait cycle", "Loads/Gait cycle/File": "cycle.csv"}
        result = run("gait", "--time-limit", "0.001", change=gait)
        check(result.code == 75, "a run under a gait cycle is stopped", result.text())
        pathlib.Path("cycle.csv").write_text(cycle.replace("-235.8", "-245.8"), encoding="utf-8")
        result = run("gait", "--restart", "auto", change=gait)
        refused(result, 6, "checkpoint-options", "another gait cycle in the file")
        check("gait 17" in result.err and "-1768.5" in result.err and "-1843.5" in result.err, "old and new force",
              result.err)  # fmt: skip
        pathlib.Path("cycle.csv").write_text(cycle, encoding="utf-8")
        result = run("gait", "--restart", "auto", change=gait)
        check(result.code == 0, "the old file continues", result.text())

        # A run that goes back, or starts anew, leaves no checkpoint of the other future behind.
        shutil.copytree("whole", "back")
        result = run("back", "--overwrite", "--time-limit", "0.001")
        check(result.code == 75, "overwritten and stopped after its first step", result.text())
        left = sorted(os.listdir("back/checkpoint"))
        check(left == ["last_good", "step_00000001"], "only the new run's checkpoint is there", left)

        # Locks.
        def lock(process):
            text = json.dumps({"host": socket.gethostname(), "process": process, "job": ""})
            pathlib.Path("whole/run.lock").write_text(text, encoding="utf-8")

        lock(os.getpid())
        for more in ((), ("--break-lock",)):
            refused(run("whole", "--restart", "auto", *more), 5, "folder-locked", f"a living process holds it {more}")
        check(os.path.exists("whole/run.lock"), "the lock of a living process stays")
        gone = subprocess.Popen(["true"])
        gone.wait()
        lock(gone.pid)
        result = run("whole", "--restart", "auto")
        refused(result, 5, "folder-locked", "a process that is gone holds it")
        check("--break-lock" in result.err, "what to do is said", result.err)
        result = run("whole", "--restart", "auto", "--break-lock", ranks=2)
        check(result.code == 0 and not os.path.exists("whole/run.lock"), "--break-lock takes it over", result.text())
    check.finish()


if __name__ == "__main__":
    main()
