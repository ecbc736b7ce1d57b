"""What the benchmarks share: start a program and weigh it, print tables, say which machine this is."""

import dataclasses
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
GENERATOR = ROOT.parent / "shared" / "benchmarks" / "gen_voxel_problem.py"
SKIPPED = 77  # exit code


@dataclasses.dataclass
class Child:
    code: int  # negative: ended by this signal
    out: str
    err: str
    seconds: float  # of the wall clock, start and end of the program included
    peak_bytes: int  # largest resident memory of the started process itself, not of what mpirun starts
    timed_out: bool = False

    def reason(self):
        """One line on why it failed."""
        if self.timed_out:
            return f"ended after {self.seconds:.0f} s"
        lines = [line for line in (self.err + self.out).splitlines() if line.startswith("error")]
        return lines[0] if lines else f"exit code {self.code}"


def environment():
    one_thread = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1",
                      OMPI_MCA_btl_base_warn_component_unused="0")  # fmt: skip
    if os.geteuid() == 0:
        one_thread.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    return one_thread


def run(command, cwd=None, timeout=None):
    """Run to the end, or for `timeout` seconds; memory is that of this child alone (os.wait4)."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.monotonic()
        process = subprocess.Popen([str(word) for word in command], cwd=cwd, env=environment(),
                                   stdin=subprocess.DEVNULL, stdout=out, stderr=err)  # fmt: skip
        timed_out = threading.Event()

        def end():
            timed_out.set()
            process.kill()

        limit = threading.Timer(timeout, end) if timeout else None
        if limit:
            limit.start()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if limit:
            limit.cancel()
        seconds = time.monotonic() - began
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
    return Child(process.returncode, *texts, seconds, 1024 * usage.ru_maxrss, timed_out.is_set())


def on_ranks(command, ranks):
    # Unbound: Linux spreads the ranks, and a second program on the machine does not share a core with all of them.
    return ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(ranks), *command]


def say(text):
    """Progress, beside the tables on standard output."""
    print(text, file=sys.stderr, flush=True)


def table(head, rows):
    """Markdown, with an empty line behind it."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(str(cell) for cell in line) + " |\n" for line in lines) + "\n"


def ratio(a, b):
    return f"{a / b:.2f}" if b else "-"


def cpu_model():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def revision():
    words = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude", "*"]
    result = subprocess.run(words, capture_output=True, text=True, check=False)
    return result.stdout.strip() or "unknown"


def machine(instruction_set):
    """What stands above the tables."""
    cores = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    return (f"{time.strftime('%Y-%m-%d')}, {cpu_model()}, {cores} cores, kernel for {instruction_set}, "
            f"revision {revision()}, load of the machine at the start {load:.1f}")  # fmt: skip
