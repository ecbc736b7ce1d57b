"""Helpers for tests of the whole program: start it on some ranks, read what it wrote, count what held.

Nothing here knows the physics; a test says what it expects and `Checks` counts it.
"""

import contextlib
import csv
import dataclasses
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

try:
    import numpy as np
    import vtk
    from vtk.util.numpy_support import vtk_to_numpy
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SMALL_CASE = SOURCE / "tests" / "support" / "small_case.prm"
PATIENCE = 300  # seconds after which a run counts as hanging

# A head of some 8400 voxels in 67 bricks of two sizes: a run over two steps takes two seconds. Not for results.
COARSE = {
    "Mesh/Finest voxel [mm]": 2,
    "Mesh/Interface voxel [mm]": 4,
    "Mesh/Bulk voxel [mm]": 4,
    "Geometry/Scaffold/Cell size [mm]": 8,
}


class Checks:
    """Counts what held; `finish` prints the last line and ends the test."""

    def __init__(self):
        self.passed = self.failed = 0

    def __call__(self, condition, sentence, detail=""):
        if condition:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED: {sentence}" + (f"\n    {str(detail).strip()}" if str(detail).strip() else ""), flush=True)
        return bool(condition)

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed or not self.passed else 0)


@dataclasses.dataclass
class Result:
    code: int  # negative: ended by this signal; None: hung and was ended
    out: str
    err: str
    seconds: float

    def faults(self):
        """The lines of the form error[CODE:NAME] place: what."""
        return [line for line in self.err.splitlines() if line.startswith("error[")]

    def fault_names(self):
        return [line[len("error[") : line.index("]")].partition(":")[2] for line in self.faults()]

    def text(self):
        return f"exit {self.code} after {self.seconds:.1f} s\n{self.out[-1500:]}{self.err[-3000:]}"


def program():
    """The program under test, from the command line."""
    if len(sys.argv) < 2 or not os.access(sys.argv[1], os.X_OK):
        print("skipped: the path of the program is the first argument")
        sys.exit(77)
    return os.path.abspath(sys.argv[1])


def settings(*tables):
    """--set arguments of tables {option: value}; later tables win."""
    merged = {}
    for table in tables:
        merged.update(table)
    return [word for option, value in merged.items() for word in ("--set", f"{option}={value}")]


def environment(extra=None):
    base = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", OMP_NUM_THREADS="1",
                OMPI_MCA_mpi_yield_when_idle="1", OMPI_MCA_btl_base_warn_component_unused="0")  # fmt: skip
    base.update(extra or {})
    return base


def command(executable, arguments, ranks=1):
    """`ranks` None: without mpirun. One rank needs none either."""
    words = [str(executable), *map(str, arguments)]
    if ranks in (None, 1):
        return words
    if shutil.which("mpirun") is None:
        print("skipped: no mpirun")
        sys.exit(77)
    return ["mpirun", "--oversubscribe", "-n", str(ranks), *words]


def start(executable, arguments, ranks=1, cwd=None, env=None, preexec=None):
    """A run in a process group of its own, to be watched and ended by the test."""
    return subprocess.Popen(command(executable, arguments, ranks), cwd=cwd, env=environment(env), text=True,
                            errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, start_new_session=True, preexec_fn=preexec)  # fmt: skip


def end_group(process):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def wait(process, began, timeout=PATIENCE):
    try:
        out, err = process.communicate(timeout=timeout)
        code = process.returncode
    except subprocess.TimeoutExpired:
        end_group(process)
        out, err = process.communicate()
        code = None
    return Result(code, out, err, time.monotonic() - began)


def run(executable, arguments, ranks=1, cwd=None, env=None, timeout=PATIENCE, preexec=None):
    began = time.monotonic()
    return wait(start(executable, arguments, ranks, cwd, env, preexec), began, timeout)


@contextlib.contextmanager
def scratch_folder():
    """A folder whose name has blanks and a letter outside ASCII, made the working directory, removed at the end."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory(prefix="whole program é ") as folder:
        os.chdir(folder)
        try:
            yield pathlib.Path(folder)
        finally:
            os.chdir(before)


def read_grid(path):
    path = str(path)
    if path.endswith(".pvtu"):
        reader = vtk.vtkXMLPUnstructuredGridReader()
    else:
        reader = vtk.vtkXMLUnstructuredGridReader()
    complaints = []
    reader.AddObserver("ErrorEvent", lambda *_: complaints.append(path))
    reader.SetFileName(path)
    reader.Update()
    if complaints or not os.path.isfile(path):
        raise OSError(f"{path}: VTK cannot read it")
    return reader.GetOutput()


def load_pvtu_arrays(path):
    """{name: values} of all cell arrays, rows sorted by cell_id; point arrays as (cells, 8 corners, components)."""
    grid = read_grid(path)
    cells = grid.GetCellData()
    arrays = {cells.GetArrayName(i): vtk_to_numpy(cells.GetArray(i)).copy() for i in range(cells.GetNumberOfArrays())}
    order = np.argsort(arrays["cell_id"], kind="stable")
    arrays = {name: values[order] for name, values in arrays.items()}
    corners = vtk_to_numpy(grid.GetCells().GetConnectivityArray()).reshape(-1, 8)[order]
    points = grid.GetPointData()
    for i in range(points.GetNumberOfArrays()):
        arrays[points.GetArrayName(i)] = vtk_to_numpy(points.GetArray(i))[corners]
    return arrays


def pieces_of(path):
    """The bytes of the index and of its pieces in order."""
    path = pathlib.Path(path)
    folder = path.with_suffix("")
    return [path.read_bytes()] + [piece.read_bytes() for piece in sorted(folder.iterdir())]


def same_bytes(one, other, index=True):
    """Do two .pvtu hold the same bytes, pieces included? The index names its pieces' folder: leave it out with
    index=False where the files have different names."""
    a, b = pieces_of(one), pieces_of(other)
    return a == b if index else a[1:] == b[1:]


def history(folder):
    """Rows of history.csv as lists of text, the columns of wall time left out."""
    with open(pathlib.Path(folder) / "history.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    kept = [i for i, name in enumerate(rows[0]) if "second" not in name]
    return [[row[i] for i in kept] for row in rows]
