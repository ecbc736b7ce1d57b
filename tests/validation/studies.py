#!/usr/bin/python3
"""Published orderings of scaffold and cell therapy, tried with the program as it is: nothing is tuned to them. Runs what
is not there yet, one run at a time, and prints the table of a study.

    studies.py WOLFF FOLDER empty_gap     empty 40 mm gap, 20 seeds, with and without the defects of the published program
    studies.py WOLFF FOLDER surfaces      bone graft, surface-guided migration and deposition against none
    studies.py WOLFF FOLDER loads         three loads, cells seeded against cells that come by themselves
    studies.py WOLFF FOLDER doses         four doses of stromal cells in the lesion
    studies.py WOLFF FOLDER backends      the quickstart with densities and with single cells, curves of bone

Options: --ranks N (1), --seeds N (fewer than the study has), --days N.
"""

import argparse
import csv
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
CASES = HERE.parents[1] / "scripts" / "cases"
SEED = "Regeneration/Lattice/Seed [-]"
DURATION = "Regeneration/Duration [day]"
TISSUES = ("bone", "cartilage", "fibrous", "granulation")
THERAPY = "Regeneration/Cell therapy/"


def dose(cells, retention, region):
    return {} if cells == 0 else {f"{THERAPY}Days [day]": 0, f"{THERAPY}Cells [-]": cells,
                                  f"{THERAPY}Retention [-]": retention, f"{THERAPY}Regions": region}  # fmt: skip


def surfaces(seeds, days):
    case = HERE / "scaffold_gap.prm"
    common = {"Materials/Scaffold": "Ti6Al4V", "Loads/End load/Axial force [N]": 125, DURATION: days or 120}
    lattice = "Regeneration/Lattice/"
    graft = {f"{lattice}Graft regions": "track, scaffold pore"}
    into_graft = {**graft, f"{lattice}Migration into graft only": "true"}
    on_surfaces = {f"{lattice}Surface-guided deposition": "true"}
    along_surfaces = {f"{lattice}Surface-guided migration": "true"}
    for name, variant in (("plain", {}),
                          ("graft, faster differentiation", {**graft, f"{lattice}Differentiation in graft [1/day]": 0.5}),
                          ("graft, late division in it only", {**graft, f"{lattice}Late MSC division": "in graft"}),
                          ("graft, migration into it only", into_graft),
                          ("guided deposition", on_surfaces),
                          ("guided migration", along_surfaces),
                          ("guided migration and deposition", {**along_surfaces, **on_surfaces}),
                          ("migration into graft, guided deposition", {**into_graft, **on_surfaces})):  # fmt: skip
        yield name, case, {**common, f"{lattice}Activity drop factor [-]": 5, **variant}, seeds or 3
    guidance = "Regeneration/Surface guidance/"
    for name, on in (("continuum", ()), ("continuum, guided migration", ("Migration",)),
                     ("continuum, guided migration and deposition", ("Migration", "Deposition"))):  # fmt: skip
        yield name, case, {**common, "Regeneration/Backend": "continuum", "Regeneration/Kinetics/Activity afterwards [-]": 0.2,
                           **{guidance + option: "true" for option in on}}, None  # fmt: skip


def loads(seeds, days):
    for force in (2, 10, 50):
        for cells in (0, 2000):
            name = f"{force} N, {'seeded' if cells else 'by themselves'}"
            yield name, HERE / "scaffold_gap.prm", {
                "Materials/Scaffold": "PCL", "Loads/End load/Axial force [N]": force, DURATION: days or 60,
                **dose(cells, 1, "scaffold pore")}, seeds or 3  # fmt: skip


def empty_gap(seeds, days):
    for legacy in ("false", "true"):
        yield f"legacy {legacy}", CASES / "segmental_defect.prm", {
            "Regeneration/Lattice/Legacy": legacy, DURATION: days or 60, "Output/Every [day]": 60,
            "Output/Checkpoint every [step]": 1000}, seeds or 20  # fmt: skip


def doses(_, days):
    for cells in (0, 2000, 25000, 90000):
        # Without a dose the case would refuse its own empty retention: the case without cells is another one.
        case = CASES / ("core_bmac.prm" if cells else "core_10mm.prm")
        yield f"{cells} cells", case, {
            DURATION: days or 84, "Regeneration/Mechanics every [day]": 7,
            **({f"{THERAPY}Cells [-]": cells, f"{THERAPY}Retention [-]": 0.3} if cells else {})}, None  # fmt: skip


def backends(_, days):
    for backend in ("continuum", "lattice agents"):
        yield backend, CASES / "quickstart.prm", {"Regeneration/Backend": backend, DURATION: days or 84}, None


STUDIES = {study.__name__: study for study in (empty_gap, surfaces, loads, doses, backends)}
SHOWN = {"empty_gap": (12, 24, 36, 48), "backends": (28, 56), "loads": (15, 30), "surfaces": (30, 60)}  # and the last day
ZONES = {"doses": ("lesion", "track"), "backends": ("lesion", "scaffold_pore", "track")}


def history_of(options, case, settings, folder):
    """Rows of the run, which is made if it is not there."""
    if not (folder / "summary.json").exists():
        words = [word for item in settings.items() for word in ("--set", "{}={}".format(*item))]
        command = [options.wolff.resolve(), "run", case, *words, "--output", folder, "--overwrite", "--break-lock"]
        if options.ranks > 1:
            command = ["mpirun", "--oversubscribe", "-n", str(options.ranks), *command]
        folder.parent.mkdir(parents=True, exist_ok=True)
        with open(f"{folder}.log", "w", encoding="utf-8") as log:
            if subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, check=False).returncode != 0:
                sys.exit(f"{folder}.log: the run failed")
    with open(folder / "history.csv", encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def text_of(values):
    values = [float(value) for value in values]
    if len(values) == 1:
        return f"{values[0]:.4f}"
    return f"{statistics.mean(values):.4f} +- {statistics.stdev(values):.4f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wolff", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("study", choices=STUDIES)
    parser.add_argument("--ranks", type=int, default=1)
    parser.add_argument("--seeds", type=int)
    parser.add_argument("--days", type=int)
    options = parser.parse_args()
    zones = ZONES.get(options.study, ("healing_domain",))
    print("| run | day |" + "".join(f" {tissue}, {zone} |" for zone in zones for tissue in TISSUES))
    print("| --- |" + " --- |" * (1 + len(zones) * len(TISSUES)))
    for name, case, settings, seeds in STUDIES[options.study](options.seeds, options.days):
        place = options.folder.resolve() / options.study / name.replace(",", "").replace(" ", "_")
        runs = [history_of(options, case, settings | ({SEED: seed} if seeds else {}), place / f"seed_{seed}")
                for seed in range(1, (seeds or 1) + 1)]  # fmt: skip
        days = [float(row["day"]) for row in runs[0]]
        for k in [k for k, day in enumerate(days) if day in SHOWN.get(options.study, ()) or k == len(days) - 1]:
            cells = [text_of(run[k][f"{tissue}_fraction_{zone}"] for run in runs) for zone in zones for tissue in TISSUES]
            print(f"| {name} | {float(runs[0][k]['day']):g} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
