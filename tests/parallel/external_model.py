"""Another program as the regeneration model: the example that is shipped, and programs that fail in every way."""

# processors: 1

import os
import pathlib
import shutil
import stat

import program as p

np = p.np
EXAMPLE = p.SOURCE / "scripts" / "external_regeneration_example.py"
EXTERNAL = {"Regeneration/Backend": "external program", "Regeneration/Duration [day]": 4,
            "Regeneration/Mechanics every [day]": 2, "Output/State files": "all"}  # fmt: skip

# Answers of a program that changes one thing of the state it was given; each is a function of the grid.
WRONG_ANSWER = """#!/usr/bin/python3
import sys
import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkIOXML import vtkXMLPUnstructuredGridReader, vtkXMLUnstructuredGridWriter

arguments = dict(zip(sys.argv[1::2], sys.argv[2::2]))
reader = vtkXMLPUnstructuredGridReader()
reader.SetFileName(arguments["--tissue"])
reader.Update()
grid = reader.GetOutput()
cells, fields = grid.GetCellData(), grid.GetFieldData()
days = float(arguments["--days"])


def values(name):
    return vtk_to_numpy(cells.GetArray(name))


vtk_to_numpy(fields.GetArray("day"))[0] += days
CHANGE
writer = vtkXMLUnstructuredGridWriter()
writer.SetInputData(grid)
writer.SetFileName(arguments["--output"])
writer.SetDataModeToAppended()
writer.EncodeAppendedDataOff()
writer.SetHeaderTypeToUInt64()
writer.Write()
"""


def script(name, text):
    pathlib.Path(name).write_text(text, encoding="utf-8")
    os.chmod(name, os.stat(name).st_mode | stat.S_IXUSR)
    return name


def works(wolff, case, check):
    shutil.copy(EXAMPLE, "model of ours.py")
    for ranks in (1, 2):
        folder = f"example {ranks}"
        result = p.run(wolff, ["run", case, *p.settings(p.COARSE, EXTERNAL), "--output", folder, "--set",
                               'Regeneration/External program=/usr/bin/python3 "model of ours.py"'], ranks)  # fmt: skip
        if not check(result.code == 0, f"the example runs on {ranks} ranks", result.text()):
            return
        before, after = (p.load_pvtu_arrays(f"{folder}/tissue_{k:04d}.pvtu") for k in (0, 2))
        fractions = [name for name in after if name.startswith("fraction_")]
        error = np.abs(sum(after[name] for name in fractions) - 1).max()
        check(len(fractions) == 11 and error < 1e-12, f"fractions sum to one on {ranks} ranks", error)
        # By hand for the first step: granulation g turns by g (1 - exp(-0.05 d)) where 0.01 <= S < 1 into bone.
        first = p.load_pvtu_arrays(f"{folder}/tissue_0001.pvtu")
        stimulus = p.load_pvtu_arrays(f"{folder}/mechanics_0000.pvtu")["stimulus"]
        bone = (stimulus >= 0.01) & (stimulus < 1)
        expected = np.where(bone, -np.expm1(-0.05 * 2) * before["fraction_granulation"], 0)
        grown = first["fraction_immature_bone"] - before["fraction_immature_bone"]
        check(bone.sum() > 100 and (~bone).sum() > 100, "the stimulus lies on both sides of the window", bone.sum())
        check(np.abs(grown - expected).max() < 1e-12, f"bone grows where the stimulus says, on {ranks} ranks",
              np.abs(grown - expected).max())  # fmt: skip
        check(np.abs(first["fraction_scaffold"] - before["fraction_scaffold"]).max() < 1e-14, "the scaffold stays")
    one, two = (p.load_pvtu_arrays(f"example {ranks}/tissue_0002.pvtu") for ranks in (1, 2))
    # Iterations stop at 1e-8, elsewhere on other ranks: cells at a threshold of S may fall on the other side.
    near = np.abs(one["fraction_immature_bone"] - two["fraction_immature_bone"]) < 1e-6
    check(near.mean() > 0.999, "one and two ranks agree but for cells at a threshold", (~near).sum())


def fails(wolff, case, check):
    def expect(name, setting, code, more=None, ranks=1):
        folder = f"fails {name}"
        options = p.settings(p.COARSE, EXTERNAL, {"Regeneration/External program": setting}, more or {})
        result = p.run(wolff, ["run", case, *options, "--output", folder], ranks)
        check(result.code == code, f"{name}: exit {code}", result.text())
        check(len(result.faults()) == 1, f"{name}: one line on {ranks} ranks", result.err)
        check(not os.path.exists(f"{folder}/tissue_0001.pvtu"), f"{name}: no state is written under a final name")
        print(f"{name}: exit {result.code} {result.fault_names()}")
        return result

    def named(result, name, *words):
        line = "".join(result.faults())
        check(result.fault_names() == [name], f"the fault is named {name}", result.err)
        for word in words:
            check(word in line, f'{name}: the line has "{word}"', line)

    script("three.sh", "#!/bin/sh\necho what went wrong\nexit 3\n")
    result = expect("exits 3", "./three.sh", 4)
    named(result, "program-failed", "3")
    log = pathlib.Path("fails exits 3/external_program.log")
    check(log.exists() and "what went wrong" in log.read_text(encoding="utf-8"), "what it printed is kept")
    named(expect("exits 3 on ranks", "./three.sh", 4, ranks=2), "program-failed")
    # The first step is answered, the second fails: what is kept is said last.
    script("once.sh", "#!/bin/sh\n[ -e answered ] && exit 3\ntouch answered\n"
                      f"exec /usr/bin/python3 '{EXAMPLE}' \"$@\"\n")  # fmt: skip
    options = p.settings(p.COARSE, EXTERNAL, {"Regeneration/External program": "./once.sh",
                                              "Regeneration/Mechanics every [day]": 2})  # fmt: skip
    for ranks, every, kept in ((1, 1, "kept: complete through step 1 (checkpoint step 1)."),
                               (2, 5, "kept: complete through step 1, no checkpoint.")):  # fmt: skip
        pathlib.Path("answered").unlink(missing_ok=True)
        result = p.run(wolff, ["run", case, *options, "--set", f"Output/Checkpoint every [step]={every}", "--output",
                               f"once {every}"], ranks)  # fmt: skip
        lines = result.err.split("\n")  # after them mpirun says that a process ended with a code
        at = [i for i, line in enumerate(lines) if line.startswith("error[")]
        check(result.code == 4 and len(at) == 1 and lines[at[0] + 1].startswith(kept), f"fails in step 2 on {ranks} ranks",
              result.text())  # fmt: skip
    script("killed.sh", "#!/bin/sh\nkill -9 $$\n")
    named(expect("is killed", "./killed.sh", 4), "program-failed", "9")
    named(expect("writes nothing", "/bin/true", 4), "program-no-answer")
    script("sleeps.sh", "#!/bin/sh\nsleep 1000 &\necho $! > sleeper\nwait\n")
    result = expect("sleeps", "./sleeps.sh", 4, {"Regeneration/External program limit [min]": 0.01})
    named(result, "program-time", "0.01")
    check(result.seconds < 60, "the limit holds", result.seconds)
    sleeper = pathlib.Path("sleeper").read_text(encoding="utf-8").strip()
    state = pathlib.Path(f"/proc/{sleeper}/stat")
    check(not state.exists() or ") Z " in state.read_text(encoding="utf-8"), "what it had started is ended too")
    named(expect("does not exist", "./nowhere", 2), "program-not-started")
    named(expect("is a folder", "./", 2), "program-not-started")
    pathlib.Path("text.py").write_text("print(1)\n", encoding="utf-8")
    named(expect("is not executable", "./text.py", 2), "program-not-started")
    named(expect("open quote", '/bin/true "a b', 2), "program-quotes")
    named(expect("no program", "", 2), "program-missing")
    named(expect("blank quotes only", '""', 2), "program-not-started")

    def wrong(name, change, code, ranks=1):
        python = script(f"{name.replace(' ', '_')}.py", WRONG_ANSWER.replace("CHANGE", change))
        return expect(name, f"/usr/bin/python3 {python}", code, ranks=ranks)

    result = wrong("fraction above one", 'values("fraction_granulation")[5] = 1.25', 3)
    check("fraction_granulation" in "".join(result.faults()), "the array is named", result.err)
    named(wrong("sum of fractions", 'values("fraction_granulation")[:] *= 0.5', 4, ranks=2), "fractions-off")
    named(wrong("not a number", 'values("osteoblasts_per_mm3")[7] = float("nan")', 2), "not-finite",
          "osteoblasts_per_mm3")  # fmt: skip
    named(wrong("array missing", 'cells.RemoveArray("fraction_cartilage")', 2), "array-missing", "fraction_cartilage")
    named(wrong("other cell ids", 'values("cell_id")[:] += 1', 2), "cells-missing")
    named(wrong("a cell twice", 'values("cell_id")[0] = values("cell_id")[1]', 2), "cells-twice")
    named(wrong("other labels", 'values("region")[:] = 0', 3), "answer-labels")
    named(wrong("other day", 'vtk_to_numpy(fields.GetArray("day"))[0] += 1', 3), "answer-day")
    single = ('a = numpy_to_vtk(values("fraction_marrow").astype(np.float32), deep=True)\n'
              'a.SetName("fraction_marrow")\ncells.AddArray(a)')  # fmt: skip
    named(wrong("single precision", single, 2), "array-type", "fraction_marrow")
    script("garbage.sh", "#!/bin/sh\nwhile [ $# -gt 1 ]; do [ $1 = --output ] && echo garbage > \"$2\"; shift; done\n")
    expect("garbage", "./garbage.sh", 2)
    script("nothing.py", WRONG_ANSWER.replace("CHANGE", "pass"))
    sound = p.run(wolff, ["run", case, *p.settings(p.COARSE, EXTERNAL), "--output", "sound", "--set",
                          "Regeneration/External program=/usr/bin/python3 nothing.py"])  # fmt: skip
    check(sound.code == 0, "the unchanged state is a sound answer", sound.text())


def main():
    wolff, check = p.program(), p.Checks()
    with p.scratch_folder():
        case = shutil.copy(p.SMALL_CASE, "case.prm")
        works(wolff, case, check)
        fails(wolff, case, check)
    check.finish()


if __name__ == "__main__":
    main()
