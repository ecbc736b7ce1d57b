#!/usr/bin/python3
"""A regeneration model outside the program: reads tissue and mechanics of one step, writes the next tissue.

    external_regeneration_example.py --tissue IN.pvtu --mechanics IN.pvtu --days D --output OUT.vtu

The law is a window of the stimulus S in the manner of Huiskes et al. (1997, J Mater Sci Mater Med 8, 785-788). In each
cell granulation tissue g turns into one other tissue, which S chooses, with g(D) = g(0) exp(-RATE D); immature bone
matures with a rate of its own wherever S allows bone. What one tissue loses another gains: the sum stays one.

    S < 0.01 nothing (too little load)    S < 1 immature bone    S < 3 cartilage    above: fibrous tissue

Change `next_fractions` to try a law of your own; the rest is the contract (solver/doc/exchange.md). Exit status 0 means
that OUT.vtu is complete; otherwise one line on the standard error says why.
"""

import argparse
import os
import sys

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkIOXML import vtkXMLPUnstructuredGridReader, vtkXMLUnstructuredGridWriter

TISSUES = ["granulation", "fibrous", "cartilage", "immature_bone", "mature_bone", "marrow", "cancellous_bone",
           "cortical_bone", "articular_cartilage", "necrotic_bone", "scaffold"]  # fmt: skip
RATE = 0.05  # [1/day] granulation to another tissue; a round number for the example
MATURATION_RATE = 0.02  # [1/day]
BONE_FROM, CARTILAGE_FROM, FIBROUS_FROM = 0.01, 1.0, 3.0  # thresholds of S [-]; 1 and 3: Lacroix & Prendergast (2002)


def next_fractions(fraction, stimulus, days):
    """{tissue: share of each cell [-]} after `days`; `stimulus` [-] holds one number per cell."""
    after = {tissue: share.copy() for tissue, share in fraction.items()}
    turned = fraction["granulation"] * -np.expm1(-RATE * days)
    bone = (stimulus >= BONE_FROM) & (stimulus < CARTILAGE_FROM)
    cartilage = (stimulus >= CARTILAGE_FROM) & (stimulus < FIBROUS_FROM)
    for tissue, where in (("immature_bone", bone), ("cartilage", cartilage), ("fibrous", stimulus >= FIBROUS_FROM)):
        after[tissue] += np.where(where, turned, 0.0)
        after["granulation"] -= np.where(where, turned, 0.0)
    matured = np.where(bone, fraction["immature_bone"] * -np.expm1(-MATURATION_RATE * days), 0.0)
    after["immature_bone"] -= matured
    after["mature_bone"] += matured
    total = sum(after.values())  # one, but for rounding, which must not grow over many steps
    return {tissue: share / total for tissue, share in after.items()}


def read(path):
    if not os.path.isfile(path):
        raise ValueError(f"{path}: no such file")
    complaints = []
    reader = vtkXMLPUnstructuredGridReader()
    reader.AddObserver("ErrorEvent", lambda *_: complaints.append(path))
    reader.SetFileName(path)
    reader.Update()
    if complaints or reader.GetOutput().GetNumberOfCells() == 0:
        raise ValueError(f"{path}: VTK cannot read it, or it holds no cells")
    return reader.GetOutput()


def cell_array(grid, path, name):
    array = grid.GetCellData().GetArray(name)
    if array is None:
        raise ValueError(f'{path}: cell array "{name}" is missing')
    values = vtk_to_numpy(array)
    if values.ndim != 1 or not np.all(np.isfinite(values)):
        raise ValueError(f'{path}: cell array "{name}" must hold one finite number per cell')
    return values


def set_array(data, name, values):
    array = numpy_to_vtk(np.ascontiguousarray(values, dtype=np.float64), deep=True)
    array.SetName(name)
    data.AddArray(array)  # replaces the array of the same name, keeps its place


def regenerate(tissue_file, mechanics_file, days, output_file):
    tissue, mechanics = read(tissue_file), read(mechanics_file)

    # The two files may hold the cells in different order: cell_id says which is which.
    tissue_id = cell_array(tissue, tissue_file, "cell_id")
    mechanics_id = cell_array(mechanics, mechanics_file, "cell_id")
    if len(np.unique(tissue_id)) < len(tissue_id) or not np.array_equal(np.sort(tissue_id), np.sort(mechanics_id)):
        raise ValueError(f"{mechanics_file}: its cell_id are not those of {tissue_file}, each once")
    position = np.argsort(mechanics_id)[np.searchsorted(np.sort(mechanics_id), tissue_id)]
    stimulus = cell_array(mechanics, mechanics_file, "stimulus")[position]

    fraction = {name: cell_array(tissue, tissue_file, f"fraction_{name}").astype(np.float64) for name in TISSUES}
    if np.any(np.abs(sum(fraction.values()) - 1.0) > 1e-6) or any(np.any(share < 0.0) for share in fraction.values()):
        raise ValueError(f"{tissue_file}: the fractions of a cell must not be negative and must sum to one")
    for name, share in next_fractions(fraction, stimulus, days).items():
        set_array(tissue.GetCellData(), f"fraction_{name}", share)

    day = tissue.GetFieldData().GetArray("day")
    if day is None:
        raise ValueError(f'{tissue_file}: field data "day" is missing')
    set_array(tissue.GetFieldData(), "day", [day.GetTuple1(0) + days])

    partial = output_file + ".partial"  # nobody must read half a file
    writer = vtkXMLUnstructuredGridWriter()
    writer.SetInputData(tissue)
    writer.SetFileName(partial)
    writer.SetDataModeToAppended()
    writer.EncodeAppendedDataOff()
    writer.SetHeaderTypeToUInt64()  # blocks may grow beyond 4 GiB
    if writer.Write() != 1:
        raise ValueError(f"{output_file}: cannot be written")
    os.replace(partial, output_file)


def main():
    parser = argparse.ArgumentParser(description="External regeneration model, an example.")
    for name in ("--tissue", "--mechanics", "--output"):
        parser.add_argument(name, required=True, metavar="FILE")
    parser.add_argument("--days", required=True, type=float)
    arguments = parser.parse_args()
    try:
        if not 0.0 <= arguments.days < np.inf:
            raise ValueError(f"--days {arguments.days}: a number of days from 0 on is wanted")
        regenerate(arguments.tissue, arguments.mechanics, arguments.days, arguments.output)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
