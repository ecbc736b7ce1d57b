"""What the project says about itself must agree: one version everywhere, every fault name in the manual, scripts that
parse, no path of one machine, no large file."""

# processors: 1

import pathlib
import re
import subprocess
import sys
import tempfile

LARGEST_FILE = 2_000_000  # bytes; larger data is generated or fetched by the user, never committed

# A path of one machine. The look-behind lets addresses (https://...) and longer relative paths pass.
MACHINE_PATH = re.compile(r"(?<![\w.)}/-])/(?:home|root|work|tmp)/")

# Files that may name such a path, with the reason: {file: reason}.
PATHS_ALLOWED = {}


def tracked_files(root):
    """What git knows, or would add; in an unpacked release without git, everything but what a build leaves."""
    listing = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True, check=False,
    )  # fmt: skip
    if listing.returncode == 0 and listing.stdout:
        names = sorted(set(listing.stdout.decode().rstrip("\0").split("\0")))
        return [root / name for name in names if (root / name).is_file()]
    left_by_builds = {"build", ".git", "__pycache__"}
    return sorted(
        p for p in root.rglob("*") if p.is_file() and not left_by_builds & set(p.relative_to(root).parts)
    )


def text_of(path):
    """The text of the file, or None if it is binary."""
    data = path.read_bytes()
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def version_offences(root):
    where = {
        "CMakeLists.txt": r"project\(\s*wolff\s+VERSION\s+([\d.]+)",
        "CITATION.cff": r"(?m)^version:\s*[\"']?([\d.]+)",
        "CHANGELOG.md": r"(?m)^## \[?([^\s\]]+)",  # the first heading is the newest
    }
    versions = {}
    for name, pattern in where.items():
        match = re.search(pattern, (root / name).read_text(encoding="utf-8"))
        versions[name] = match[1] if match else "none"
    if len(set(versions.values())) == 1 and "none" not in versions.values():
        return []
    return ["versions differ: " + ", ".join(f"{name} {version}" for name, version in versions.items())]


def fault_offences(root):
    """Each fault name in the code stands in the manual, where a user will search for it, and the other way round."""
    manual = (root / "solver/doc/faults.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"(?m)^\| `([a-z0-9-]+)` \|", manual))
    found, strings = [], set()
    for path in sorted(p for p in (root / "solver").rglob("*") if p.suffix in (".h", ".cc")):
        code = path.read_text(encoding="utf-8")
        strings.update(re.findall(r'"([a-z0-9-]+)"', code))
        for match in re.finditer(r'(?:\bExit::\w+,\s*|\b[Ff]ault\(\s*)"([a-z0-9-]+)"', code):
            if match[1] not in listed:
                line = code.count("\n", 0, match.start(1)) + 1
                name = path.relative_to(root).as_posix()
                found.append(f'{name}:{line}: fault "{match[1]}" is missing in solver/doc/faults.md')
    return found + [f'solver/doc/faults.md: no code knows the fault "{name}"' for name in sorted(listed - strings)]


def file_offences(root, path):
    name = path.relative_to(root).as_posix()
    size = path.stat().st_size
    if size > LARGEST_FILE:
        return [f"{name}: {size} bytes; at most {LARGEST_FILE} may be committed"]
    text = text_of(path)
    if text is None:
        return []
    found = []
    if name not in PATHS_ALLOWED:
        for number, line in enumerate(text.splitlines(), 1):
            if MACHINE_PATH.search(line):
                found.append(f"{name}:{number}: path of one machine: {line.strip()[:100]}")
    first = text.split("\n", 1)[0]
    is_python = path.suffix == ".py" or (first.startswith("#!") and "python" in first)
    is_shell = path.suffix == ".sh" or (first.startswith("#!") and re.search(r"\b(ba)?sh\b", first))
    if is_python:
        try:
            compile(text, name, "exec")
        except SyntaxError as error:
            found.append(f"{name}:{error.lineno}: {error.msg}")
    elif is_shell or name == "scripts/setup":
        check = subprocess.run(["bash", "-n", str(path)], capture_output=True, text=True, check=False)
        if check.returncode != 0:
            found.append(f"{name}: bash -n: {check.stderr.strip()}")
    return found


def offences(root):
    found = version_offences(root) + fault_offences(root)
    for path in tracked_files(root):
        found += file_offences(root, path)
    return found


def self_test():
    """A made-up project with one fault of each kind: all must be found, and nothing else."""
    somewhere = "/" + "home/someone/data"  # in two parts, so that this file itself names no such path
    tree = {
        "CMakeLists.txt": "project(wolff VERSION 1.2.3 LANGUAGES CXX)\n",
        "CITATION.cff": "cff-version: 1.2.0\nversion: 1.2.3\n",
        "CHANGELOG.md": "# Changelog\n\n## 1.2.4 (in preparation)\n\n## 1.2.3\n",
        "solver/doc/faults.md": "| `file-missing` | 2 |\n| `forgotten` | 2 |\n",
        "solver/a.cc": '\nFault(Exit::input, "file-missing");\nFault(Exit::input, "surprise");\n',
        "note.md": f"see https://example.org{somewhere} and build/home/x\nthen {somewhere}\n",
        "large.bin": "x" * (LARGEST_FILE + 1),
        "script": "#!/usr/bin/env bash\nif true; then\n",
        "program.py": "def broken(:\n",
        "sound.py": "print('sound')\n",
    }
    expected = [
        "versions differ",
        "solver/a.cc:3:",
        "solver/doc/faults.md: no code",
        "note.md:2:",
        "large.bin:",
        "script: bash -n",
        "program.py:1:",
    ]
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder).resolve()
        for name, content in tree.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(content, encoding="utf-8")
        found = offences(root)
    missed = [start for start in expected if not any(line.startswith(start) for line in found)]
    for start in missed:
        print(f"self test: not found: {start}")
    if len(found) != len(expected):
        print("self test: found, but should not be: ", *found, sep="\n  ")
    return not missed and len(found) == len(expected)


def main():
    if not self_test():
        return 1
    root = pathlib.Path(__file__).resolve().parents[2]
    found = offences(root)
    for line in found:
        print(line)
    print(f"{len(tracked_files(root))} files read, {len(found)} offence(s)")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
