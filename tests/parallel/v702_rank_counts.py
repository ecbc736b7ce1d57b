"""V702: the same answer on 1, 2, 3 and 4 ranks, and files that any number of ranks reads in any order of cells."""

import shutil

import program as p

np, vtk = p.np, p.vtk
# The linear solver stops at 2e-12, just above the rounding of its residual; warm starts and the condition of the
# problem leave less than 1e-9 of the largest value of a field.
TOLERANCE = 1e-9
DAYS = 4
OPTIONS = p.settings(p.COARSE, {"Regeneration/Duration [day]": DAYS, "Regeneration/Mechanics every [day]": 2,
                                "Solver/Tolerance [-]": 2e-12, "Output/State files": "all"})  # fmt: skip
LAST = DAYS // 2
EDGES = np.array([0.01, 0.53, 1.0, 3.0])  # thresholds of the stimulus between the phenotypes, set Perier-Metz 2020
STRAIN_EDGES = np.array([0.0002, 0.0015, 0.003, 0.015])  # of the mechanostat, between its classes


def relative_difference(a, b):
    size = max(np.abs(a).max(), np.abs(b).max())
    return 0.0 if size == 0 else np.abs(a - b).max() / size


def compare(check, one, other, what):
    """All arrays of two files; integers are the same but for cells that lie on a threshold."""
    check(sorted(one) == sorted(other), f"{what}: the same arrays", set(one) ^ set(other))
    check(np.array_equal(one["cell_id"], other["cell_id"]), f"{what}: the same cell ids")
    if one["cell_id"].shape != other["cell_id"].shape:
        return
    worst, worst_name = 0.0, "none"
    for name in sorted(set(one) & set(other)):
        a, b = one[name], other[name]
        if name == "phenotype_id":
            near = np.abs(one["stimulus"][:, None] - EDGES).min(axis=1) < TOLERANCE
            check(np.array_equal(a[~near], b[~near]), f"{what}: phenotype_id away from thresholds",
                  f"{(a != b)[~near].sum()} cells differ")  # fmt: skip
            print(f"{what}: {near.sum()} cells within 1e-9 of a threshold, {(a != b).sum()} of another phenotype")
        elif name == "mechanostat_class":
            strain = np.maximum(np.abs(one["largest_principal_strain"]), np.abs(one["smallest_principal_strain"]))
            near = (np.abs(strain[:, None] / STRAIN_EDGES - 1)).min(axis=1) < 1e-6  # view files have six digits
            check(np.array_equal(a[~near], b[~near]), f"{what}: mechanostat_class away from its edges",
                  f"{(a != b)[~near].sum()} cells differ")  # fmt: skip
        elif a.dtype.kind in "iu":
            check(np.array_equal(a, b), f"{what}: {name} is the same")
        else:
            difference = relative_difference(a, b)
            check(difference < TOLERANCE, f"{what}: {name}", f"relative difference {difference:.2e}")
            if difference > worst:
                worst, worst_name = difference, name
    print(f"{what}: largest relative difference {worst:.1e} in {worst_name}")


def shuffled(source, target):
    """The same cells in another order, by another writer, in one piece."""
    grid = p.read_grid(source)
    order = np.random.default_rng(7).permutation(grid.GetNumberOfCells())
    cells, points = grid.GetCellData(), grid.GetPointData()
    corners = p.vtk_to_numpy(grid.GetCells().GetConnectivityArray()).reshape(-1, 8)[order]
    new = vtk.vtkUnstructuredGrid()
    new.SetPoints(grid.GetPoints())
    new.Allocate(len(order))
    for row in corners:
        new.InsertNextCell(vtk.VTK_HEXAHEDRON, 8, row)
    for i in range(cells.GetNumberOfArrays()):
        array = cells.GetArray(i).NewInstance()
        array.SetName(cells.GetArrayName(i))
        array.SetNumberOfComponents(cells.GetArray(i).GetNumberOfComponents())
        array.SetNumberOfTuples(len(order))
        p.vtk_to_numpy(array)[...] = p.vtk_to_numpy(cells.GetArray(i))[order]
        new.GetCellData().AddArray(array)
    for i in range(points.GetNumberOfArrays()):
        new.GetPointData().AddArray(points.GetArray(i))
    new.GetFieldData().ShallowCopy(grid.GetFieldData())
    writer = vtk.vtkXMLUnstructuredGridWriter()
    writer.SetInputData(new)
    writer.SetFileName(target)
    writer.SetDataModeToAppended()
    writer.EncodeAppendedDataOff()
    writer.SetHeaderTypeToUInt64()
    writer.Write()


def loads_of_life(wolff, case, check):
    """Two load cases with their muscles: faces of attachments, forces and both displacements."""
    loads = p.settings({"Loads/Load set": "several activities", "Loads/Activities": "level walking; stairs up 100",
                        "Loads/Muscles": "of the activity"})  # fmt: skip
    found = {}
    for ranks in (1, 3):
        folder = f"two cases on {ranks}"
        result = p.run(wolff, ["solve", case, *OPTIONS, *loads, "--output", folder], ranks)
        if not check(result.code == 0, f"two load cases with muscles on {ranks} ranks", result.text()):
            return
        found[ranks] = p.load_pvtu_arrays(f"{folder}/mechanics_0000.pvtu")
    compare(check, found[1], found[3], "two load cases with muscles on 1 and 3 ranks")


def main():
    wolff, check = p.program(), p.Checks()
    with p.scratch_folder():
        case = shutil.copy(p.SMALL_CASE, "case.prm")
        runs = {}
        for ranks in (1, 2, 3, 4):
            result = p.run(wolff, ["run", case, *OPTIONS, "--output", f"on {ranks}"], ranks)
            if not check(result.code == 0, f"run on {ranks} ranks", result.text()):
                check.finish()
            runs[ranks] = {kind: p.load_pvtu_arrays(f"on {ranks}/{kind}_{LAST:04d}.pvtu")
                           for kind in ("tissue", "mechanics")}  # fmt: skip
            print(f"{ranks} ranks: {result.seconds:.1f} s, {len(runs[ranks]['tissue']['cell_id'])} cells")
        for ranks in (2, 3, 4):
            for kind in ("tissue", "mechanics"):
                compare(check, runs[1][kind], runs[ranks][kind], f"{kind} on 1 and {ranks} ranks")

        state = f"on 3/tissue_{LAST:04d}.pvtu"
        shuffled(state, "shuffled.vtu")
        for ranks, file in ((1, state), (2, state), (4, state), (2, "shuffled.vtu")):
            folder = f"read by {ranks} {len(file)}"
            result = p.run(wolff, ["solve", case, *OPTIONS, "--state", file, "--output", folder], ranks)
            if check(result.code == 0, f"{file} is read by {ranks} ranks", result.text()):
                mechanics = p.load_pvtu_arrays(f"{folder}/mechanics_{LAST:04d}.pvtu")
                compare(check, runs[3]["mechanics"], mechanics, f"solved from {file} of 3 ranks on {ranks}")
        loads_of_life(wolff, case, check)
    check.finish()


if __name__ == "__main__":
    main()
