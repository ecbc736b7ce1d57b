#!/usr/bin/python3
"""How far two runs of one model differ in a label: the share of the volume of the healing domain whose label is not the
same, and from which label to which, for each day that both have seen.

    scripts/label_difference.py results/shear_only results/shear_and_flow
    scripts/label_difference.py A B --label mechanostat_class --within region=2
"""

import argparse
import pathlib
import sys
import xml.etree.ElementTree

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkFiltersVerdict import vtkCellSizeFilter
from vtkmodules.vtkIOXML import vtkXMLPUnstructuredGridReader

PHENOTYPES = ("resorption", "mature bone", "immature bone", "cartilage", "fibrous")


def views(run):
    """{day: file} of wolff.pvd."""
    sets = xml.etree.ElementTree.parse(run / "wolff.pvd").getroot().iter("DataSet")
    return {float(entry.get("timestep")): run / entry.get("file") for entry in sets}


def read(path, names):
    reader = vtkXMLPUnstructuredGridReader()
    reader.SetFileName(str(path))
    sizes = vtkCellSizeFilter()
    sizes.SetInputConnection(reader.GetOutputPort())
    sizes.Update()
    data = sizes.GetOutput().GetCellData()
    order = np.argsort(vtk_to_numpy(data.GetArray("cell_id")))
    return [vtk_to_numpy(data.GetArray(name))[order] for name in ("cell_id", "Volume", *names)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("one", type=pathlib.Path)
    parser.add_argument("other", type=pathlib.Path)
    parser.add_argument("--label", default="phenotype_id")
    parser.add_argument("--within", metavar="NAME=VALUE", help="only cells of the healing domain with this label")
    parser.add_argument("--most", type=int, default=4, help="changes to name on each day")
    words = parser.parse_args()
    try:
        first, second = views(words.one), views(words.other)
    except (OSError, xml.etree.ElementTree.ParseError) as error:
        print(f"label_difference: {error}", file=sys.stderr)
        return 2
    where, _, value = (words.within or "healing_domain=1").partition("=")
    names = PHENOTYPES if words.label == "phenotype_id" else ()
    for day in sorted(set(first) & set(second)):
        ids, volume, domain, within, a = read(first[day], ("healing_domain", where, words.label))
        other_ids, _, b = read(second[day], (words.label,))
        if not np.array_equal(ids, other_ids):
            print("label_difference: the runs have different cells", file=sys.stderr)
            return 2
        inside = (domain > 0) & (within == int(value))
        whole = volume[inside].sum()
        if whole == 0:
            print(f"label_difference: no cell of the healing domain has {where} {value}", file=sys.stderr)
            return 2
        changes = {}
        for x, y in {(int(x), int(y)) for x, y in zip(a[inside], b[inside]) if x != y}:
            changes[x, y] = volume[inside & (a == x) & (b == y)].sum() / whole
        text = ", ".join(f"{names[x] if names else x} -> {names[y] if names else y} {100 * share:.2f} %"
                         for (x, y), share in sorted(changes.items(), key=lambda c: -c[1])[: words.most])  # fmt: skip
        print(f"day {day:g}: {100 * sum(changes.values()):.2f} % of {whole:.0f} mm^3 differ" + (f": {text}" if text else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
