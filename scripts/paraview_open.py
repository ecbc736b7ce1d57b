"""A ready ParaView view of a run: von Mises stress, phenotype and bone fraction side by side, cut at the middle coronal
plane, with linked cameras; all days of the run are on the time slider.

    pvpython scripts/paraview_open.py RUN                                  three views in a window
    xvfb-run -a pvpython scripts/paraview_open.py RUN --png picture.png    the last day as a picture, without a screen
    WOLFF_RUN=RUN paraview --script=scripts/paraview_open.py               the same views in the ParaView program

RUN is the folder of a run, with wolff.pvd. Written for ParaView 5.11.
"""

import argparse
import os
import sys

from paraview import simple

PANELS = ["von_mises_stress_MPa", "phenotype_id", "bone_fraction"]

# The colours of scripts/render.py: bone from none to dense, and phenotype_id in the order of its numbers.
BONE = [(0.48, 0.18, 0.18), (0.72, 0.41, 0.31), (0.85, 0.71, 0.56), (0.95, 0.91, 0.84)]
PHENOTYPES = [
    ("resorption", (0.33, 0.33, 0.33)),
    ("mature bone", (0.95, 0.91, 0.84)),
    ("immature bone", (0.89, 0.66, 0.34)),
    ("cartilage", (0.30, 0.62, 0.75)),
    ("fibrous", (0.69, 0.29, 0.35)),
]


def colour_map(name, source):
    colours = simple.GetColorTransferFunction(name)
    if name == "phenotype_id":
        colours.InterpretValuesAsCategories = 1
        colours.Annotations = [text for i, (label, _) in enumerate(PHENOTYPES) for text in (str(i), label)]
        colours.IndexedColors = [part for _, colour in PHENOTYPES for part in colour]
        return colours
    if name == "bone_fraction":
        colours.RGBPoints = [part for i, colour in enumerate(BONE) for part in (i / (len(BONE) - 1), *colour)]
        return colours
    colours.ApplyPreset("Viridis (matplotlib)", True)
    peak = source.CellData[name].GetRange()[1]
    # The peak sits in a few voxels; on a scale up to it the rest would all be dark.
    colours.RescaleTransferFunction(0.0, 0.25 * peak if peak > 0.0 else 1.0)
    return colours


def show(run):
    """Three linked views of RUN/wolff.pvd in one layout; returns the layout."""
    source = simple.PVDReader(registrationName="run", FileName=os.path.join(run, "wolff.pvd"))
    scene = simple.GetAnimationScene()
    scene.UpdateAnimationUsingDataTimeSteps()
    scene.GoToLast()
    source.UpdatePipeline(scene.AnimationTime)

    present = [source.CellData[i].Name for i in range(source.CellData.GetNumberOfArrays())]
    panels = [name for name in PANELS if name in present]
    if not panels:
        raise ValueError(f"{run}/wolff.pvd: no array to show; present: {', '.join(present)}")

    bounds = source.GetDataInformation().GetBounds()
    centre = [0.5 * (bounds[i] + bounds[i + 1]) for i in (0, 2, 4)]
    clip = simple.Clip(registrationName="coronal clip", Input=source, ClipType="Plane")
    clip.ClipType.Origin = centre
    clip.ClipType.Normal = [0.0, 1.0, 0.0]  # what lies in front of the plane is removed
    clip.Invert = 1

    layout = simple.CreateLayout(name="Wolff")
    views = []
    for place, name in enumerate(panels):
        view = simple.CreateView("RenderView")
        if place == 0:
            simple.AssignViewToLayout(view=view, layout=layout, hint=0)
        else:
            cell = layout.SplitHorizontal(layout.GetViewLocation(views[-1]), 1.0 / (len(panels) - place + 1))
            simple.AssignViewToLayout(view=view, layout=layout, hint=cell + 1)
        display = simple.Show(clip, view)
        simple.ColorBy(display, ("CELLS", name))
        display.Ambient, display.Diffuse = 0.3, 0.7
        bar = simple.GetScalarBar(colour_map(name, source), view)
        bar.Title, bar.ComponentTitle = name.replace("_", " "), ""
        bar.TitleColor = bar.LabelColor = [0.0, 0.0, 0.0]
        bar.Visibility = 1
        view.UseColorPaletteForBackground = 0
        view.Background = [1.0, 1.0, 1.0]
        view.OrientationAxesVisibility = int(place == 0)
        size = max(bounds[i + 1] - bounds[i] for i in (0, 2, 4))
        view.CameraFocalPoint = centre
        view.CameraPosition = [centre[0], centre[1] + 3.0 * size, centre[2]]
        view.CameraViewUp = [0.0, 0.0, 1.0]
        view.CameraParallelProjection = 1
        view.CameraParallelScale = 0.6 * size
        if views:
            simple.AddCameraLink(views[0], view, f"link {place}")
        views.append(view)
    layout.SetSize(700 * len(panels), 800)
    simple.RenderAllViews()
    return layout


def main():
    parser = argparse.ArgumentParser(description="A ready ParaView view of a run.")
    parser.add_argument("run", nargs="?", default=os.environ.get("WOLFF_RUN"), help="folder of a run, with wolff.pvd")
    parser.add_argument("--png", help="save the last day as a picture and end")
    arguments = parser.parse_args()
    if not arguments.run or not os.path.isfile(os.path.join(arguments.run, "wolff.pvd")):
        parser.error("name the folder of a run, with wolff.pvd (or set WOLFF_RUN)")
    layout = show(arguments.run)
    if arguments.png:
        simple.SaveScreenshot(arguments.png, layout=layout, SaveAllViews=1)
        print(arguments.png)
    elif os.path.basename(sys.executable or "").startswith("pvpython"):
        simple.Interact()


# Under `paraview --script` the arguments belong to ParaView, and the run comes from WOLFF_RUN.
if __name__ == "__main__":
    main()
elif os.environ.get("WOLFF_RUN"):
    show(os.environ["WOLFF_RUN"])
