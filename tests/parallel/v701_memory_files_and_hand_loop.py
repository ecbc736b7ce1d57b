"""V701: the loop in memory, the loop through files and a loop of the two verbs by hand give the same bytes, on one rank
and on two; a state that was written, read and written again is the same file. The same with two load cases, whose
displacements all go through the files, and a load factor that begins at zero and rises during the run."""

# processors: 1

import shutil

import program as p

STEPS = 3
OPTIONS = {**p.COARSE, "Regeneration/Duration [day]": 2 * STEPS, "Regeneration/Mechanics every [day]": 2,
           "Output/Checkpoint every [step]": 1}  # fmt: skip
ONE_CASE = p.settings(OPTIONS)
# The four solves: unloaded, half, half, all.
TWO_CASES = p.settings(OPTIONS, {"Loads/Load set": "several activities", "Loads/Schedule": "0 0; 2 0.5; 6 1",
                                 "Loads/Activities": "level walking; stairs up 100"})  # fmt: skip
ALL_STATES = ["--set", "Output/State files=all"]


def hand_loop(wolff, case, options, folder, ranks, check):
    common = [case, *options, "--output", folder]
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


def written_read_written(wolff, case, options, ranks, check, folder):
    """A run that is over, continued from its last checkpoint, writes what it has just read."""
    name = f"tissue_{STEPS:04d}.pvtu"
    checkpoint = f"{folder}/checkpoint/step_{STEPS:08d}/tissue.pvtu"
    check(p.same_bytes(f"{folder}/{name}", checkpoint, index=False), "the checkpoint is the state")
    shutil.copytree(folder, f"{folder} again")
    again = ["run", case, *options, *ALL_STATES, "--output", f"{folder} again", "--restart", "auto"]
    result = p.run(wolff, again, ranks)
    if check(result.code == 0, f"a run that is over can be continued on {ranks} ranks", result.text()):
        compare(check, folder, f"{folder} again", f"written, read and written again on {ranks} ranks")


def stopped_and_continued(wolff, case, options, ranks, check, whole):
    """Stopped after the first step, under another load factor than the next one, and continued."""
    folder = f"{whole} in two parts"
    common = ["run", case, *options, *ALL_STATES, "--output", folder]
    result = p.run(wolff, [*common, "--time-limit", "0.001"], ranks)
    check(result.code == 75, f"a run that is stopped on {ranks} ranks", result.text())
    result = p.run(wolff, [*common, "--restart", "auto"], ranks)
    if check(result.code == 0, f"and continued on {ranks} ranks", result.text()):
        compare(check, whole, folder, f"in one run and in two on {ranks} ranks")


def all_ways(wolff, case, options, name, ranks, check):
    memory, files, hand = (f"{name} {way} {ranks}" for way in ("memory", "files", "by hand"))
    result = p.run(wolff, ["run", case, *options, *ALL_STATES, "--output", memory], ranks)
    check(result.code == 0, f"{name}: run in memory on {ranks} ranks", result.text())
    result = p.run(wolff, ["run", case, *options, "--exchange", "--output", files], ranks)
    check(result.code == 0, f"{name}: run through files on {ranks} ranks", result.text())
    compare(check, memory, files, f"{name}: memory and files on {ranks} ranks")
    hand_loop(wolff, case, options, hand, ranks, check)
    compare(check, memory, hand, f"{name}: memory and hand loop on {ranks} ranks")
    check(p.history(memory) == p.history(files), f"{name}: history.csv of both runs on {ranks} ranks")
    written_read_written(wolff, case, options, ranks, check, memory)
    return memory


def two_cases_are_there(wolff, check, folder):
    """The files hold both cases, and nothing where nothing loads the bone."""
    for k in range(STEPS + 1):
        mechanics = p.load_pvtu_arrays(f"{folder}/mechanics_{k:04d}.pvtu")
        for name in ("displacement_mm", "displacement_stairs_up_mm", "strain", "strain_stairs_up", "stress_MPa",
                     "stress_stairs_up_MPa", "stimulus"):  # fmt: skip
            largest = p.np.abs(mechanics[name]).max() if name in mechanics else -1
            check(largest == 0 if k == 0 else largest > 0, f"step {k}: {name} is there", largest)
        worse = p.np.maximum(*(mechanics[name][:, 2] for name in ("stress_MPa", "stress_stairs_up_MPa")))
        check((mechanics["largest_principal_stress_MPa"] >= worse - 1e-9).all(), f"step {k}: worst principal stress")
    result = p.run(wolff, ["check", f"{folder}/mechanics_0001.pvtu"])
    check(result.code == 0 and "warning" not in result.out, "the contract knows the arrays of both", result.text())


def main():
    wolff, check = p.program(), p.Checks()
    with p.scratch_folder():
        case = shutil.copy(p.SMALL_CASE, "the case.prm")
        for ranks in (1, 2):
            all_ways(wolff, case, ONE_CASE, "one case", ranks, check)
        folder = all_ways(wolff, case, TWO_CASES, "two cases", 2, check)
        two_cases_are_there(wolff, check, folder)
        stopped_and_continued(wolff, case, TWO_CASES, 2, check, folder)
    check.finish()


if __name__ == "__main__":
    main()
