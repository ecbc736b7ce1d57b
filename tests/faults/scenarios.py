"""The scenario presets of scripts/cases: each is sound, or refuses with the list of the values that the user must state, and
is sound once they are stated. Coarse voxels: what is asked is which options are missing, not what they do."""

# processors: 1

import re
import sys

import program as p

CASES = p.SOURCE / "scripts" / "cases"
OXYGEN_AND_VESSELS = {
    "VEGF/Production without oxygen [ng/day]": 1e-3,
    "VEGF/Half oxygen [mol/m^3]": 0.005,
    "Vessels/Tip motility [mm^2/day]": 0.1,
    "Vessels/Sprout speed [mm/day]": 0.3,
    "Vessels/Tips at the rim [1/mm^3]": 10,
}
FACTOR = {"Growth factor/Amounts [ng]": 1e6, "Growth factor/Half effect [ng/mm^3]": 50}
CELLS = {"Cell therapy/Retention [-]": 0.3}
# What each preset must ask for, below Regeneration/ unless it says so, with a value that answers.
PRESETS = {
    "untreated_C1": {},
    "untreated_C2": {},
    "core_10mm": {},
    "multi_drill": {},
    "core_bmac": CELLS,
    "delayed_cells": CELLS,
    "ti_gyroid_rod": {},
    "ti_diamond_rod": {},
    "pcl_tcp_gyroid": {"Materials/Scaffold degradation/Modulus exponent [-]": 0.5},
    "tantalum_rod": {},
    "bmp_collagen": FACTOR,
    "bmp_gel": FACTOR,
    "steroid_host": {"Host/Steroid factor [-]": 0.5},
    "post_conditioning_host": {"Host/Conditioning factor [-]": 0.2, "Host/Recovery time [day]": 180},
    "qk_gel": OXYGEN_AND_VESSELS | {"Growth factor/Amounts [ng]": 1e5, "Growth factor/Slow rate [1/day]": 0.2,
                                   "Hydrogel/Degradation half-time [day]": 14},
}
RUN = ("qk_gel", "core_bmac", "tantalum_rod", "pcl_tcp_gyroid")  # over one step
# Options that make no sense alone.
REFUSED = [
    ("Materials/Sclerotic rim [mm]", 3, "option-missing"),
    ("Regeneration/Chemotaxis of stromal cells [mm^5/(ng day)]", 1, "option-contradicts"),
    ("Regeneration/Supply gate/Rule", "vessels", "option-contradicts"),
    ("Regeneration/Inflammation/Model", "macrophages", "option-missing"),
    ("Regeneration/Vesicles/Days [day]", 0, "option-missing"),
    ("Materials/Homogenised scaffold/Stiffness knock-down [-]", 0.4, "option-contradicts"),
    ("Regeneration/Hydrogel/Regions", "track", "option-missing"),
    ("Regeneration/Growth factor/Share of the day with flow [-]", 0.01, "option-contradicts"),
    ("Materials/Scaffold degradation/Law", "constant front", "option-contradicts"),
]


def path(option):
    return option if option.startswith("Materials/") else f"Regeneration/{option}"


def main():
    wolff, check = p.program(), p.Checks()
    with p.scratch_folder():
        for name, needed in PRESETS.items():
            case = [str(CASES / f"{name}.prm"), *p.settings(p.COARSE)]
            bare = p.run(wolff, ["check", *case])
            if needed:
                check(bare.code == 2, f"{name}: refuses as it stands", bare.text())
                named = set(re.findall(r"(?:Regeneration/|(?=Materials/))([^:]+):", "\n".join(bare.faults())))
                check(named == set(needed), f"{name}: names what is missing", (named, set(needed)))
            stated = p.settings({path(option): value for option, value in needed.items()})
            sound = p.run(wolff, ["check", *case, *stated]) if needed else bare
            check(sound.code == 0, f"{name}: is sound" + (" once stated" if needed else ""), sound.text())
            described = re.sub(r"[\s#]+", " ", (CASES / f"{name}.prm").read_text(encoding="utf-8")).lower()
            check("values in use: " in sound.out and "not calibrated." in described,
                  f"{name}: says which values are assumed, and that it is not calibrated", sound.out[-1500:])  # fmt: skip
            for option in needed:
                check(f"{path(option)} = " in sound.out, f"{name}: lists {option}", sound.out[-3000:])
            if name not in RUN:
                continue
            short = p.settings({"Regeneration/Duration [day]": 1, "Regeneration/Mechanics every [day]": 1,
                                "Loads/Schedule": "0 1"})  # fmt: skip
            run = p.run(wolff, ["run", *case, *stated, *short, "--output", name], 2)
            check(run.code == 0, f"{name}: runs", run.text())
            for option in needed:
                check(f"{path(option)} = " in run.out, f"{name}: the run lists {option}", run.out[:3000])
        case = [str(CASES / "core_10mm.prm"), *p.settings(p.COARSE)]
        lattice = p.run(wolff, ["check", *case, "--set", "Regeneration/Backend=lattice agents",
                                "--set", "Regeneration/Crowding of migration [-]=1",
                                "--set", "Regeneration/Lattice/Graft regions=heart"])  # fmt: skip
        check(lattice.fault_names() == ["backend-ignores", "unknown-name"] and "Crowding" in lattice.err, "what the lattice would ignore",
              lattice.text())  # fmt: skip
        for option, value, name in REFUSED:
            result = p.run(wolff, ["check", *case, "--set", f"{option}={value}"])
            check(result.code == 2 and name in result.fault_names(), f"{option} = {value} alone: {name}", result.text())
        # Cells can follow no surface that is not known.
        result = p.run(wolff, ["check", str(CASES / "tantalum_rod.prm"), *p.settings(p.COARSE),
                               "--set", "Regeneration/Surface guidance/Migration=true"])  # fmt: skip
        check(result.code == 2 and result.fault_names() == ["option-missing"], "a foam has no known surface", result.text())
        # A law without a number, of a metal that stays.
        result = p.run(wolff, ["check", str(CASES / "ti_gyroid_rod.prm"), *p.settings(p.COARSE),
                               "--set", "Materials/Scaffold degradation/Law=constant front"])  # fmt: skip
        check(result.code == 2 and result.fault_names() == ["option-missing"], "titanium has no rate", result.text())
        check("Ti6Al4V" in result.err and "corrosion_rate" in result.err, "the fault names material and rate")
    check.finish()


if __name__ == "__main__":
    sys.exit(main())
