#!/usr/bin/python3
"""Pictures of a run without a screen: a cut, coloured by an array of the view files, beside the scaffold with the new
bone in its pores. The cut runs along the scaffold and is as coronal as that allows; without a scaffold it is coronal
through the middle. One PNG per array and day, in RUN/pictures.

    scripts/render.py results/quickstart
    scripts/render.py results/quickstart --arrays bone_fraction stimulus --days all
    scripts/render.py results/quickstart --sheet sheet.png     the pictures of a day below each other in one file

Without an X server it starts itself under xvfb-run; without that it says so and ends with 77 (skipped).
"""

import argparse
import ctypes
import ctypes.util
import os
import pathlib
import shutil
import subprocess
import sys
import xml.etree.ElementTree

SKIPPED = 77
SCAFFOLD, NEW_BONE = "fraction_scaffold", ("fraction_immature_bone", "fraction_mature_bone")
DEFAULT_ARRAYS = ["von_mises_stress_MPa", "phenotype_id", "bone_fraction"]

# Colours from low to high, evenly spaced; dark to light, so readable in grey and for the colour-blind.
SEQUENTIAL = ["#2b1d5a", "#31598c", "#22908c", "#5dc863", "#fde725"]
BONE = ["#7a2e2e", "#b8694f", "#d9b48f", "#f2e8d5"]
# phenotype_id, in the order of the numbers
PHENOTYPES = {"resorption": "#555555", "mature bone": "#f2e8d5", "immature bone": "#e3a857", "cartilage": "#4c9fbe",
              "fibrous": "#b04a5a"}  # fmt: skip


def x_server_answers():
    """VTK ends the process if it finds none, so it is asked beforehand."""
    library = ctypes.util.find_library("X11")
    if not os.environ.get("DISPLAY") or library is None:
        return False
    x11 = ctypes.CDLL(library)
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = x11.XOpenDisplay(None)
    if display:
        x11.XCloseDisplay(ctypes.c_void_p(display))
    return bool(display)


def under_virtual_screen():
    """This script once more, under xvfb-run; its exit code."""
    if shutil.which("xvfb-run") is None or "WOLFF_RENDER_CHILD" in os.environ:
        print("skipped: no X server to draw with; install xvfb and xauth, or set DISPLAY", file=sys.stderr)
        return SKIPPED
    command = ["xvfb-run", "-a", sys.executable, *sys.argv]
    environment = dict(os.environ, WOLFF_RENDER_CHILD="1")
    for _ in range(2):  # one start in ten finds the server not up yet
        code = subprocess.run(command, env=environment, check=False).returncode
        if code in (0, 2):
            break
    return code


def view_files(run):
    """[(day, file)] of wolff.pvd, in the order of time."""
    index = run / "wolff.pvd"
    try:
        sets = xml.etree.ElementTree.parse(index).getroot().iter("DataSet")
        return sorted((float(entry.get("timestep")), run / entry.get("file")) for entry in sets)
    except (OSError, TypeError, ValueError, xml.etree.ElementTree.ParseError) as error:
        raise ValueError(f"{index}: {error}") from error


def rgb(colour):
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def range_of(grid, name):
    """Least and greatest value to colour: the 1 and 99 % quantiles, so that one peak does not darken the rest."""
    import numpy as np
    from vtkmodules.util.numpy_support import vtk_to_numpy

    if "fraction" in name:
        return 0.0, 1.0
    least, greatest = np.quantile(vtk_to_numpy(grid.GetCellData().GetArray(name)), [0.01, 0.99])
    return float(least), float(greatest if greatest > least else least + 1.0)


def lookup_table(grid, name):
    import vtk

    if name == "phenotype_id":
        table = vtk.vtkLookupTable()
        table.SetNumberOfTableValues(len(PHENOTYPES))
        table.IndexedLookupOn()
        for number, (label, colour) in enumerate(PHENOTYPES.items()):
            table.SetTableValue(number, *rgb(colour), 1.0)
            table.SetAnnotation(vtk.vtkVariant(number), label)
        return table
    least, greatest = range_of(grid, name)
    colours = BONE if "bone" in name else SEQUENTIAL
    table = vtk.vtkColorTransferFunction()
    for i, colour in enumerate(colours):
        table.AddRGBPoint(least + (greatest - least) * i / (len(colours) - 1), *rgb(colour))
    return table


def actor(source, colour=None, name=None, table=None):
    """What a filter gives, in one colour or coloured by a cell array."""
    import vtk

    mapper = vtk.vtkDataSetMapper()
    mapper.SetInputConnection(source.GetOutputPort())
    mapper.ScalarVisibilityOff()
    if name is not None:
        mapper.ScalarVisibilityOn()
        mapper.SetScalarModeToUseCellFieldData()
        mapper.SelectColorArray(name)
        mapper.SetLookupTable(table)
        mapper.UseLookupTableScalarRangeOn()
    drawn = vtk.vtkActor()
    drawn.SetMapper(mapper)
    drawn.GetProperty().SetAmbient(0.3)
    drawn.GetProperty().SetDiffuse(0.7)
    if colour is not None:
        drawn.GetProperty().SetColor(rgb(colour))
    return drawn


def cells_above(grid, name, least):
    import vtk

    chosen = vtk.vtkThreshold()
    chosen.SetInputData(grid)
    chosen.SetInputArrayToProcess(0, 0, 0, vtk.vtkDataObject.FIELD_ASSOCIATION_CELLS, name)
    chosen.SetThresholdFunction(vtk.vtkThreshold.THRESHOLD_UPPER)
    chosen.SetUpperThreshold(least)
    chosen.Update()
    surface = vtk.vtkDataSetSurfaceFilter()
    surface.SetInputConnection(chosen.GetOutputPort())
    surface.Update()
    return surface


def look_from_front(renderer, from_side, sign):
    """Parallel view along y: the coronal plane faces the reader, or is seen a little from the side."""
    camera = renderer.GetActiveCamera()
    camera.ParallelProjectionOn()
    camera.SetFocalPoint(0, 0, 0)
    camera.SetPosition(sign * (0.6 if from_side else 0.0), sign, 0.25 if from_side else 0.0)
    camera.SetViewUp(0, 0, 1)
    renderer.ResetCameraScreenSpace()
    camera.Zoom(0.85)


def legend(table, name, size):
    """The colours with their numbers or names, in a strip of their own."""
    import vtk

    bar = vtk.vtkScalarBarActor()
    bar.SetLookupTable(table)
    bar.SetLabelFormat("%-#.3g")
    bar.SetUnconstrainedFontSize(True)
    for text in (bar.GetLabelTextProperty(), bar.GetAnnotationTextProperty()):
        text.SetFontSize(size // 45)
        text.SetColor(0, 0, 0)
        text.ItalicOff()
        text.BoldOff()
        text.ShadowOff()
    bar.SetPosition(0.1, 0.25)
    bar.SetWidth(0.8)
    bar.SetHeight(0.5)
    bar.SetBarRatio(0.25)
    if name == "phenotype_id":
        bar.SetTextPositionToPrecedeScalarBar()  # of annotations VTK means the other side, outside its frame
        bar.SetWidth(0.25)
        bar.SetBarRatio(0.8)
    renderer = vtk.vtkRenderer()
    renderer.AddViewProp(bar)
    return renderer


def cut_plane(grid):
    """Origin and normal: the plane through the axis of the scaffold that is nearest to the coronal one."""
    import numpy as np
    import vtk
    from vtkmodules.util.numpy_support import vtk_to_numpy

    coronal = np.array([0.0, 1.0, 0.0])
    share = grid.GetCellData().GetArray(SCAFFOLD)
    if share is not None and share.GetRange()[1] > 0.0:
        centres = vtk.vtkCellCenters()
        centres.SetInputData(grid)
        centres.Update()
        solid = vtk_to_numpy(share) >= 0.5 * share.GetRange()[1]
        points = vtk_to_numpy(centres.GetOutput().GetPoints().GetData())[solid]
        axis = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)[2][0]
        normal = coronal - coronal.dot(axis) * axis
        if len(points) > 20 and np.linalg.norm(normal) > 0.3:
            return points.mean(axis=0), normal / np.linalg.norm(normal)
    least, greatest = grid.GetBounds()[2:4]
    # Off the middle by a hair: a plane through the faces between voxels would cut no cell.
    return [0.0, 0.5 * (least + greatest) + 1.234e-4 * (greatest - least), 0.0], coronal


def cut_view(grid, name, table):
    import vtk

    origin, normal = cut_plane(grid)
    plane = vtk.vtkPlane()
    plane.SetOrigin(*origin)
    plane.SetNormal(*normal)
    cut = vtk.vtkCutter()
    cut.SetInputData(grid)
    cut.SetCutFunction(plane)
    drawn = actor(cut, name=name, table=table)
    drawn.GetProperty().LightingOff()
    renderer = vtk.vtkRenderer()
    renderer.AddActor(drawn)
    return renderer


def scaffold_with_new_bone(grid, name, table):
    """The scaffold, coloured if the array is its stress, with the bone formed in its pores; None without one."""
    import vtk

    share = grid.GetCellData().GetArray(SCAFFOLD)
    if share is None or share.GetRange()[1] <= 0.0:
        return None
    renderer = vtk.vtkRenderer()
    # A homogenised scaffold fills its cells in part: half of the fullest cell tells it from the bone around.
    solid = cells_above(grid, SCAFFOLD, 0.5 * share.GetRange()[1])
    stressed = name == "von_mises_stress_MPa"
    renderer.AddActor(actor(solid, name=name, table=table) if stressed else actor(solid, "#a9adb5"))
    for tissue in NEW_BONE:
        if grid.GetCellData().GetArray(tissue) is not None:
            colour = PHENOTYPES[tissue.removeprefix("fraction_").replace("_", " ")]
            renderer.AddActor(actor(cells_above(grid, tissue, 0.5), colour))
    return renderer


def draw(grid, day, name, file, size, front):
    """One picture: legend, cut and, if there is one, the scaffold."""
    import vtk

    table = lookup_table(grid, name)
    cut, scaffold = cut_view(grid, name, table), scaffold_with_new_bone(grid, name, table)
    title = vtk.vtkTextActor()
    title.SetInput(f"{name.replace('_', ' ')}, day {day:g}")
    title.GetTextProperty().SetFontSize(size // 32)
    title.GetTextProperty().SetColor(0, 0, 0)
    title.SetPosition(size // 40, size - size // 18)
    cut.AddViewProp(title)

    views = [(legend(table, name, size), 0.3), (cut, 1.0)] + ([(scaffold, 0.6)] if scaffold else [])
    width = sum(share for _, share in views)
    window = vtk.vtkRenderWindow()
    window.SetOffScreenRendering(1)
    window.SetMultiSamples(4)
    window.SetSize(int(size * width), size)
    left = 0.0
    for renderer, share in views:
        renderer.SetViewport(left / width, 0, (left + share) / width, 1)
        renderer.SetBackground(1, 1, 1)
        window.AddRenderer(renderer)
        left += share
    window.Render()  # the views know their size only now
    look_from_front(cut, from_side=False, sign=front)
    if scaffold:
        look_from_front(scaffold, from_side=True, sign=front)
    window.Render()

    image = vtk.vtkWindowToImageFilter()
    image.SetInput(window)
    image.ReadFrontBufferOff()
    writer = vtk.vtkPNGWriter()
    writer.SetInputConnection(image.GetOutputPort())
    writer.SetFileName(str(file))
    writer.Write()


def below_each_other(files, sheet):
    import vtk

    together = vtk.vtkImageAppend()
    together.SetAppendAxis(1)
    for file in reversed(files):  # an image begins with its lowest row
        reader = vtk.vtkPNGReader()
        reader.SetFileName(str(file))
        reader.Update()
        together.AddInputData(reader.GetOutput())
    writer = vtk.vtkPNGWriter()
    writer.SetInputConnection(together.GetOutputPort())
    writer.SetFileName(str(sheet))
    writer.Write()


def render(arguments):
    import vtk

    views = view_files(arguments.run)
    if arguments.days == "last":
        views = views[-1:]
    elif arguments.days != "all":
        views = [min(views, key=lambda view: abs(view[0] - float(day))) for day in arguments.days.split(",")]
    pictures = arguments.output or arguments.run / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    drawn = []
    for day, path in views:
        if not path.is_file():
            raise ValueError(f"{path}: named in wolff.pvd, but missing")
        reader = vtk.vtkXMLPUnstructuredGridReader()
        reader.SetFileName(str(path))
        reader.Update()
        grid = reader.GetOutput()
        present = [grid.GetCellData().GetArrayName(i) for i in range(grid.GetCellData().GetNumberOfArrays())]
        for name in arguments.arrays or [name for name in DEFAULT_ARRAYS if name in present]:
            if name not in present:
                raise ValueError(f'{path}: no cell array "{name}"; present: {", ".join(present)}')
            file = pictures / f"{name}_day{day:07.2f}.png"
            draw(grid, day, name, file, arguments.size, -1 if arguments.anterior == "-y" else 1)
            drawn.append(file)
            print(file)
    if arguments.sheet:
        below_each_other(drawn, arguments.sheet)
        print(arguments.sheet)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=pathlib.Path, help="folder of a run, with wolff.pvd")
    parser.add_argument("--arrays", nargs="+", help=f"cell arrays (default: {' '.join(DEFAULT_ARRAYS)})")
    parser.add_argument("--days", default="last", help='"last" (default), "all", or days separated by commas')
    parser.add_argument("--output", type=pathlib.Path, help="folder of the pictures (default: RUN/pictures)")
    parser.add_argument("--sheet", type=pathlib.Path, help="all pictures below each other in this PNG as well")
    parser.add_argument("--size", type=int, default=900, help="height in pixels (default 900)")
    parser.add_argument("--anterior", choices=["y", "-y"], default="y",
                        help="towards the front: y for the built-in femur, --anterior=-y for images (LPS)")  # fmt: skip
    arguments = parser.parse_args()
    if not (arguments.run / "wolff.pvd").is_file():
        parser.error(f"{arguments.run / 'wolff.pvd'}: no such file")
    if not x_server_answers():
        return under_virtual_screen()
    try:
        render(arguments)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
