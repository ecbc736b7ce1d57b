"""The folders below solver/ are the architecture: arrows point one way only. Reads every #include line and fails on one
that the table below does not allow; first it proves on a made-up tree that it can fail."""

# processors: 1

import pathlib
import re
import sys
import tempfile

POINT = {"base"}
BELOW_MECHANICS = {"base", "material", "geometry", "discretisation", "loads"}
BELOW_REGENERATION = {"base", "material", "stimulus", "tissue", "geometry", "discretisation"}
BELOW_ANALYSIS = BELOW_MECHANICS | BELOW_REGENERATION | {"mechanics", "regeneration"}
BELOW_COUPLING = BELOW_ANALYSIS | {"analysis", "io"}

MAY_KNOW = {
    "base": set(),
    "material": POINT,
    "stimulus": POINT,
    "tissue": POINT | {"material"},
    "geometry": {"base"},
    "discretisation": {"base", "geometry"},
    "loads": {"base", "geometry", "discretisation"},
    "mechanics": BELOW_MECHANICS,
    "regeneration": BELOW_REGENERATION,
    "analysis": BELOW_ANALYSIS,
    "io": {"base", "geometry", "discretisation"},
    "coupling": BELOW_COUPLING,
    "app": BELOW_COUPLING | {"coupling"},
}

# What a room must not use from outside: (pattern of the header, rooms, what the room would then know).
POINT_ROOMS = {"material", "stimulus", "tissue"}
FORBIDDEN_OUTSIDE = [
    (r"mpi\.h", POINT_ROOMS, "MPI"),
    (r"deal\.II/", POINT_ROOMS | {"base", "geometry"}, "deal.II"),
    (r"vtk", POINT_ROOMS | {"base", "discretisation", "loads", "mechanics", "regeneration"}, "VTK"),
    (r"vtk.*(Reader|Writer)", {"analysis", "coupling"}, "files"),
    (r"fstream|filesystem", POINT_ROOMS | {"mechanics", "regeneration", "analysis"}, "files"),
]

# Headers that may pull in deal.II or VTK, because what they offer is made of it: {file: reason}.
HEAVY_HEADERS = {
    "discretisation/triangulation.h": "offers the deal.II triangulation itself, to the files that number unknowns",
}

QUOTED = re.compile(r'^\s*#\s*include\s+"([^"]+)"')
ANGLED = re.compile(r"^\s*#\s*include\s+<([^>]+)>")


def offences(solver, heavy_headers):
    """One line "file:line: what is wrong" for each include that is not allowed."""
    found = []
    includes = {}
    for path in sorted(p for p in solver.rglob("*") if p.suffix in (".h", ".cc")):
        name = path.relative_to(solver).as_posix()
        room = name.split("/")[0]
        if room not in MAY_KNOW:
            found.append(f"{name}:1: {room}/ is not a room; known: {', '.join(MAY_KNOW)}")
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            quoted, angled = QUOTED.match(line), ANGLED.match(line)
            if quoted:
                target = quoted[1]
                other = target.split("/")[0]
                if other not in MAY_KNOW:
                    found.append(f'{name}:{number}: "{target}" is not written as "room/file.h"')
                elif not (solver / target).is_file():
                    found.append(f'{name}:{number}: "{target}" does not exist')
                elif other != room and other not in MAY_KNOW[room]:
                    allowed = ", ".join(sorted(MAY_KNOW[room])) or "no room of ours"
                    found.append(f'{name}:{number}: {room} must not know {other} ("{target}"); it may know {allowed}')
                includes.setdefault(name, []).append((number, target))
            elif angled:
                for pattern, rooms, subject in FORBIDDEN_OUTSIDE:
                    if room in rooms and re.match(pattern, angled[1]):
                        found.append(f"{name}:{number}: {room} must not know {subject} (<{angled[1]}>)")
                heavy = re.match(r"deal\.II/|vtk", angled[1])
                if heavy and path.suffix == ".h" and name not in heavy_headers:
                    found.append(f"{name}:{number}: <{angled[1]}> belongs in a .cc file, it costs seconds per include")
    for header in heavy_headers:
        if not (solver / header).is_file():
            found.append(f"{header}:1: listed as a heavy header, but does not exist")
    return found + cycles(includes)


def cycles(includes):
    """Files that include each other, each ring once, with the line that closes it."""
    found, done = [], set()

    def walk(name, trail):
        for number, target in includes.get(name, []):
            if target in trail:
                ring = trail[trail.index(target) :] + [target]
                found.append(f"{name}:{number}: files include each other: {' -> '.join(ring)}")
            elif target not in done:
                walk(target, trail + [target])
        done.add(name)

    for name in sorted(includes):
        if name not in done:
            walk(name, [name])
    return found


def self_test():
    """A made-up tree: each forbidden line must be found where it stands, and no allowed one."""
    tree = {
        "base/a.h": '#include "base/b.h"\n#include <mpi.h>\n#include <fstream>\n',
        "base/b.h": '#include "base/a.h"\n',  # line 1: cycle
        "base/c.cc": '#include "geometry/g.h"\n#include <deal.II/base/point.h>\n#include <vtkNew.h>\n',  # 1 2 3
        "geometry/g.h": '#include "base/a.h"\n',
        "geometry/g.cc": '#include "geometry/g.h"\n#include <vtkSTLReader.h>\n',
        "material/m.cc": '#include <mpi.h>\n  #  include <vtkNew.h>\n#include <cmath>\n',  # 1 2
        "stimulus/s.cc": '#include "tissue/t.h"\n',  # 1
        "tissue/t.h": '#include "../base/a.h"\n',  # 1
        "mechanics/m.h": "\n#include <deal.II/fe/fe_q.h>\n",  # 2: heavy
        "mechanics/m.cc": '#include "mechanics/absent.h"\n#include "stimulus/s.h"\n',  # 1, 2 (absent)
        "regeneration/r.cc": '#include "mechanics/m.h"\n',  # 1
        "analysis/a.cc": "#include <vtkXMLImageDataWriter.h>\n",  # 1
        "coupling/c.cc": '#include "app/x.h"\n#include "io/i.h"\n#include "mechanics/m.h"\n',  # 1
        "io/i.h": "#include <vtkNew.h>\n",  # allowed by the list
        "app/x.h": '#include "coupling/c.h"\n',  # 1 (absent)
        "helpers/h.h": "",  # 1: not a room
    }
    expected = {
        "base/b.h:1", "base/c.cc:1", "base/c.cc:2", "base/c.cc:3", "material/m.cc:1", "material/m.cc:2",
        "stimulus/s.cc:1", "tissue/t.h:1", "mechanics/m.h:2", "mechanics/m.cc:1", "mechanics/m.cc:2",
        "regeneration/r.cc:1", "analysis/a.cc:1", "coupling/c.cc:1", "app/x.h:1", "helpers/h.h:1",
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        solver = pathlib.Path(folder)
        for name, content in tree.items():
            (solver / name).parent.mkdir(exist_ok=True)
            (solver / name).write_text(content, encoding="utf-8")
        found = {":".join(line.split(":")[:2]) for line in offences(solver, {"io/i.h": "made up"})}
    for missed in sorted(expected - found):
        print(f"self test: the forbidden include at {missed} was not found")
    for wrong in sorted(found - expected):
        print(f"self test: the allowed include at {wrong} was reported")
    return found == expected


def main():
    if not self_test():
        return 1
    solver = pathlib.Path(__file__).resolve().parents[2] / "solver"
    found = offences(solver, HEAVY_HEADERS)
    for line in found:
        print(f"solver/{line}")
    files = sum(1 for p in solver.rglob("*") if p.suffix in (".h", ".cc"))
    print(f"{files} files read, {len(found)} include(s) not allowed")
    return 1 if found or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
