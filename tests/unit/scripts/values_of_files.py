"""scripts/slab_values.py and scripts/label_difference.py on files of four voxels, by hand."""

# processors: 1

import pathlib
import subprocess
import sys

import program as p

np = p.np
vtk = p.vtk

# Low corner and edge: three of 1 mm along x, a large one above them.
VOXELS = [((0, 0, 0), 1), ((1, 0, 0), 1), ((2, 0, 0), 1), ((0, 0, 1), 2)]


def write(path, arrays, order=(0, 1, 2, 3)):
    """A .pvtu of the voxels in this order."""
    points, grid = vtk.vtkPoints(), vtk.vtkUnstructuredGrid()
    for voxel in order:
        low, edge = np.array(VOXELS[voxel][0], dtype=float), VOXELS[voxel][1]
        corners = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)]
        ids = [points.InsertNextPoint(low + edge * np.array(corner)) for corner in corners]
        grid.InsertNextCell(vtk.VTK_HEXAHEDRON, 8, ids)
    grid.SetPoints(points)
    for name, values in {"cell_id": [10, 20, 30, 40], **arrays}.items():
        array = p.vtk.util.numpy_support.numpy_to_vtk(np.array([values[voxel] for voxel in order]), deep=True)
        array.SetName(name)
        grid.GetCellData().AddArray(array)
    writer = vtk.vtkXMLPUnstructuredGridWriter()
    writer.SetFileName(str(path))
    writer.SetInputData(grid)
    writer.Write()


def run(script, *arguments):
    words = [sys.executable, str(p.SOURCE / "scripts" / script), *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)


def slab(check):
    write("a.pvtu", {"strain": [-1.0, 2.0, 3.0, 4.0]}, (3, 1, 0, 2))
    write("b.pvtu", {"bone": [1.0, 0.2, 1.0, 1.0]})
    along = ["--point", "0,0,0", "--axis", "0,0,3"]
    result = run("slab_values.py", "a.pvtu", *along, "--from", 0, "--to", 5, "strain")
    numbers = [float(word) for word in result.stdout.splitlines()[-1].split()[1:]]
    check(result.returncode == 0 and "4 cells, 11 mm^3" in result.stdout, "all voxels and their volume", result)
    check(numbers[0] == -1 and numbers[-1] == 4 and numbers[2] > 3, "the large voxel weighs most", numbers)
    result = run("slab_values.py", "a.pvtu", *along, "--from", 0, "--to", 1, "strain", "--and", "bone=0.5", "--other", "b.pvtu")
    numbers = [float(word) for word in result.stdout.splitlines()[-1].split()[1:]]
    check("2 cells, 2 mm^3" in result.stdout and (numbers[0], numbers[2], numbers[-1]) == (-1, 1, 3),
          "a slab, a condition from another file, two equal voxels", result)  # fmt: skip
    for wrong in (["strain", "--from", 8, "--to", 9], ["stress", "--from", 0, "--to", 9]):
        result = run("slab_values.py", "a.pvtu", *along, *wrong)
        check(result.returncode == 2 and "slab_values: " in result.stderr, f"refused: {wrong}", result)


def labels(check):
    for folder, phenotypes in (("one", [0, 1, 2, 3]), ("other", [0, 2, 1, 4])):
        pathlib.Path(folder).mkdir()
        # The last voxel is host bone: what it is called does not count.
        arrays = {"phenotype_id": phenotypes, "healing_domain": [1, 1, 1, 0]}
        write(f"{folder}/view.pvtu", arrays, (0, 1, 2, 3) if folder == "one" else (2, 3, 0, 1))
        pathlib.Path(folder, "wolff.pvd").write_text(
            '<VTKFile type="Collection"><Collection><DataSet timestep="7" file="view.pvtu"/></Collection></VTKFile>')
    result = run("label_difference.py", "one", "other")
    check(result.returncode == 0 and "day 7: 66.67 % of 3 mm^3 differ" in result.stdout, "two of three voxels", result)
    check("mature bone -> immature bone 33.33 %" in result.stdout, "and from what to what", result)
    result = run("label_difference.py", "one", "other", "--within", "cell_id=10")
    check("day 7: 0.00 % of 1 mm^3 differ\n" in result.stdout, "in a part of the domain", result)
    check(run("label_difference.py", "one", "other", "--within", "cell_id=40").returncode == 2, "a part outside of it")
    result = run("label_difference.py", "one", "one")
    check("day 7: 0.00 % of 3 mm^3 differ\n" in result.stdout, "a run does not differ from itself", result)
    check(run("label_difference.py", "one", "nowhere").returncode == 2, "a run that is not there is refused")


def main():
    check = p.Checks()
    with p.scratch_folder():
        slab(check)
        labels(check)
    check.finish()


if __name__ == "__main__":
    main()
