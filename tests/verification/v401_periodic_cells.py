"""Periodic cells: V401, a laminate of two layers is exact along each axis on 1 to 4 ranks; V403, moduli of voxel cells
are those of an independent program for the same discrete problem; V404, shifting, doubling and scaling a cell."""

# processors: 1

import csv
import json
import pathlib

import program as p

np = p.np
REFERENCE = pathlib.Path(__file__).resolve().parent / "reference" / "voxel_homogenised_moduli.csv"
AXES = "xyz"
PAIRS = ((0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (0, 2))  # XX YY ZZ XY YZ XZ
SIDES = "".join(f"    subsection {axis}{end}\n      set Condition = periodic\n    end\n" for axis in AXES for end in "-+")
CASE = f"set Format version = 1\nsubsection Geometry\n  set Body = box\nend\nsubsection Problem\n  subsection Faces\n{SIDES}  end\nend\n"
STRAIN = np.array([1.0, -0.5, 2.0, 0.3, -0.7, 0.4]) * 1e-3
G = "(sin(2*pi*x)*cos(2*pi*y) + sin(2*pi*y)*cos(2*pi*z) + sin(2*pi*z)*cos(2*pi*x))"
SOLID = {"sphere_stiff R=0.35": "(x-0.5)^2 + (y-0.5)^2 + (z-0.5)^2 <= 0.1225",
         "sphere_pore R=0.35": "(x-0.5)^2 + (y-0.5)^2 + (z-0.5)^2 > 0.1225",
         "gyroid_sheet t=0.6": f"abs{G} <= 0.6", "gyroid_network t=0.6": f"{G} > 0.6"}  # fmt: skip


def laminate_stress(axis, strain, layers):
    """Exact stress of two layers of equal thickness with the normal `axis`; layers are (E, nu)."""
    lame = [(e * nu / ((1 + nu) * (1 - 2 * nu)), e / (2 * (1 + nu))) for e, nu in layers]

    def mean(law):
        return sum(law(la, mu) for la, mu in lame) / len(lame)

    c33 = 1 / mean(lambda la, mu: 1 / (la + 2 * mu))
    ratio = mean(lambda la, mu: la / (la + 2 * mu))
    c11 = mean(lambda la, mu: 4 * mu * (la + mu) / (la + 2 * mu)) + ratio**2 * c33
    c12 = mean(lambda la, mu: 2 * la * mu / (la + 2 * mu)) + ratio**2 * c33
    c44, c66 = 1 / mean(lambda la, mu: 1 / mu), mean(lambda la, mu: mu)
    stress = []
    for i, j in PAIRS:
        if i != j:
            stress.append(2 * (c44 if axis in (i, j) else c66) * strain[PAIRS.index((i, j))])
            continue
        stress.append(sum((c33 if i == k == axis else ratio * c33 if axis in (i, k) else c11 if i == k else c12)
                          * strain[k] for k in range(3)))  # fmt: skip
    return stress


class Cells:
    def __init__(self):
        self.wolff, self.check = p.program(), p.Checks()
        pathlib.Path("cell.prm").write_text(CASE, encoding="utf-8")

    def solve(self, what, options, strain, ranks=1, switches=()):
        settings = {"Problem/Mean strain [-]": ", ".join(map(repr, map(float, strain))),
                    "Solver/Tolerance [-]": 1e-11, "Output/Fields": "none", **options}  # fmt: skip
        result = p.run(self.wolff, ["solve", "cell.prm", *p.settings(settings), *switches, "--output", "out"], ranks)
        if not self.check(result.code == 0, f"{what} on {ranks} ranks", result.text()):
            return None
        return json.loads(pathlib.Path("out/summary.json").read_text(encoding="utf-8"))["solve"]

    def near(self, found, wanted, tolerance, what):
        """Relative to the largest component."""
        difference = np.abs(np.subtract(found, wanted)).max() / np.abs(wanted).max()
        self.check(difference < tolerance, what, f"{found}, wanted {wanted}, relative difference {difference:.2e}")

    def laminate(self):
        layers = ((10.0, 0.2), (1000.0, 0.35))
        for axis, name in enumerate(AXES):
            # One, two and three bricks along the axes, so that both ends may lie in one brick or on two ranks.
            voxels = [8, 16, 24][axis:] + [8, 16, 24][:axis]
            height = voxels[axis]
            options = {"Geometry/Box/Voxels [-]": ", ".join(map(str, voxels)), "Geometry/Box/Voxel edge [mm]": 1,
                       "Problem/Young modulus [MPa]": f"if({name} < {height // 2}, 10, 1000)",
                       "Problem/Poisson ratio [-]": f"if({name} < {height // 2}, 0.2, 0.35)"}  # fmt: skip
            exact = laminate_stress(axis, STRAIN, layers)
            for ranks in (1, 2, 3, 4):
                solve = self.solve(f"laminate along {name}", options, STRAIN, ranks)
                if solve is None:
                    continue
                self.near(solve["mean_stress_MPa"], exact, 1e-9, f"V401 laminate along {name} on {ranks} ranks")
                self.check(solve["energy_imbalance"] < 1e-9, "V404 Hill-Mandel", solve["energy_imbalance"])
                self.near(solve["mean_strain"], STRAIN, 1e-12, "the mean strain is the one asked for")

    def voxel_cells(self):
        with open(REFERENCE, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.check(len(rows) == 6, "reference rows", len(rows))
        for row in rows:
            n = int(row["N_per_side"])
            solid = SOLID[row["cell"]]
            ratio = float(row["nu_stiff"])
            options = {"Geometry/Box/Voxels [-]": f"{n}, {n}, {n}", "Geometry/Box/Voxel edge [mm]": 1 / n,
                       "Problem/Young modulus [MPa]": f"if({solid}, {row['E_stiff']}, {row['E_weak']})",
                       "Problem/Poisson ratio [-]": ratio}  # fmt: skip
            c11, c12, c44 = (float(row[name]) for name in ("C11", "C12", "C44"))
            what = f"V403 {row['cell']} with {n} voxels"
            solve = self.solve(what, options, [1, 0, 0, 0, 0.5, 0], 2)
            if solve is None:
                continue
            self.near(solve["mean_stress_MPa"], [c11, c12, c12, 0, c44, 0], 1e-6, what)
            if row["cell"].startswith("gyroid"):
                # Void in place of a modulus of 1e-6; its own small share of the stiffness is gone.
                void = {**options, "Geometry/Box/Solid where": f"if({solid}, 1, -1)",
                        "Problem/Young modulus [MPa]": row["E_stiff"]}  # fmt: skip
                for ranks in (1, 3):
                    solve = self.solve(what + ", void", void, [1, 0, 0, 0, 0.5, 0], ranks, ["--drop-islands"])
                    if solve is None:
                        continue
                    self.near(solve["mean_stress_MPa"], [c11, c12, c12, 0, c44, 0], 1e-4, f"{what}, void on {ranks}")
                    self.check(solve["n_voxels"] <= int(row["stiff_voxels"]), f"{what}: voxels", solve["n_voxels"])

    def invariances(self):
        def options(voxels, place, scale=1):
            g = G
            for axis in AXES:  # one cell is 16 voxels of 1/16
                g = g.replace(f"*{axis})", f"*({axis}+{place}))")
            return {"Geometry/Box/Voxels [-]": voxels, "Geometry/Box/Voxel edge [mm]": 1 / 16,
                    "Problem/Young modulus [MPa]": f"if({g} > 0.3, {100 * scale}, {scale})"}  # fmt: skip

        one = self.solve("cell", options("16, 16, 16", 0), STRAIN)
        if one is None:
            return
        stress = one["mean_stress_MPa"]
        for what, other, factor in (("shifted by five voxels", options("16, 16, 16", 5 / 16), 1),
                                    ("doubled along x and z", options("32, 16, 32", 0), 1),
                                    ("seven times as stiff", options("16, 16, 16", 0, 7), 7)):  # fmt: skip
            solve = self.solve(what, other, STRAIN, 2)
            if solve is not None:
                self.near(solve["mean_stress_MPa"], np.multiply(stress, factor), 1e-8, f"V404 cell {what}")

    def mixed_sides(self):
        """Periodic along x and y, pulled along z: plane strain of a bar whose ends are tractions or platens."""
        free = {f"Problem/Faces/z{end}/Condition": "traction" for end in "-+"}
        free |= {"Problem/Faces/z-/Traction [MPa]": "0; 0; -2", "Problem/Faces/z+/Traction [MPa]": "0; 0; 2"}
        box = {"Geometry/Box/Voxels [-]": "16, 8, 24", "Problem/Young modulus [MPa]": 100}
        for ranks in (1, 3):
            solve = self.solve("periodic sides and tractions", {**box, **free}, np.zeros(6), ranks)
            if solve is not None:
                lateral = 0.3 / 0.7 * 2  # no lateral strain on average
                self.near(solve["mean_stress_MPa"], [lateral, lateral, 2, 0, 0, 0], 1e-9, "tractions across periodic sides")

    def refused(self):
        pulled = {"Problem/Faces/z-/Condition": "free", "Problem/Faces/z+/Condition": "traction",
                  "Problem/Faces/z+/Traction [MPa]": "0; 0; 2"}  # fmt: skip
        for what, code, name, options in (
            ("loads that do not cancel", 3, "no-support", pulled),
            ("refined", 2, "option-contradicts", {"Geometry/Box/Refined where": "1"}),
            ("an island", 3, "islands", {"Geometry/Box/Solid where": "max(0.2 - x, 0.1 - abs(x-0.5) - abs(y-0.5))"}),
            ("mean strain and platen", 2, "option-contradicts",
             {"Problem/Faces/z-/Condition": "clamped", "Problem/Faces/z+/Condition": "free"}),
        ):  # fmt: skip
            settings = p.settings({"Problem/Mean strain [-]": "0, 0, 0.001, 0, 0, 0", **options})
            for ranks in (1, 2):
                result = p.run(self.wolff, ["solve", "cell.prm", *settings, "--output", "never"], ranks)
                self.check(result.code == code and result.fault_names() == [name], f"{what} on {ranks} ranks", result.text())


def main():
    with p.scratch_folder():
        cells = Cells()
        for part in (cells.laminate, cells.voxel_cells, cells.invariances, cells.mixed_sides, cells.refused):
            part()
    cells.check.finish()


if __name__ == "__main__":
    main()
