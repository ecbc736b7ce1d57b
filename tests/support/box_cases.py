"""Mesh series of the case files in tests/verification/cases: run the program on them, judge errors and orders, record.

Every run of a series must balance forces and energy (V107), and one mesh of it is solved on 1, 2 and 4 ranks.
"""

import csv
import json
import math
import os
import pathlib
import time

import program as p

CASES = p.SOURCE / "tests" / "verification" / "cases"
REFERENCE = p.SOURCE / "tests" / "verification" / "reference"
RANKS = (1, 2, 4)
BALANCE = 1e-10  # of force and energy after a solve to 1e-12, V107
SAME = 1e-6  # relative difference of errors between rank counts: the solver's tolerance, not its rounding

EXACT_STRESS = "sxx; syy; szz; sxy; syz; sxz"  # as the cases define it

# Keys of summary.json under "errors", and what the table of results calls them.
LABELS = {
    "displacement_L2": "displacement",
    "displacement_L2_weighted": "displacement, weighted with E",
    "displacement_max": "displacement, largest",
    "stress_L2": "stress",
    "octahedral_shear_L2": "shear",
    "octahedral_shear_centres_L2": "shear at centres",
    "stress_centres_L2": "stress at centres",
    "energy": "energy",
}


def box(voxels, edge, refined=""):
    """--set table of a mesh: voxels along x, y, z, their edge [mm], and the level wanted at a brick's centre."""
    return {"Geometry/Box/Voxels [-]": ", ".join(str(n) for n in voxels),
            "Geometry/Box/Voxel edge [mm]": repr(float(edge)), "Geometry/Box/Refined where": refined}  # fmt: skip


def on_faces(faces, options):
    """--set table that gives each of the faces the same options."""
    return {f"Problem/Faces/{face}/{option}": value for face in faces for option, value in options.items()}


def constants(case, **changed):
    """--set table with some constants of the case changed; the others stay."""
    text = (CASES / f"{case}.prm").read_text(encoding="utf-8").replace("\\\n", " ")
    line = next(line for line in text.splitlines() if line.split()[:2] == ["set", "Constants"])
    values = dict(pair.split("=") for pair in line.partition("=")[2].replace(" ", "").split(","))
    for name, value in changed.items():
        assert name in values, name
        values[name] = repr(value)
    return {"Problem/Constants": ", ".join(f"{name} = {value}" for name, value in values.items())}


def table(name, rows):
    """Rows of a reference table; their number is stated, so that a lost table cannot pass."""
    with open(REFERENCE / f"{name}.csv", newline="", encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    assert len(found) == rows, f"{name}.csv has {len(found)} rows"
    return found


def order(coarse, fine, refinement=2.0):
    return math.log(coarse / fine) / math.log(refinement)


class Series:
    """Runs of one case on meshes that become finer."""

    def __init__(self, study, family):
        self.study, self.family = study, family
        self.sizes, self.runs, self.rows, self.ranks = [], [], [], [1]
        self.began, self.seconds, self.failed_before = time.monotonic(), 0.0, study.check.failed

    def values(self, key):
        return [run["errors"][key] for run in self.runs]

    def order(self, key, first=-2):
        """Observed between the mesh @p first and the finest one."""
        found = self.values(key)
        return order(found[first], found[-1], self.sizes[-1] / self.sizes[first])

    def converges(self, key, least, first=-2):
        """The order of an error is at least @p least; both are recorded."""
        found = self.order(key, first)
        errors = ", ".join(f"{value:.3e}" for value in self.values(key))
        self.study.check(found >= least, f"{self.name()}: order of {LABELS[key]} at least {least}",
                         f"order {found:.3f} of {errors}")  # fmt: skip
        self.note(f"{LABELS[key]}: error", self.values(key)[-1], "")
        self.note(f"{LABELS[key]}: order", found, f">= {least:g}")
        return found

    def note(self, quantity, value, band):
        self.rows.append((quantity, value, band))

    def name(self):
        return f"{self.study.number} {self.family}"

    def close(self):
        """Prints what was found and adds it to the record."""
        failed = self.study.check.failed - self.failed_before
        self.note("seconds", round(self.seconds, 1), "")
        self.note("failed checks", failed, "0")
        figures = ", ".join(f"{quantity} {value:.3g}" for quantity, value, _ in self.rows)
        iterations = "/".join(str(run["iterations"]) for run in self.runs)
        print(f"{self.name()}: {figures}, iterations {iterations}", flush=True)
        self.study.record(self)


class Study:
    """All series of one V-number."""

    def __init__(self, number):
        self.number = number
        self.check = p.Checks()
        self.executable = p.program()
        self.n_runs = 0

    def solve(self, case, settings, ranks=1):
        """The object "solve" of summary.json; None, and a failed check, if the program did not get there."""
        self.n_runs += 1
        folder = pathlib.Path(f"run {self.n_runs}")
        result = p.run(self.executable, ["solve", CASES / f"{case}.prm", "--output", folder, *p.settings(settings)],
                       ranks)  # fmt: skip
        what = f"{self.number}: {case} on {ranks} rank(s) with {settings}"
        if not self.check(result.code == 0, f"{what} ends well", result.text()):
            return None
        solved = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["solve"]
        for name in ("force_imbalance", "energy_imbalance"):
            self.check(abs(solved[name]) < BALANCE, f"{what}: {name} below {BALANCE}", solved[name])
        solved["folder"], solved["said"] = folder, result.out + result.err
        return solved

    def series(self, family, case, meshes, settings=None, ranks=RANKS, shared=1):
        """@p meshes: {cells along an edge: --set table}; the mesh number @p shared is solved on all @p ranks."""
        series = Series(self, family)
        for i, (size, mesh) in enumerate(meshes.items()):
            solved = self.solve(case, {**mesh, **(settings or {})})
            if solved is None:
                self.check.finish()
            series.sizes.append(size)
            series.runs.append(solved)
            if i == shared:
                for count in ranks[1:]:
                    self._same_on(series, case, {**mesh, **(settings or {})}, solved, count)
        series.seconds = time.monotonic() - series.began
        return series

    def _same_on(self, series, case, settings, one, ranks):
        many = self.solve(case, settings, ranks)
        if many is None:
            return
        series.ranks.append(ranks)
        self.check(many["ranks"] == ranks, f"{series.name()}: {ranks} ranks took part", many["ranks"])
        self.check(many["n_unknowns"] == one["n_unknowns"], f"{series.name()}: unknowns on {ranks} ranks",
                   (one["n_unknowns"], many["n_unknowns"]))  # fmt: skip
        for key, value in {**one.get("errors", {}), "strain_energy": one["strain_energy_Nmm"]}.items():
            other = {**many.get("errors", {}), "strain_energy": many["strain_energy_Nmm"]}[key]
            # An error of rounding size has no digits to agree in.
            close = abs(other - value) <= SAME * abs(value) + 1e-12
            self.check(close, f"{series.name()}: {key} on {ranks} ranks", f"{value!r} and {other!r}")

    def record(self, series):
        """Rows of the table of results, in the form of record.h."""
        folder = os.environ.get("WOLFF_RECORD_DIR", "")
        if not folder:
            return
        path = pathlib.Path(folder) / f"{self.number}.csv"
        is_new = not path.exists()
        with open(path, "a", newline="", encoding="utf-8") as file:
            rows = csv.writer(file, lineterminator="\n")
            if is_new:
                rows.writerow(["number", "family", "ranks", "quantity", "value", "band"])
            for quantity, value, band in series.rows:
                rows.writerow([self.number, series.family, " ".join(map(str, series.ranks)), quantity, repr(value), band])


def run(number, test):
    """Runs test(study) in a scratch folder and ends with the verdict."""
    study = Study(number)
    with p.scratch_folder():
        test(study)
    study.check.finish()
