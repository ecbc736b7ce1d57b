#!/usr/bin/python3
"""Values of a file of cells in a slab across an axis, weighted with the volume of the cells: of the femoral neck, say, with
the head centre as the point and the neck axis that the log of a run names.

    scripts/slab_values.py results/mine/mechanics_0000.pvtu --point 0,0,0 --axis 0.77,0,0.64 --from -45 --to -27 \\
                           largest_principal_strain smallest_principal_strain

Prints least value, 1, 50 and 99 % quantile and greatest value of each array. --and NAME=LEAST takes only cells whose array
NAME is at least LEAST, from the same file or from --other FILE of the same cells (fraction_cortical_bone=0.5 of the tissue
file)."""

import argparse
import sys

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkFiltersVerdict import vtkCellSizeFilter
from vtkmodules.vtkIOXML import vtkXMLPUnstructuredGridReader

QUANTILES = (1, 50, 99)


def vector(text):
    numbers = np.array([float(word) for word in text.split(",")])
    if numbers.shape != (3,):
        raise argparse.ArgumentTypeError("three numbers with commas between them")
    return numbers


def read(path):
    """{array: values}, and of each cell its middle [mm] and volume [mm^3]; in the order of the cells' ids."""
    reader = vtkXMLPUnstructuredGridReader()
    reader.SetFileName(path)
    sizes = vtkCellSizeFilter()
    sizes.SetInputConnection(reader.GetOutputPort())
    sizes.Update()
    grid = sizes.GetOutput()
    data = grid.GetCellData()
    arrays = {data.GetArrayName(i): vtk_to_numpy(data.GetArray(i)) for i in range(data.GetNumberOfArrays())}
    if "cell_id" not in arrays:
        raise ValueError(f"{path}: no cells with an array cell_id")
    corners = vtk_to_numpy(grid.GetCells().GetConnectivityArray()).reshape(-1, 8)
    middles = vtk_to_numpy(grid.GetPoints().GetData()).astype(float)[corners].mean(axis=1)
    order = np.argsort(arrays["cell_id"])
    return {name: values[order] for name, values in arrays.items()}, middles[order], arrays["Volume"][order]


def quantiles(values, volumes):
    order = np.argsort(values)
    share = (np.cumsum(volumes[order]) - 0.5 * volumes[order]) / volumes.sum()
    return [values.min(), *np.interp(np.array(QUANTILES) / 100, share, values[order]), values.max()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("arrays", nargs="+")
    parser.add_argument("--point", type=vector, required=True, help="on the axis [mm]")
    parser.add_argument("--axis", type=vector, required=True, help="any length")
    parser.add_argument("--from", dest="least", type=float, required=True, help="along the axis from the point [mm]")
    parser.add_argument("--to", dest="greatest", type=float, required=True)
    parser.add_argument("--and", dest="where", action="append", default=[], metavar="NAME=LEAST")
    parser.add_argument("--other", help="file of the same cells for --and")
    words = parser.parse_args()
    try:
        arrays, middles, volumes = read(words.file)
        others = arrays
        if words.other:
            others, elsewhere, _ = read(words.other)
            if elsewhere.shape != middles.shape or not np.allclose(elsewhere, middles):
                raise ValueError(f"{words.other}: other cells than in {words.file}")
        along = (middles - words.point) @ (words.axis / np.linalg.norm(words.axis))
        inside = (along >= words.least) & (along <= words.greatest)
        for condition in words.where:
            name, least = condition.split("=")
            inside &= others[name] >= float(least)
        if not inside.any():
            raise ValueError("no cell lies there")
        print(f"{inside.sum()} cells, {volumes[inside].sum():.0f} mm^3")
        print(f"{'array':34}{'least':>12}" + "".join(f"{q:>10} %" for q in QUANTILES) + f"{'greatest':>12}")
        for name in words.arrays:
            numbers = quantiles(arrays[name][inside].astype(float), volumes[inside])
            print(f"{name:34}" + "".join(f"{number:12.4g}" for number in numbers))
    except (KeyError, ValueError) as error:
        print(f"slab_values: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
