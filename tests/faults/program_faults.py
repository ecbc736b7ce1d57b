"""What a user may do wrong, from outside: exit code, fault name, one line a fault, no hang and no exhausted memory."""

# processors: 1

import os
import pathlib
import resource
import shutil
import subprocess

import program as p

np = p.np
GIGABYTE = 1 << 30


def limited(gigabytes):
    """ulimit -v for the program: address space, not memory in use."""
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (int(gigabytes * GIGABYTE),) * 2)


def write_stl(name, triangles):
    """An ASCII surface; normals are left to the reader."""
    lines = ["solid test"]
    for triangle in triangles:
        lines += ["facet normal 0 0 0", "outer loop"]
        lines += ["vertex " + " ".join(repr(float(x)) for x in corner) for corner in triangle]
        lines += ["endloop", "endfacet"]
    pathlib.Path(name).write_text("\n".join([*lines, "endsolid test", ""]), encoding="utf-8")


def cube(edge):
    corners = [edge * np.array([i & 1, i >> 1 & 1, i >> 2 & 1], dtype=float) for i in range(8)]
    faces = [(0, 2, 1), (1, 2, 3), (4, 5, 6), (5, 7, 6), (0, 1, 4), (1, 5, 4), (2, 6, 3), (3, 6, 7), (0, 4, 2),
             (2, 4, 6), (1, 3, 5), (3, 7, 5)]  # fmt: skip
    return [[corners[i] for i in face] for face in faces]


def sphere(radius):
    """An octahedron, subdivided three times onto the sphere, facets outward."""
    facets = []
    for x in (-1.0, 1.0):
        for y in (-1.0, 1.0):
            for z in (-1.0, 1.0):
                a, b, c = np.array([x, 0, 0]), np.array([0, y, 0]), np.array([0, 0, z])
                facets.append((a, b, c) if x * y * z > 0 else (a, c, b))
    for _ in range(3):
        finer = []
        for a, b, c in facets:
            ab, bc, ca = ((u + v) / np.linalg.norm(u + v) for u, v in ((a, b), (b, c), (c, a)))
            finer += [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
        facets = finer
    return [[radius * corner for corner in facet] for facet in facets]


class Faults:
    def __init__(self):
        self.wolff, self.check = p.program(), p.Checks()
        self.sound = p.SMALL_CASE.read_text(encoding="utf-8")

    def expect(self, what, code, names, arguments, words=(), ranks=1, seconds=60, preexec=None):
        """@p names: the fault names in order, one line each; @p words: must all stand in these lines."""
        result = p.run(self.wolff, arguments, ranks, timeout=seconds + 30, preexec=preexec)
        what = f"{what}, {ranks} ranks"
        self.check(result.code == code, f"{what}: exit {code}", result.text())
        self.check(result.fault_names() == names, f"{what}: {names}", result.err or result.text())
        text = "\n".join(result.faults())
        for word in words:
            self.check(word in text, f'{what}: "{word}" is said', text)
        for line in result.faults():
            said = line.removeprefix("error[").partition(":")[0]
            self.check(said.isdigit() and int(said) <= code and ": " in line, f"{what}: form of the message", line)
        self.check(result.seconds < seconds, f"{what}: ends within {seconds} s", f"{result.seconds:.1f} s")
        return result

    def changed(self, what, code, names, options, words=(), ranks=1, **more):
        """The small case with options changed on the command line."""
        arguments = ["check", "case.prm", *p.settings(p.COARSE, options)]
        return self.expect(what, code, names, arguments, words, ranks, **more)

    def case(self, what, code, names, text, words=(), ranks=1):
        pathlib.Path("broken.prm").write_bytes(text if isinstance(text, bytes) else text.encode())
        return self.expect(what, code, names, ["check", "broken.prm"], words, ranks, seconds=10)

    def case_files(self):
        sound = self.sound
        option = sound.replace("Finest voxel [mm]", "Finest voxl [mm]")
        for ranks in (1, 2):
            self.case("unknown option", 2, ["unknown-option"], option, ["broken.prm:", 'Mesh/Finest voxel [mm]"?'],
                      ranks)  # fmt: skip
        self.case("unknown subsection", 2, ["unknown-subsection"], sound.replace("subsection Mesh", "subsection Mash"),
                  ["Mesh"])  # fmt: skip
        negative = sound.replace("Bulk voxel [mm]      = 4", "Bulk voxel [mm] = -4")
        self.case("value out of range", 2, ["option-value"], negative, ["Mesh/Bulk voxel [mm]", "-4"])
        word = sound.replace("Bulk voxel [mm]      = 4", "Bulk voxel [mm] = four")
        self.case("no number", 2, ["option-value"], word, ["Mesh/Bulk voxel [mm]", "four"])
        for value in ("15,5", "nan"):
            text = sound.replace("Length [mm]        = 15", f"Length [mm] = {value}")
            self.case(f"the number {value}", 2, ["option-value"], text, [value])
        line = "  set Interface voxel [mm] = 2\n"
        self.case("duplicate", 2, ["duplicate-option"], sound.replace(line, 2 * line), ["Mesh/Interface voxel [mm]"])
        self.case("subsection not closed", 2, ["case-syntax"], sound.rstrip().removesuffix("end"))
        self.case("a line that is nothing", 2, ["case-syntax"], sound + "hello\n")
        newer = sound.replace("Format version = 1", "Format version = 99")
        self.case("another format", 2, ["format-version"], newer, ["99"])
        self.case("not UTF-8", 2, ["case-encoding"], sound.encode() + b"# \xff\n")
        carter = sound + "subsection Stimulus\n  set Rule = Carter\nend\n"
        self.case("thresholds that have no default", 2, ["option-missing"] * 2, carter,
                  ["Stimulus/Carter/Stress threshold [MPa]", "Stimulus/Carter/Strain threshold [-]"])  # fmt: skip
        several = option.replace("Side  ", "Sied  ").replace("Bulk voxel [mm]      = 4", "Bulk voxel [mm] = -4")
        for ranks in (1, 2):
            result = self.case("several at once", 2, ["unknown-option", "unknown-option", "option-value"], several,
                               ["Geometry/Femur/Side", "Mesh/Finest voxel [mm]", "Mesh/Bulk voxel [mm]"],
                               ranks)  # fmt: skip
            self.check(len(set(result.faults())) == 3, "each is said once", result.err)
        self.expect("unknown verb", 2, ["unknown-verb"], ["chek", "case.prm"], ['"check"?'])
        self.expect("no case", 2, ["usage"], ["check"])
        self.expect("unknown switch", 2, ["usage"], ["run", "case.prm", "--restrat", "auto"], ['"--restart"?'], ranks=2)

    def files(self):
        os.mkfifo("fifo.prm")
        os.mkdir("folder.prm")
        os.symlink("/dev/zero", "zero.prm")
        pathlib.Path("empty.prm").write_text("")
        for name, fault in (("missing.prm", "file-missing"), ("folder.prm", "file-not-regular"),
                            ("fifo.prm", "file-not-regular"), ("zero.prm", "file-not-regular"),
                            ("/dev/zero", "file-not-regular")):  # fmt: skip
            self.expect(name, 2, [fault], ["check", name], [name], 2, seconds=10)
        for name, fault in (("missing.vtu", "file-missing"), ("folder.vtu", "file-not-regular"),
                            ("fifo.vtu", "file-not-regular"), ("zero.vtu", "file-not-regular")):  # fmt: skip
            if not name.startswith("missing"):
                os.rename(name.replace(".vtu", ".prm"), name)
            self.expect(name, 2, [fault], ["check", name], [name], seconds=10)
        result = p.run(self.wolff, ["check", "empty.prm"])
        self.check(result.code == 2 and len(result.faults()) == 1, "an empty case", result.text())
        strange = "-a name with 'quotes' and é\n.prm"
        shutil.copy("case.prm", strange)
        result = p.run(self.wolff, ["check", *p.settings(p.COARSE), "--", strange])
        self.check(result.code == 0, "a file of a strange name is read", result.text())

    def surfaces(self):
        def surface(what, code, names, file, words=(), **more):
            options = {"Geometry/Femur/Source": "surface", "Geometry/Femur/Surface file": file}
            return self.changed(what, code, names, options, words, seconds=20, **more)

        write_stl("open.stl", cube(50)[1:])
        for ranks in (1, 2):
            surface("open cube", 3, ["surface-open"], "open.stl", ["3"], ranks=ranks)
        write_stl("reversed.stl", [facet[::-1] for facet in cube(50)])
        surface("reversed cube", 3, ["surface-inverted"], "reversed.stl")
        write_stl("metres.stl", sphere(0.024))
        surface("sphere in metres", 3, ["surface-units"], "metres.stl", ["metres"])
        write_stl("doubled.stl", cube(50) + cube(50)[:1])
        doubled = p.settings({"Geometry/Femur/Source": "surface", "Geometry/Femur/Surface file": "doubled.stl"})
        result = p.run(self.wolff, ["check", "case.prm", *doubled])
        self.check(result.code == 3 and result.faults(), "a doubled facet is refused", result.text())
        surface("no surface file", 2, ["file-missing"], "nowhere.stl", ["nowhere.stl"])
        os.symlink("/dev/zero", "zero.stl")
        surface("a device as surface", 2, ["file-not-regular"], "zero.stl", ranks=2)
        pathlib.Path("garbage.stl").write_bytes(bytes(range(256)) * 8)
        surface("garbage as surface", 2, ["surface-unreadable"], "garbage.stl")

    def models(self):
        for ranks in (1, 2):
            self.changed("rod thicker than its track", 3, ["scaffold-geometry"],
                         {"Geometry/Scaffold/Diameter [mm]": 14}, ["14", "10"], ranks)  # fmt: skip
            self.changed("unknown material", 2, ["material-unknown"], {"Materials/Scaffold": "Ti6Al4W"}, ["Ti6Al4V?"],
                         ranks)  # fmt: skip
        self.changed("two unknown materials", 2, ["material-unknown"] * 2,
                     {"Materials/Scaffold": "Unobtainium", "Materials/Marrow": "marow"},
                     ["Unobtainium", "marow"])  # fmt: skip
        self.changed("no load", 2, ["option-value"], {"Loads/Load factor [-]": 0}, ["Loads/Load factor [-]"])
        self.changed("cap too small to offer", 2, ["option-value"], {"Loads/Cap half angle [deg]": 0.1}, ["[5, 90]"])
        for ranks in (1, 2):
            self.changed("cap smaller than a voxel's face", 3, ["load-on-void"],
                         {"Loads/Cap half angle [deg]": 5, "Loads/Hip contact force [N]": "-100, 0, -2000"}, (),
                         ranks)  # fmt: skip
        self.changed("force out of the socket", 3, ["load-direction"], {"Loads/Hip contact force [N]": "0, 0, 500"})
        self.changed("a force of newtons as kilonewtons", 3, ["units"], {"Loads/Hip contact force [N]": "0, 0, -0.5"})
        for ranks in (1, 2):
            self.changed("nothing is held", 3, ["no-support"], {"Loads/Clamp height [mm]": 0.001}, (), ranks)
        self.changed("voxel sizes out of order", 2, ["voxel-order"], {"Mesh/Finest voxel [mm]": 5})

    def loads(self):
        """Load sets, gait cycles of the user, schedules and muscles: refused before anything is built."""
        cycle = (p.SOURCE / "scripts" / "cases" / "gait_cycle.csv").read_text(encoding="utf-8")

        def gait(what, code, names, text, words=(), options=None, ranks=1):
            pathlib.Path("gait.csv").write_text(text, encoding="utf-8")
            given = {"Loads/Load set": "gait cycle", "Loads/Gait cycle/File": "gait.csv", **(options or {})}
            self.changed(what, code, names, given, words, ranks, seconds=20)

        gait("a sound cycle", 0, [], cycle, ranks=2)
        for ranks in (1, 2):
            gait("a missing column", 2, ["csv-column"], cycle.replace("Fy", "My"), ['"Fy"', "gait.csv", "Fx"],
                 ranks=ranks)  # fmt: skip
            # The whole file counts x the other way: its peak pulls the head medially, as do both phases.
            wrong = cycle.replace("x lateral", "x medial")
            gait("the wrong frame", 3, ["load-direction"], wrong, ["./gait.csv: the peak", "x lateral"], ranks=ranks)
            gait("the wrong frame, phase by phase", 3, ["load-direction"] * 2, wrong,
                 ["gait.csv, phase 17 %", "gait.csv, phase 50 %"], {"Loads/Gait cycle/Direction check": "strict"},
                 ranks=ranks)  # fmt: skip
        gait("a decimal comma", 2, ["csv-columns"], cycle.replace("17,67.7", "17,67,7"), ["gait.csv:10", "decimal comma"])
        semicolons = cycle.replace(",", ";").replace("67.7", "67,7")
        gait("a decimal comma between semicolons", 2, ["csv-number"], semicolons, ["gait.csv:10", '"67,7"', '"Fx"'])
        gait("not a number", 2, ["csv-number"], cycle.replace("67.7", "nan"), ["gait.csv:10", '"nan"'])
        gait("no rows", 2, ["csv-rows"], cycle[: cycle.index("0,16.9")], ["gait.csv", "at least one row"])
        gait("an empty file", 2, ["csv-header"], "", ["gait.csv"])
        gait("no frame", 2, ["option-missing"], cycle.replace("# frame: x lateral\n", ""), ["Loads/Gait cycle/Frame"])
        gait("two frames", 2, ["option-contradicts"], cycle, ["Loads/Gait cycle/Frame", "gait.csv"],
             {"Loads/Gait cycle/Frame": "x medial"})  # fmt: skip
        gait("a phase outside the file", 2, ["gait-phase"], cycle, ["0 to 100 %", "101"],
             {"Loads/Gait cycle/Phases [%]": "17, 101"})  # fmt: skip
        gait("rows out of order", 2, ["gait-order"], cycle + "50,61.6,-21.5,-214.6\n", ["gait.csv:25"])
        gait("per cent taken for newtons", 3, ["units"], cycle.replace("unit: %BW", "unit: N"),
             ["gait.csv", "246.5 N, 32.9 % of the body weight"])  # fmt: skip
        missing = {"Loads/Load set": "gait cycle", "Loads/Gait cycle/File": "nowhere.csv"}
        self.changed("no such file", 2, ["file-missing"], missing, ["nowhere.csv"], 2, seconds=20)
        missing["Loads/Gait cycle/File"] = ""
        self.changed("no file named", 2, ["option-missing"], missing, ["Loads/Gait cycle/File"], seconds=20)
        for weight in ("0", "-750", "nan"):
            self.changed(f"a body weight of {weight}", 2, ["option-value"], {"Loads/Body weight [N]": weight},
                         ["Loads/Body weight [N]", weight], seconds=20)  # fmt: skip
        several = {"Loads/Load set": "several activities"}
        self.changed("no activities", 2, ["option-missing"], several, ["Loads/Activities"], seconds=20)
        self.changed("no cycles", 2, ["option-missing"], {**several, "Loads/Activities": "level walking; stairs up"},
                     ['"stairs up"'], seconds=20)  # fmt: skip
        for schedule in ("7 1", "0 1; 0 2", "0 0,5", "0 -1"):
            self.changed(f"the schedule {schedule}", 2, ["option-value"], {"Loads/Schedule": schedule},
                         ["Loads/Schedule", schedule.rpartition("; ")[2]], seconds=20)  # fmt: skip
        both = {"Loads/Schedule": "7 1", "Loads/Hip contact force [N]": "0, 0, 500"}
        self.changed("two faults of the loads", 3, ["load-direction", "option-value"], both, seconds=20)
        self.changed("muscles of a stance", 2, ["muscles-unknown"],
                     {"Loads/Activity": "one-leg stance", "Loads/Muscles": "of the activity"}, ["one-leg stance"],
                     seconds=20)  # fmt: skip
        self.changed("a foundation without stiffness", 2, ["option-missing"], {"Loads/Support": "elastic foundation"},
                     ["Loads/Foundation stiffness [N/mm^3]"])  # fmt: skip
        self.changed("a muscle that is none", 2, ["unknown-name"],
                     {"Loads/Muscles": "walking", "Loads/Muscles left out": "abductors"}, ['"abductors"'],
                     seconds=20)  # fmt: skip
        pilot = {"Loads/Support": "pilot node", "Loads/Pilot node/Rotations [N mm/rad]": "free; held; held"}
        for ranks in (1, 2):
            self.changed("a femur that can turn", 3, ["no-support"], pilot, ["Loads/Pilot node"], ranks)
            # Nobody looks where this force comes from: the middle of its cap is that of the neck.
            pathlib.Path("neck.csv").write_text("phase,Fx,Fy,Fz\n0,1500,0,1000\n100,1500,0,1000\n")
            self.changed("a cap over the neck", 3, ["load-on-void"],
                         {"Loads/Load set": "gait cycle", "Loads/Gait cycle/File": "neck.csv",
                          "Loads/Gait cycle/Frame": "x medial", "Loads/Gait cycle/Unit": "N",
                          "Loads/Gait cycle/Direction check": "off"}, ["hip contact"], ranks)  # fmt: skip
        for ranks in (1, 2):
            self.changed("a disc smaller than a face", 3, ["muscle-off-bone"],
                         {"Loads/Muscles": "walking", "Loads/Muscle disc radius [mm]": 2}, ["attachment P1"],
                         ranks)  # fmt: skip

    def too_large(self):
        """Refused before it is built: quickly, and within an address space that the model would not fit."""
        fine = {"Mesh/Finest voxel [mm]": 0.02, "Mesh/Interface voxel [mm]": 0.02, "Mesh/Bulk voxel [mm]": 0.02}
        for ranks in (1, 2):
            result = self.changed("a mesh beyond the index range", 7, ["model-size"], fine, ["Mesh/Largest model [-]"],
                                  ranks, seconds=60, preexec=limited(8))  # fmt: skip
            print(f"a mesh beyond the index range, {ranks} ranks: refused after {result.seconds:.1f} s")
        self.changed("a mesh beyond the user's limit", 7, ["model-size"], {"Mesh/Largest model [-]": 20000}, (),
                     seconds=20)  # fmt: skip
        result = p.run(self.wolff, ["run", "case.prm", *p.settings(p.COARSE, fine), "--output", "never"],
                       preexec=limited(8))  # fmt: skip
        self.check(result.code == 7, "a run says the same", result.text())
        self.check(not list(pathlib.Path(".").glob("never/*.pvtu")), "and nothing was started")
        # The libraries take 0.9 of it, the run would take 0.45 more.
        result = p.run(self.wolff, ["run", str(p.SOURCE / "scripts/cases/quickstart.prm"), "--output", "never"],
                       preexec=limited(1.05))  # fmt: skip
        self.check(result.code == 7 and result.fault_names() == ["memory"], "more memory than the process may have",
                   result.text())  # fmt: skip

    def environments(self):
        bare = {"DISPLAY": "", "LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8", "HOME": "/nowhere"}
        result = p.run(self.wolff, ["check", "case.prm", *p.settings(p.COARSE)], env=bare)
        self.check(result.code == 0, "no display, another locale, no home", result.text())
        closed = ["sh", "-c", '"$0" check case.prm "$@" <&- >&- 2>&-', self.wolff, *p.settings(p.COARSE)]
        closed = subprocess.run(closed, env=p.environment(), timeout=120, check=False)
        self.check(closed.returncode == 0, "all standard streams closed", closed.returncode)
        if os.geteuid() != 0:
            os.mkdir("read only")
            os.chmod("read only", 0o500)
            self.expect("a folder that cannot be written", 5, ["folder-unusable"],
                        ["run", "case.prm", *p.settings(p.COARSE), "--output", "read only/out"])  # fmt: skip
        pathlib.Path("a file").write_text("")
        for ranks in (1, 2):
            self.expect("the output folder is a file", 5, ["folder-unusable"],
                        ["run", "case.prm", *p.settings(p.COARSE), "--output", "a file"], (), ranks,
                        seconds=10)  # fmt: skip
        self.expect("the parent of the output folder is a file", 5, ["folder-unusable"],
                    ["run", "case.prm", *p.settings(p.COARSE), "--output", "a file/out"], (), 2,
                    seconds=10)  # fmt: skip


def main():
    faults = Faults()
    with p.scratch_folder():
        shutil.copy(p.SMALL_CASE, "case.prm")
        for part in (faults.case_files, faults.files, faults.surfaces, faults.models, faults.loads, faults.too_large,
                     faults.environments):  # fmt: skip
            part()
    faults.check.finish()


if __name__ == "__main__":
    main()
