"""scripts/external_regeneration_example.py on a made-up body: the fractions follow the stated law, whatever the order
of the cells in the mechanics file, all else is passed through unchanged, and broken inputs are refused."""

# processors: 1

import math
import os
import pathlib
import subprocess
import sys
import tempfile

try:
    import numpy as np
    import vtk
    from vtk.util.numpy_support import numpy_to_vtk, vtk_to_numpy
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

PROGRAM = pathlib.Path(__file__).resolve().parents[3] / "scripts" / "external_regeneration_example.py"
TISSUES = ["granulation", "fibrous", "cartilage", "immature_bone", "mature_bone", "marrow", "cancellous_bone",
           "cortical_bone", "articular_cartilage", "necrotic_bone", "scaffold"]  # fmt: skip
STIMULUS = np.array([0.0, 0.005, 0.01, 0.5, 1.0, 2.0, 3.0, 7.0])  # both sides of each threshold, and on it
DAYS = 3.0


def row_of_cubes(identifiers):
    """One unit cube for each identifier, in a row along x."""
    grid = vtk.vtkUnstructuredGrid()
    points = vtk.vtkPoints()
    grid.SetPoints(points)
    for i in range(len(identifiers)):
        corners = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)]
        numbers = [points.InsertNextPoint(i + x, y, z) for x, y, z in corners]
        grid.InsertNextCell(vtk.VTK_HEXAHEDRON, 8, numbers)
    add(grid.GetCellData(), "cell_id", np.asarray(identifiers, dtype=np.int64))
    return grid


def add(data, name, values):
    array = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
    array.SetName(name)
    data.AddArray(array)


def write(grid, file):
    writer = vtk.vtkXMLPUnstructuredGridWriter()
    writer.SetInputData(grid)
    writer.SetFileName(file)
    writer.Write()


def run(tissue, mechanics, output="after.vtu"):
    return subprocess.run(
        [PROGRAM, "--tissue", tissue, "--mechanics", mechanics, "--days", str(DAYS), "--output", output],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def check(condition, sentence):
    if not condition:
        sys.exit(f"failed: {sentence}")


def main():
    identifiers = 10**12 + np.arange(len(STIMULUS))
    before = {name: np.zeros(len(STIMULUS)) for name in TISSUES}
    before["granulation"][:], before["immature_bone"][:], before["scaffold"][:] = 0.5, 0.2, 0.3
    tissue = row_of_cubes(identifiers)
    for name in TISSUES:
        add(tissue.GetCellData(), f"fraction_{name}", before[name])
    add(tissue.GetCellData(), "vessel_fraction", np.linspace(0.0, 1.0, len(STIMULUS)))
    add(tissue.GetFieldData(), "day", np.array([6.0]))
    add(tissue.GetFieldData(), "step", np.array([2], dtype=np.int32))
    write(tissue, "tissue.pvtu")
    mechanics = row_of_cubes(identifiers[::-1])
    add(mechanics.GetCellData(), "stimulus", STIMULUS[::-1])
    write(mechanics, "mechanics.pvtu")

    outcome = run("tissue.pvtu", "mechanics.pvtu")
    check(outcome.returncode == 0, outcome.stderr)
    reader = vtk.vtkXMLUnstructuredGridReader()
    reader.SetFileName("after.vtu")
    reader.Update()
    cells, fields = reader.GetOutput().GetCellData(), reader.GetOutput().GetFieldData()
    after = {name: vtk_to_numpy(cells.GetArray(f"fraction_{name}")) for name in TISSUES}

    # By hand: 0.5 (1 - exp(-0.05 * 3)) leaves granulation, 0.2 (1 - exp(-0.02 * 3)) of immature bone matures.
    turned, matured = 0.5 * (1 - math.exp(-0.15)), 0.2 * (1 - math.exp(-0.06))
    bone = np.array([0, 0, 1, 1, 0, 0, 0, 0])
    cartilage = np.array([0, 0, 0, 0, 1, 1, 0, 0])
    fibrous = np.array([0, 0, 0, 0, 0, 0, 1, 1])
    expected = dict(before)
    expected["granulation"] = 0.5 - turned * (bone + cartilage + fibrous)
    expected["immature_bone"] = 0.2 + (turned - matured) * bone
    expected["mature_bone"] = matured * bone
    expected["cartilage"], expected["fibrous"] = turned * cartilage, turned * fibrous
    for name in TISSUES:  # 1e-15: a few roundings of numbers below one
        check(np.abs(after[name] - expected[name]).max() < 1e-15, f"{name} follows the law")
    check(np.array_equal(vtk_to_numpy(cells.GetArray("cell_id")), identifiers), "cell_id is passed through")
    check(cells.GetArray("vessel_fraction").GetRange() == (0.0, 1.0), "other arrays are passed through")
    check(cells.GetArray("fraction_scaffold").GetDataTypeAsString() == "double", "fractions are Float64")
    check(fields.GetArray("day").GetTuple1(0) == 6.0 + DAYS, "the day advances")
    check(fields.GetArray("step").GetTuple1(0) == 2, "other field data are passed through")
    head = pathlib.Path("after.vtu").read_bytes()[:20000]
    check(b'<AppendedData encoding="raw">' in head, "data are appended raw")

    def refused(words, sentence):
        outcome = run("tissue.pvtu", "mechanics.pvtu", "refused.vtu")
        check(outcome.returncode != 0 and words in outcome.stderr and not os.path.exists("refused.vtu"), sentence)

    write(row_of_cubes(identifiers), "mechanics.pvtu")
    refused('"stimulus" is missing', "a missing array is named")
    stranger = row_of_cubes(identifiers + 1)
    add(stranger.GetCellData(), "stimulus", STIMULUS)
    write(stranger, "mechanics.pvtu")
    refused("cell_id", "mechanics of another mesh are refused")
    write(mechanics, "mechanics.pvtu")
    add(tissue.GetCellData(), "fraction_marrow", np.full(len(STIMULUS), 0.1))
    write(tissue, "tissue.pvtu")
    refused("sum to one", "fractions that do not sum to one are refused")
    os.remove("tissue.pvtu")
    refused("no such file", "a missing file is named")
    print("all held")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        main()
