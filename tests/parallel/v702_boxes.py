"""Boxes and images as cases: compression between platens is exact on 1, 2, 3 and 4 ranks with finer voxels at one end,
a sheet gyroid has the reaction that four other programs find, and an image that fills no whole bricks is solved."""

# processors: 1

import json
import pathlib
import subprocess
import sys

import program as p

np = p.np
CASES = p.SOURCE / "scripts" / "cases"
BENCHMARKS = p.SOURCE.parent / "shared" / "benchmarks" / "gen_voxel_problem.py"
GYROID_REACTION = 298.2921  # N, problem a at 32 voxels an edge, to all printed digits
TIGHT = p.settings({"Solver/Tolerance [-]": 1e-12})


def write_image(path, labels, edge, name="phase"):
    """A .vti with one cell array, indexed [z, y, x]."""
    nz, ny, nx = labels.shape
    kind = {"uint8": "UInt8", "float32": "Float32"}[str(labels.dtype)]
    extent = f"0 {nx} 0 {ny} 0 {nz}"
    head = (f'<?xml version="1.0"?>\n<VTKFile type="ImageData" version="1.0" byte_order="LittleEndian" '
            f'header_type="UInt64">\n<ImageData WholeExtent="{extent}" Origin="0 0 0" Spacing="{edge} {edge} {edge}">\n'
            f'<Piece Extent="{extent}"><CellData>\n<DataArray type="{kind}" Name="{name}" format="appended" '
            f'offset="0"/>\n</CellData></Piece></ImageData>\n<AppendedData encoding="raw">\n_')  # fmt: skip
    with open(path, "wb") as file:
        file.write(head.encode() + np.uint64(labels.nbytes).tobytes() + np.ascontiguousarray(labels).tobytes())
        file.write(b"\n</AppendedData>\n</VTKFile>\n")


class Boxes:
    def __init__(self):
        self.wolff, self.check = p.program(), p.Checks()

    def solve(self, what, case, options=(), ranks=1, verb="solve", switches=()):
        """The object "solve" of the summary, or nothing."""
        folder = f"{what} on {ranks}"
        arguments = [verb, case, *TIGHT, *options, *switches, "--output", folder]
        result = p.run(self.wolff, arguments, ranks)
        if not self.check(result.code == 0, f"{what} on {ranks} ranks", result.text()):
            return None
        return json.loads(pathlib.Path(folder, "summary.json").read_text(encoding="utf-8"))["solve"]

    def near(self, found, wanted, tolerance, what):
        difference = np.abs(np.subtract(found, wanted)).max()
        self.check(difference <= tolerance, what, f"{found}, wanted {wanted}")

    def compression(self):
        arrays = {}
        for ranks in (1, 2, 3, 4):
            solve = self.solve("compression", CASES / "box_compression.prm", ranks=ranks)
            if solve is None:
                continue
            what = f"compression on {ranks} ranks"
            self.check(solve["hanging_nodes"] > 0 and solve["ranks"] == ranks, f"{what}: counts", solve)
            # The residual of the solve is 1e-12 of the load.
            self.near(solve["mean_stress_MPa"], [0, 0, -1, 0, 0, 0], 1e-10, f"{what}: stress E * strain")
            self.near(solve["mean_strain"], [0.003, 0.003, -0.01, 0, 0, 0], 1e-12, f"{what}: strain")
            reaction = {"x-": [0, 0, 0], "y-": [0, 0, 0], "z-": [0, 0, 1.048576], "z+": [0, 0, -1.048576]}
            self.check(set(solve["reaction_N"]) == set(reaction), f"{what}: faces that are held", solve["reaction_N"])
            for face, wanted in reaction.items():
                self.near(solve["reaction_N"][face], wanted, 1e-9, f"{what}: reaction on {face}")
            self.near(solve["strain_energy_Nmm"], 0.5 * 0.01 * 1.048576 * 2.048, 1e-10, f"{what}: energy")
            for name, error in solve["errors"].items():
                self.check(error < 1e-9, f"{what}: error {name}", error)
            arrays[ranks] = p.read_grid(f"compression on {ranks}/mechanics.pvtu")
        cells = {ranks: grid.GetNumberOfCells() for ranks, grid in arrays.items()}
        self.check(len(set(cells.values())) == 1, "all ranks write the same number of cells", cells)
        for ranks, grid in arrays.items():
            names = [grid.GetCellData().GetArrayName(i) for i in range(grid.GetCellData().GetNumberOfArrays())]
            wanted = {"strain", "stress_MPa", "octahedral_shear_strain", "von_mises_stress_MPa",
                      "strain_energy_density_MPa", "youngs_modulus_MPa", "voxel_edge_mm"}  # fmt: skip
            self.check(wanted <= set(names), f"fields on {ranks} ranks", names)
            stress = p.vtk_to_numpy(grid.GetCellData().GetArray("stress_MPa"))
            self.near(stress, [[0, 0, -1, 0, 0, 0]], 1e-9, f"stress of every voxel on {ranks} ranks")
            points = p.vtk_to_numpy(grid.GetPoints().GetData())
            moved = p.vtk_to_numpy(grid.GetPointData().GetArray("displacement_mm"))
            self.near(moved, points * [0.003, 0.003, -0.01], 1e-11, f"displacement of every point on {ranks} ranks")

    def image_without_whole_bricks(self):
        """20 x 30 x 44 voxels of two materials in series along z, no lateral contraction: forces from E alone."""
        labels = np.ones((44, 30, 20), np.uint8)
        labels[11:] = 7
        write_image("layers.vti", labels, 0.1)
        pathlib.Path("layers.prm").write_text((CASES / "micro_fe_cube.prm").read_text(encoding="utf-8"),
                                              encoding="utf-8")  # fmt: skip
        faces = "Problem/Faces/"
        options = {
            "Geometry/Image/File": "layers.vti", "Geometry/Image/Phases": "0 void; 1 100 0; 7 300 0",
            f"{faces}z-/Condition": "displacement", f"{faces}z-/Displacement [mm]": "0; 0; 0",
            f"{faces}z+/Displacement [mm]": "0; 0; -0.01",
            f"{faces}x-/Condition": "platen", f"{faces}x-/Displacement [mm]": "0; 0; 0"}  # fmt: skip
        force = 0.01 / (1.1 / 100 + 3.3 / 300) * 2 * 3  # compliances of the layers add up
        for ranks in (1, 3):
            solve = self.solve("layers", "layers.prm", p.settings(options), ranks)
            if solve is None:
                continue
            self.near(solve["reaction_N"]["z-"], [0, 0, force], 1e-8, f"two layers in series on {ranks} ranks")
            self.check(solve["n_voxels"] == 26400, "voxels of the image alone are solid", solve["n_voxels"])
            grid = p.read_grid(f"layers on {ranks}/mechanics.pvtu")
            label = p.vtk_to_numpy(grid.GetCellData().GetArray("label"))
            self.check(sorted(np.unique(label)) == [1, 7] and (label == 1).sum() == 6600, "labels are written")
        moduli = np.where(labels == 1, 100, 300).astype(np.float32)
        write_image("moduli.vti", moduli, 0.1, "E")
        options |= {"Geometry/Image/File": "moduli.vti", "Geometry/Image/Phases": "",
                    "Geometry/Image/Modulus array": "E", "Problem/Poisson ratio [-]": "0"}  # fmt: skip
        solve = self.solve("moduli", "layers.prm", p.settings(options), 2)
        if solve is not None:
            self.near(solve["reaction_N"]["z-"], [0, 0, force], 1e-8, "the same from an array of moduli")

    def tractions_and_staircase(self):
        """Uniform stress in a box with a cavity: pulled by the same stress on every face, its strain is uniform."""
        stress = "0.2; 0.2; 0.2; 0; 0; 0"
        options = {
            "Geometry/Box/Origin [mm]": "-1, -1, -1", "Geometry/Box/Voxels [-]": "16, 16, 16",
            "Geometry/Box/Voxel edge [mm]": 0.125, "Geometry/Box/Solid where": "x^2 + y^2 + z^2 - 0.3",
            "Geometry/Box/Refined where": "if(x < 0 && y < 0 && z < 0, 1, 0)",
            "Problem/Constants": "E0 = 100, nu = 0.25, a = 0.001, b = 0.002",
            "Problem/Exact/Displacement [mm]": "a*x + b*y; a*y - b*x; a*z",
            "Problem/Exact/Stress [MPa]": stress}  # fmt: skip
        for face in ("x-", "y-", "z-", "z+"):
            options[f"Problem/Faces/{face}/Condition"] = "traction"
            options[f"Problem/Faces/{face}/Displacement [mm]"] = ""
        for face in ("x+", "y-", "y+", "z-", "z+", "surface"):
            options[f"Problem/Faces/{face}/Condition"] = "traction"
            options[f"Problem/Faces/{face}/Stress [MPa]"] = stress
        options["Problem/Faces/x-/Condition"] = "displacement"
        options["Problem/Faces/x-/Displacement [mm]"] = "a*x + b*y; a*y - b*x; a*z"
        for ranks in (1, 4):
            solve = self.solve("cavity", CASES / "box_compression.prm", p.settings(options), ranks)
            if solve is None:
                continue
            for name, error in solve["errors"].items():
                # A spherical stress has no shear to compare with; what is left is rounding.
                if not name.startswith("octahedral"):
                    self.check(error < 1e-9, f"cavity under tension on {ranks} ranks: {name}", error)
            self.near(solve["reaction_N"]["x-"], [-0.8, 0, 0], 1e-9, f"cavity on {ranks} ranks: reaction")

    def gyroid(self):
        if not BENCHMARKS.is_file():
            print(f"left out: {BENCHMARKS} is not there")
            return
        made = subprocess.run([sys.executable, str(BENCHMARKS), "gyroid", "-n", "32", "-o", "a32"],
                              capture_output=True, text=True, check=False)  # fmt: skip
        if not self.check(made.returncode == 0, "the gyroid is generated", made.stderr):
            return
        options = p.settings({"Geometry/Image/File": "a32.vti", "Geometry/Image/Phases": "0 void; 1 110000 0.3"})
        pathlib.Path("cube.prm").write_text((CASES / "micro_fe_cube.prm").read_text(encoding="utf-8"), encoding="utf-8")
        for ranks, verb in ((1, "solve"), (2, "run"), (3, "solve")):
            switches = p.settings({"Regeneration/Backend": "none"}) if verb == "run" else ()
            solve = self.solve(f"gyroid {verb}", "cube.prm", options, ranks, verb, switches)
            if solve is not None:
                self.near(solve["reaction_N"]["z-"][2], GYROID_REACTION, 1e-4, f"gyroid on {ranks} ranks")
                self.near(np.add(solve["reaction_N"]["z-"], solve["reaction_N"]["z+"]), [0, 0, 0], 1e-7,
                          f"gyroid on {ranks} ranks: reactions balance")  # fmt: skip


def main():
    boxes = Boxes()
    with p.scratch_folder():
        for part in (boxes.compression, boxes.image_without_whole_bricks, boxes.tractions_and_staircase, boxes.gyroid):
            part()
    boxes.check.finish()


if __name__ == "__main__":
    main()
