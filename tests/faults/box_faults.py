"""What a user may do wrong with a box or an image: exit code, fault name and place; on one rank and on two where the
ranks find it, or one of them alone."""

# processors: 1

import pathlib

import program as p

CASE = p.SOURCE / "scripts" / "cases" / "box_compression.prm"
FACES = "Problem/Faces/"
# 16^3 voxels instead of the case's 65 thousand; everything is refused before it is solved.
SMALL = {"Geometry/Box/Voxels [-]": "16, 16, 16", "Geometry/Box/Refined where": ""}


class BoxFaults:
    def __init__(self):
        self.wolff, self.check = p.program(), p.Checks()

    def expect(self, what, code, names, options, words=(), verb="check", switches=(), counts=(1, 2)):
        for ranks in counts:
            arguments = [verb, CASE, *p.settings(SMALL, options), *switches, "--output", "out"]
            if verb == "check":
                arguments = arguments[:-2]
            result = p.run(self.wolff, arguments, ranks, timeout=60)
            said = "\n".join(result.faults())
            self.check(result.code == code, f"{what}, {ranks} ranks: exit {code}", result.text())
            self.check(result.fault_names() == names, f"{what}, {ranks} ranks: {names}", said or result.text())
            for word in words:
                self.check(word in said, f'{what}, {ranks} ranks: "{word}" is said', said)

    def on_one(self, *arguments):
        self.expect(*arguments, counts=(1,))

    def options(self):
        self.expect("unknown body", 2, ["option-value"], {"Geometry/Body": "bone"}, ["femur, long bone, box"])
        self.on_one("unknown condition", 2, ["option-value"], {f"{FACES}x-/Condition": "rolled"}, ["clamped"])
        self.on_one("voxels that fill no bricks", 2, ["box-voxels"], {"Geometry/Box/Voxels [-]": "16, 12, 16"}, ["12"])
        self.on_one("a box beyond the index range", 7, ["index-range"],
                    {"Geometry/Box/Voxels [-]": "8000, 8000, 8000"})  # fmt: skip
        self.expect("a box beyond the user's limit", 7, ["model-size"], {"Mesh/Largest model [-]": 3000})
        self.on_one("displacement missing", 2, ["face-condition"], {f"{FACES}z+/Displacement [mm]": ""},
                    [f"{FACES}z+/Displacement [mm]"])  # fmt: skip
        self.on_one("malformed expression", 2, ["expression-syntax"], {"Problem/Young modulus [MPa]": "1 + "},
                    ["Problem/Young modulus [MPa]"])  # fmt: skip
        self.on_one("unknown name", 2, ["expression-name"], {f"{FACES}z+/Displacement [mm]": "0; 0; strian"},
                    ['strain"?'])  # fmt: skip
        self.expect("all at once", 2, ["expression-parts", "face-condition"],
                    {f"{FACES}x-/Displacement [mm]": "", "Problem/Exact/Stress [MPa]": "0; 0"})  # fmt: skip
        self.on_one("periodic on one side", 3, ["periodic-pair"],
                    {f"{FACES}x-/Condition": "periodic", f"{FACES}x-/Displacement [mm]": ""})  # fmt: skip

    def models(self):
        self.expect("modulus not positive", 3, ["modulus-range"], {"Problem/Young modulus [MPa]": "x - 0.1"},
                    ["Problem/Young modulus [MPa]", "at (0.016, 0.016, 0.016) mm"])  # fmt: skip
        self.expect("Poisson ratio too large", 3, ["poisson-range"], {"Problem/Poisson ratio [-]": "0.5"}, ["0.5"])
        self.expect("modulus not finite", 2, ["not-finite"], {"Problem/Young modulus [MPa]": "1/(x - 0.016)"})
        self.expect("nothing is solid", 3, ["all-void"], {"Geometry/Box/Solid where": "-1"})
        self.expect("a condition on an empty side", 3, ["face-empty"], {"Geometry/Box/Solid where": "0.4 - z"},
                    [f"{FACES}z+/Condition"])  # fmt: skip
        free = {f"{FACES}{face}/{option}": value for face in ("x-", "y-")
                for option, value in (("Condition", "free"), ("Displacement [mm]", ""))}  # fmt: skip
        self.expect("only smooth platens", 3, ["no-support"], free,
                    ["translation along x, translation along y, rotation about z"])  # fmt: skip
        hollow = {**free, "Geometry/Box/Solid where": "abs(z - 0.256) - 0.07"}
        clamped = {**hollow, f"{FACES}z-/Condition": "clamped", f"{FACES}z-/Displacement [mm]": ""}
        self.expect("a part that only a platen holds", 3, ["islands"], clamped, ["1 part(s)", "--drop-islands"])
        loose = {"Geometry/Box/Solid where": "max(0.2 - z, 0.06 - abs(x - 0.256) - abs(y - 0.256) - abs(z - 0.36))",
                 f"{FACES}z+/Condition": "free", f"{FACES}z+/Displacement [mm]": "",
                 f"{FACES}x+/Condition": "platen", f"{FACES}x+/Displacement [mm]": "0.001; free; free"}  # fmt: skip
        self.expect("an island", 3, ["islands"], loose, ["1 part(s)", "(0.256, 0.256, 0.352)"])
        dropped = p.run(self.wolff, ["solve", CASE, *p.settings(SMALL, loose), "--drop-islands", "--output", "out"], 2)
        self.check(dropped.code == 0 and "warning[islands]" in dropped.out, "islands are dropped when asked",
                   dropped.text())  # fmt: skip
        near = p.run(self.wolff, ["check", CASE, *p.settings(SMALL, {"Problem/Poisson ratio [-]": "0.495"})])
        self.check(near.code == 0 and "warning[near-incompressible]" in near.out, "locking is warned of", near.text())

    def verbs(self):
        self.on_one("healing of a box", 2, ["body-without-tissue"], {}, ["Regeneration/Backend"], "run")
        self.on_one("exchange of a box", 2, ["body-without-tissue"], {"Regeneration/Backend": "none"}, ["--exchange"],
                    "run", ["--exchange"])  # fmt: skip
        pathlib.Path("state.vtu").write_text("")
        self.expect("a state of a box", 2, ["body-without-tissue"], {}, ["--state"], "solve", ["--state", "state.vtu"])
        self.on_one("regeneration of a box", 2, ["body-without-tissue"], {}, ["regenerate"], "regenerate",
                    ["--mechanics", "state.vtu"])  # fmt: skip

    def images(self):
        image = {"Geometry/Body": "image", "Geometry/Image/Phases": "0 void; 1 100 0.3"}

        def expect(what, code, names, options, words=(), counts=(1,)):
            self.expect(what, code, names, {**image, **options}, words, counts=counts)

        expect("no image named", 2, ["option-missing"], {}, ["Geometry/Image/File"])
        expect("no image there", 2, ["file-missing"], {"Geometry/Image/File": "none.vti"}, ["none.vti"], (1, 2))
        labels = "\n".join(" ".join(str((i + j) % 3) for i in range(16)) for j in range(256))
        path = pathlib.Path("small.vti").resolve()
        path.write_text(
            '<VTKFile type="ImageData" version="1.0" byte_order="LittleEndian">'
            '<ImageData WholeExtent="0 16 0 16 0 16" Origin="0 0 0" Spacing="0.032 0.032 0.032">'
            '<Piece Extent="0 16 0 16 0 16"><CellData><DataArray type="UInt8" Name="phase" format="ascii">'
            f"{labels}</DataArray></CellData></Piece></ImageData></VTKFile>", encoding="utf-8")  # fmt: skip
        here = {"Geometry/Image/File": str(path)}
        expect("a label without phase", 3, ["phase-undefined"], here, ["2", "Geometry/Image/Phases"], (1, 2))
        for text in ("0 void; 1 100", "0; 1 100 0.3", "zero void", "1 100 0.3; 1 200 0.3", "1 100 0.3 7"):
            expect(f'phases "{text}"', 2, ["option-value"], {**here, "Geometry/Image/Phases": text},
                   ["Geometry/Image/Phases"])  # fmt: skip
        expect("an unknown material", 2, ["material-unknown"],
               {**here, "Geometry/Image/Phases": "0 void; 1 Ti6Al4W; 2 void"}, ["Ti6Al4V?"])  # fmt: skip
        expect("a Poisson ratio out of range", 3, ["poisson-range"],
               {**here, "Geometry/Image/Phases": "0 void; 1 100 0.6; 2 void"})  # fmt: skip
        expect("a modulus in Pa", 3, ["modulus-unit"], {**here, "Geometry/Image/Phases": "0 void; 1 1e9 0.3; 2 void"})
        expect("no such array", 2, ["array-missing"], {**here, "Geometry/Image/Labels array": "label"}, ["phase"])
        expect("two sources of moduli", 2, ["option-contradicts"], {**here, "Geometry/Image/Modulus array": "E"})


def main():
    faults = BoxFaults()
    with p.scratch_folder():
        for part in (faults.options, faults.models, faults.verbs, faults.images):
            part()
    faults.check.finish()


if __name__ == "__main__":
    main()
