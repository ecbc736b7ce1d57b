"""A folder of broken model files from outside this project, each with the exit code that it must give. It is left out
where the folder does not lie beside the source tree; the project's own list is vtk_model_files.cc."""

import concurrent.futures
import csv
import subprocess
import sys

import program as p

MAKER = p.SOURCE.parent / "shared" / "verification" / "faults" / "make_bad_inputs.py"
SIX_GIGABYTES = str(6 << 20)  # of address space, in the kilobytes of ulimit: lies about sizes must not be believed


def refused(wolff, name):
    """ulimit is a matter of the shell, which then becomes the program."""
    limited = ["-c", 'ulimit -v "$1" && shift && exec "$@"', "sh", SIX_GIGABYTES, wolff, "check", f"bad/{name}"]
    return p.run("/bin/sh", limited, timeout=60)


def main():
    wolff, check = p.program(), p.Checks()
    if not MAKER.is_file():
        print("skipped: the maker of the broken files does not lie beside the source tree")
        sys.exit(77)
    with p.scratch_folder():
        subprocess.run([sys.executable, str(MAKER), "bad"], check=True, capture_output=True, timeout=60)
        with open("bad/manifest.csv", newline="", encoding="utf-8") as file:
            expected = {row["file"]: int(row["expected_exit_code"]) for row in csv.DictReader(file)}
        check(len(expected) > 60, "the manifest lists the files", len(expected))
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            results = dict(zip(expected, pool.map(lambda name: refused(wolff, name), expected)))
        for name, code in expected.items():
            result = results[name]
            check(result.code == code, f"{name}: exit {code}", result.text())
            check(len(result.faults()) == (1 if code else 0), f"{name}: one line", result.err)
            check(result.seconds < 20, f"{name}: in bounded time", f"{result.seconds:.1f} s")
        print(f"{len(expected)} files, the slowest {max(r.seconds for r in results.values()):.1f} s")
    check.finish()


if __name__ == "__main__":
    main()
