"""V701: the loop in memory, the loop through files and a loop of the two verbs by hand give the same bytes, on one rank
and on two; a state that was written, read and written again is the same file."""

import shutil

import program as p

STEPS = 3
OPTIONS = p.settings(p.COARSE, {"Regeneration/Duration [day]": 2 * STEPS, "Regeneration/Mechanics every [day]": 2,
                                "Output/Checkpoint every [step]": 1})  # fmt: skip
ALL_STATES = ["--set", "Output/State files=all"]


def hand_loop(wolff, case, ranks, check):
    folder = f"by hand {ranks}"
    common = [case, *OPTIONS, "--output", folder]
    for k in range(STEPS + 1):
        state = ["--state", f"{folder}/tissue_{k:04d}.pvtu"] if k else []
        result = p.run(wolff, ["solve", *common, *state], ranks)
        if not check(result.code == 0, f"solve of step {k} on {ranks} ranks", result.text()):
            return folder
        if k == STEPS:
            break
        result = p.run(wolff, ["regenerate", *common, "--mechanics", f"{folder}/mechanics_{k:04d}.pvtu"], ranks)
        if not check(result.code == 0, f"regenerate of step {k} on {ranks} ranks", result.text()):
            return folder
    return folder


def compare(check, one, other, what):
    for k in range(STEPS + 1):
        for kind in ("tissue", "mechanics"):
            name = f"{kind}_{k:04d}.pvtu"
            try:
                same = p.same_bytes(f"{one}/{name}", f"{other}/{name}")
            except OSError as error:
                check(False, f"{what}: {name} exists", error)
                continue
            detail = "" if same else differences(f"{one}/{name}", f"{other}/{name}")
            check(same, f"{what}: {name} has the same bytes", detail)


def differences(one, other):
    a, b = p.load_pvtu_arrays(one), p.load_pvtu_arrays(other)
    lines = []
    for name in sorted(set(a) | set(b)):
        if name not in a or name not in b:
            lines.append(f"{name} is in one file only")
        elif not p.np.array_equal(a[name], b[name]):
            lines.append(f"{name}: {(a[name] != b[name]).sum()} values, largest difference "
                         f"{p.np.abs(a[name].astype(float) - b[name].astype(float)).max():.3e}")  # fmt: skip
    return "\n    ".join(lines) or "the arrays are equal: headers, field data or order differ"


def written_read_written(wolff, case, ranks, check, folder):
    """A run that is over, continued from its last checkpoint, writes what it has just read."""
    name = f"tissue_{STEPS:04d}.pvtu"
    checkpoint = f"{folder}/checkpoint/step_{STEPS:08d}/tissue.pvtu"
    check(p.same_bytes(f"{folder}/{name}", checkpoint, index=False), "the checkpoint is the state")
    shutil.copytree(folder, f"{folder} again")
    again = ["run", case, *OPTIONS, *ALL_STATES, "--output", f"{folder} again", "--restart", "auto"]
    result = p.run(wolff, again, ranks)
    if check(result.code == 0, f"a run that is over can be continued on {ranks} ranks", result.text()):
        compare(check, folder, f"{folder} again", f"written, read and written again on {ranks} ranks")


def main():
    wolff, check = p.program(), p.Checks()
    with p.scratch_folder():
        case = shutil.copy(p.SMALL_CASE, "the case.prm")
        for ranks in (1, 2):
            memory, files = f"memory {ranks}", f"files {ranks}"
            result = p.run(wolff, ["run", case, *OPTIONS, *ALL_STATES, "--output", memory], ranks)
            check(result.code == 0, f"run in memory on {ranks} ranks", result.text())
            result = p.run(wolff, ["run", case, *OPTIONS, "--exchange", "--output", files], ranks)
            check(result.code == 0, f"run through files on {ranks} ranks", result.text())
            compare(check, memory, files, f"memory and files on {ranks} ranks")
            compare(check, memory, hand_loop(wolff, case, ranks, check), f"memory and hand loop on {ranks} ranks")
            check(p.history(memory) == p.history(files), f"history.csv of both runs on {ranks} ranks")
            written_read_written(wolff, case, ranks, check, memory)
    check.finish()


if __name__ == "__main__":
    main()
