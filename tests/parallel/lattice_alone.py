"""The lattice of cells alone, a small gap in a small bone: the same history and the same cells on 1, 2, 3 and 4 ranks,
an ensemble that is the mean and spread of its seeds, legacy runs that differ, and what a user may do wrong."""

# processors: 1

import json
import pathlib
import signal
import statistics
import time

import program as p

np = p.np
CASE = p.SOURCE / "scripts" / "cases" / "lattice_cylinder.prm"
SMALL = {
    "Cell lattice/Sites [-]": "41, 41, 90",
    "Cell lattice/Gap [mm]": 3,
    "Cell lattice/Bone radius [mm]": 1.5,
    "Cell lattice/Canal radius [mm]": 1,
    "Cell lattice/Callus radius [mm]": 1.9,
    "Cell lattice/Stimulus [-]": "0.2 + 4*max(0, 1 - abs(z)/2)^2",
    "Cell lattice/Seeds [-]": 2,
    "Regeneration/Duration [day]": 30,
}
GUIDED = {
    "Regeneration/Lattice/Surface-guided migration": "true",
    "Regeneration/Lattice/Surface-guided deposition": "true",
    "Regeneration/Lattice/Activity drop factor [-]": 5,
    "Cell lattice/Graft where": "if(x > 0, 1, 0)",
    "Cell lattice/Graft cells [-]": 0.02,
    "Cell lattice/Scaffold where": "if(abs(x) < 0.2, 1, 0)",
    "Cell lattice/Inner radius [mm]": 0.5,
    "Cell lattice/Seeds [-]": 1,
}


def here(name):
    return str(pathlib.Path(name).resolve())


def write_image(name, edge, voxels, array, values, shift=(0, 0, 0)):
    """A .vti that begins at the corner of the small lattice, or at @p shift from it."""
    extent = " ".join(f"0 {n}" for n in voxels)
    origin = " ".join(str(at + by) for at, by in zip((-2.05, -2.05, -4.5), shift))
    kind = "Int32" if values.dtype.kind == "i" else "Float64"
    data = " ".join(str(value) for value in values)
    pathlib.Path(name).write_text(
        '<?xml version="1.0"?>\n<VTKFile type="ImageData" version="1.0" byte_order="LittleEndian">\n'
        f'<ImageData WholeExtent="{extent}" Origin="{origin}" Spacing="{edge} {edge} {edge}">\n'
        f'<Piece Extent="{extent}"><CellData><DataArray type="{kind}" Name="{array}" format="ascii">\n'
        f'{data}\n</DataArray></CellData></Piece></ImageData></VTKFile>\n', encoding="utf-8")  # fmt: skip


class LatticeAlone:
    def __init__(self):
        self.wolff, self.check = p.program(), p.Checks()
        self.runs = {}  # name: history and summary

    def run(self, what, options, ranks=1):
        """Rows of the history as {column: number}, and the summary."""
        result = p.run(self.wolff, ["run", CASE, *p.settings(SMALL, options), "--output", what], ranks)
        if not self.check(result.code == 0, f"{what}: finished", result.text()):
            return None, None
        rows = p.history(what)
        history = [{name: float(cell) for name, cell in zip(rows[0], row) if cell} for row in rows[1:]]
        return history, json.loads(pathlib.Path(what, "summary.json").read_text(encoding="utf-8"))

    def ranks(self):
        legacy = {"Regeneration/Lattice/Legacy": "true"}
        for name, options, counts in (("plain", {}, (1, 2, 4)), ("guided", GUIDED, (1, 3)), ("legacy", legacy, (1, 4))):
            first = None
            for ranks in counts:
                history, summary = self.run(f"{name} on {ranks}", options, ranks)
                if history is None:
                    continue
                self.runs[name] = history, summary
                found = (history, [seed["checksum"] for seed in summary["seeds"]])
                first = first or found
                self.check(found == first, f"{name}: {ranks} ranks give the cells of one")
            last = first[0][-1]
            self.check(len(first[0]) == 31, f"{name}: a row for every day and the first morning")
            shares = [value for column, value in last.items() if column.startswith("fraction_") and "_sd" not in column]
            self.check(abs(sum(shares) - 1) < 1e-12 and len(shares) == 6, f"{name}: fractions sum to one", shares)
            formed = last["fraction_mature_bone"] + last["fraction_cartilage"] + last["fraction_fibrous"]
            self.check(formed > 0.01, f"{name}: tissue is formed", last)

    def ensemble(self):
        if "plain" not in self.runs or "legacy" not in self.runs:
            return
        both, summary = self.runs["plain"]
        alone = [self.run(f"seed {seed}", {"Cell lattice/Seeds [-]": 1, "Regeneration/Lattice/Seed [-]": seed})
                 for seed in (1, 2)]  # fmt: skip
        if any(history is None for history, _ in alone):
            return
        for day in (0, 7, 30):
            for column in ("fraction_msc", "fraction_mature_bone", "msc_in_all", "jumps"):
                values = [history[day][column] for history, _ in alone]
                mean, spread = statistics.fmean(values), statistics.stdev(values)
                # Two values from their sums of squares: rounding of 1e-16 of the square, its root of the value.
                self.check(abs(both[day][column] - mean) <= 1e-12 * abs(mean), f"day {day}: mean {column}")
                self.check(abs(both[day][column + "_sd"] - spread) <= 1e-6 * abs(mean) + 1e-9 * spread,
                           f"day {day}: spread of {column}", (both[day][column + "_sd"], spread))  # fmt: skip
        self.check([s["checksum"] for s in summary["seeds"]] == [s["seeds"][0]["checksum"] for _, s in alone],
                   "each seed of the ensemble is the run with that seed")  # fmt: skip
        legacy, _ = self.runs["legacy"]
        self.check(legacy[30]["differentiated"] != both[30]["differentiated"], "rounding down changes the numbers")

    def image(self):
        """The stimulus as an image that holds what an expression says in each element gives the same cells."""
        values = 0.2 + 0.5 * np.arange(18)  # of the layers of elements, 5 sites of 0.1 mm thick
        write_image("stimulus.vti", 0.5, (9, 9, 18), "stimulus", np.repeat(values, 81))
        common = {"Cell lattice/Seeds [-]": 1, "Regeneration/Duration [day]": 12}
        file, _ = self.run("from an image", {**common, "Cell lattice/Stimulus [-]": "", "Cell lattice/Stimulus file": here("stimulus.vti")}, 2)
        text, _ = self.run("from a text", {**common, "Cell lattice/Stimulus [-]": "0.2 + (z + 4.25)"})
        self.check(file is not None and file == text, "a stimulus from an image is that of the expression")
        self.fault("an image beside an expression", 2, "option-contradicts", {"Cell lattice/Stimulus file": here("stimulus.vti")})
        self.fault("an image that is too small", 3, "value-range",
                   {"Cell lattice/Stimulus [-]": "", "Cell lattice/Stimulus file": here("stimulus.vti"),
                    "Cell lattice/Sites [-]": "61, 41, 90", "Cell lattice/Callus radius [mm]": 2.9})  # fmt: skip

    def labels(self):
        """Elements by the labels of an image are the boxes that it draws; what does not fit is counted."""
        stimulus = np.repeat(0.2 + 0.5 * np.arange(18), 81)  # one value a layer, wherever in an element it is asked for
        write_image("layers.vti", 0.5, (9, 9, 18), "stimulus", stimulus)
        boxes = np.arange(1, 9 * 9 * 18 + 1)
        write_image("boxes.vti", 0.5, (9, 9, 18), "element", boxes)
        holes = np.where((boxes - 1) % 9 == 4, 0, np.where(boxes <= 81, -3, boxes))
        write_image("holes.vti", 0.52, (9, 9, 18), "element", holes)
        common = {"Cell lattice/Seeds [-]": 1, "Regeneration/Duration [day]": 12, "Regeneration/Lattice/Legacy": "true",
                  "Cell lattice/Stimulus [-]": "", "Cell lattice/Stimulus file": here("layers.vti")}  # fmt: skip
        by_boxes, _ = self.run("by boxes", common)
        by_labels, _ = self.run("by labels", {**common, "Cell lattice/Element file": here("boxes.vti")}, 3)
        self.check(by_boxes is not None and by_boxes == by_labels, "labels that draw boxes are those boxes")
        one, _ = self.run("holes", {**common, "Cell lattice/Element file": here("holes.vti")})
        other, _ = self.run("holes on 4", {**common, "Cell lattice/Element file": here("holes.vti")}, 4)
        self.check(one is not None and one == other and one != by_boxes, "labels with holes: 4 ranks give the cells of one")
        log = pathlib.Path("holes on 4/run.log").read_text(encoding="utf-8")
        for words in ("out of register", "elements have no site of tissue", "sites of tissue are in no element"):
            self.check(words in log, f"the log says: {words}", log)
        write_image("far.vti", 0.5, (9, 9, 18), "element", boxes, (50, 0, 0))
        write_image("none.vti", 0.5, (9, 9, 18), "element", 0 * boxes)
        self.fault("an image elsewhere", 3, "lattice-elements", {**common, "Cell lattice/Element file": here("far.vti")})
        self.fault("no label above zero", 3, "lattice-empty", {**common, "Cell lattice/Element file": here("none.vti")})
        self.fault("labels without that name", 2, "array-missing",
                   {**common, "Cell lattice/Element file": here("boxes.vti"), "Cell lattice/Element array": "part"})  # fmt: skip
        result = p.run(self.wolff, ["check", CASE, *p.settings(SMALL, {**common, "Cell lattice/Element file": here("boxes.vti")})])
        self.check(result.code == 0 and "1458 labels" in result.out, "check reads the labels", result.text())

    def files(self, folder):
        """The bytes of what a run leaves, without wall times, checkpoints and the log."""
        left_out = ("checkpoint", "run.log", "run.json", "status.json", "summary.json", "case.prm")
        return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(pathlib.Path(folder).rglob("*"))
                if path.is_file() and path.relative_to(folder).parts[0] not in left_out}  # fmt: skip

    def restart(self):
        """Stopped after every day, on request, or killed: the files of the run that was not stopped."""
        options = {"Regeneration/Duration [day]": 4, "Output/Every [day]": 3, "Output/State files": "all",
                   "Regeneration/Lattice/Differentiation from [day]": 1, "Regeneration/Lattice/Maturation age [day]": 1,
                   "Cell lattice/Scaffold where": "if(abs(x) < 0.08, 1, 0) * if(abs(y) < 0.08, 1, 0)",
                   "Regeneration/Lattice/Surface erosion [1/day]": 0.1}  # fmt: skip
        history, whole = self.run("whole", options)
        self.check(sum(row["eroded"] for row in history) > 5, "scaffold erodes", history[-1])
        expected = self.files("whole")
        for name in ("history.csv", "wolff.pvd", "view_0000.pvtu", "view_0004.pvtu", "view_0003_cells.pvtp"):
            self.check(name in expected, f"{name} is written")

        def go_on(folder, ranks=1, restart=True, **keywords):
            arguments = ["run", CASE, *p.settings(SMALL, options), *(["--restart", "auto"] if restart else []),
                         *keywords.pop("switches", []), "--output", folder]  # fmt: skip
            return p.run(self.wolff, arguments, ranks, **keywords)

        for k in range(1, 8):  # two seeds of four days: the last day of the first seed among them
            result = go_on("day by day", 1, k > 1, switches=["--time-limit", "0.001"])
            self.check(result.code == 75, f"the time limit stops after day {k}", result.text())
        self.check(len(list(pathlib.Path("day by day/checkpoint").glob("step_*"))) == 2, "two checkpoints are kept")
        result = go_on("day by day")
        self.check(result.code == 0, "the last start finishes", result.text())
        self.check(self.files("day by day") == expected, "stopped after each day: the same bytes")
        summary = json.loads(pathlib.Path("day by day/summary.json").read_text(encoding="utf-8"))
        self.check(summary["seeds"] == whole["seeds"], "stopped after each day: the same cells")
        for how in (signal.SIGUSR1, signal.SIGKILL):
            options["Output/Checkpoint every [min]"] = 1e-6
            folder = how.name
            process = p.start(self.wolff, ["run", CASE, *p.settings(SMALL, options), "--output", folder], 1)
            began = time.monotonic()
            while not pathlib.Path(folder, "checkpoint/last_good").exists() and time.monotonic() - began < 60:
                time.sleep(0.005)
            process.send_signal(how)
            result = p.wait(process, began)
            self.check(result.code == (75 if how == signal.SIGUSR1 else -how), f"{folder} ends the run", result.text())
            result = go_on(folder, 3, switches=["--break-lock"])
            self.check(result.code == 0, f"{folder}: continued on other ranks", result.text())
            for name in ("history.csv", "wolff.pvd"):
                self.check(self.files(folder)[name] == expected[name], f"{folder}: the same {name}")
        options["Regeneration/Duration [day]"] = 9
        result = go_on(folder)
        self.check(result.code == 6 and result.fault_names() == ["checkpoint-options"], "another duration after a seed",
                   result.text())  # fmt: skip
        options["Regeneration/Duration [day]"], options["Regeneration/Lattice/Jumps a day [-]"] = 4, 6
        result = go_on(folder)
        self.check(result.code == 6 and result.fault_names() == ["checkpoint-options"], "another rule", result.text())

    def views(self):
        """The fields of the elements add up to the history."""
        grid = p.load_pvtu_arrays("whole/view_0004.pvtu")
        alone, _ = self.run("seed 1 again", {"Cell lattice/Seeds [-]": 1, "Regeneration/Duration [day]": 4,
                                             "Regeneration/Lattice/Differentiation from [day]": 1,
                                             "Regeneration/Lattice/Maturation age [day]": 1,
                                             "Cell lattice/Scaffold where": "if(abs(x) < 0.08, 1, 0) * if(abs(y) < 0.08, 1, 0)",
                                             "Regeneration/Lattice/Surface erosion [1/day]": 0.1})  # fmt: skip
        sites = grid["tissue_sites"]
        for name in ("fraction_empty", "fraction_msc", "fraction_mature_bone", "fraction_fibrous"):
            mean = float((sites * grid[name]).sum() / sites.sum())
            self.check(abs(mean - alone[-1][name]) < 1e-6, f"{name} of the elements is that of the history", (mean, alone[-1][name]))
        number = float(grid["chondrocytes_per_mm3"].sum()) * 0.5**3
        share = float((sites * grid["fraction_cartilage"]).sum())
        self.check(abs(number - share) < 1e-3 * (1 + share), "densities are cells over the volume of an element", (number, share))
        self.check(len(np.unique(grid["element"])) == len(sites), "every element once")

    def fault(self, what, code, name, options):
        arguments = ["run", CASE, *p.settings(SMALL, options), "--overwrite", "--output", "wrong"]
        result = p.run(self.wolff, arguments, 2, timeout=60)
        self.check(result.code == code, f"{what}: exit {code}", result.text())
        if name:
            self.check(result.fault_names() == [name], f"{what}: {name}", result.text())

    def faults(self):
        cases = (
            ("no stimulus", 2, "option-missing", {"Cell lattice/Stimulus [-]": ""}),
            ("a name in the stimulus", 2, "expression-name", {"Cell lattice/Stimulus [-]": "radius"}),
            ("a stimulus below zero", 4, "", {"Cell lattice/Stimulus [-]": "z"}),
            ("half a site", 2, "option-value", {"Cell lattice/Sites [-]": "41, 41.5, 90"}),
            ("canal wider than bone", 3, "lattice-radii", {"Cell lattice/Canal radius [mm]": 1.5}),
            ("another backend", 2, "option-contradicts", {"Regeneration/Backend": "continuum"}),
            ("a lattice inside the gap", 3, "lattice-empty", {"Cell lattice/Gap [mm]": 40}),
            ("ground that is no number", 2, "not-finite", {"Cell lattice/Plate where": "1/(z - 0.05)"}),
        )
        for what, code, name, options in cases:
            self.fault(what, code, name, options)
        for verb in ("solve", "model"):
            result = p.run(self.wolff, [verb, CASE, "--output", "verb"])
            self.check(result.fault_names() == ["body-without-mechanics"], f"{verb} is refused", result.text())
        result = p.run(self.wolff, ["check", CASE])
        self.check(result.code == 0 and "million sites" in result.out, "check says how large it is", result.text())


def main():
    test = LatticeAlone()
    with p.scratch_folder():
        for part in (test.ranks, test.ensemble, test.image, test.labels, test.restart, test.views, test.faults):
            part()
    test.check.finish()


if __name__ == "__main__":
    main()
