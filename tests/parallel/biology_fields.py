"""Oxygen, VEGF, vessels, a factor, vesicles, cells in a carrier, a front of resorption, a scaffold that guides cells and
corrodes and host factors in a run: in memory = through files = in two parts, bit for bit; the same on 1 to 4 ranks; every
field of the contract in the files; the marks of all values in use."""

import pathlib
import shutil

import program as p

np = p.np
BIOLOGY = {
    "Regeneration/Oxygen/Model": "at rest",
    "Regeneration/VEGF/Model": "at rest",
    "Regeneration/VEGF/Production without oxygen [ng/day]": 1e-3,
    "Regeneration/VEGF/Half oxygen [mol/m^3]": 0.005,
    "Regeneration/Vessels/Model": "tips and density",
    "Regeneration/Vessels/Tip motility [mm^2/day]": 0.5,
    "Regeneration/Vessels/Sprout speed [mm/day]": 0.5,
    "Regeneration/Vessels/Tips at the rim [1/mm^3]": 10,
    "Regeneration/Vessels/Chemotaxis [mm^5/(ng day)]": 50,
    "Regeneration/Vessels/Host density [mm/mm^3]": 30,
    "Regeneration/Supply gate/Rule": "vessels",
    "Regeneration/Growth factor/Release": "collagen sponge",
    "Regeneration/Growth factor/Days [day]": 1,
    "Regeneration/Growth factor/Amounts [ng]": 1e5,
    "Regeneration/Growth factor/Regions": "scaffold pore",
    "Regeneration/Growth factor/Half effect [ng/mm^3]": 10,
    "Regeneration/Growth factor/Longest step [day]": 0.5,
    "Regeneration/Vesicles/Days [day]": 1,
    "Regeneration/Vesicles/Doses [unit]": 100,
    "Regeneration/Vesicles/Regions": "lesion",
    "Regeneration/Vesicles/Half-life [day]": 1,
    "Regeneration/Vesicles/Half effect [unit/mm^3]": 0.01,
    "Regeneration/Vesicles/Recruitment [-]": 0.5,
    "Regeneration/Lesion/Resorption front speed [mm/day]": 0.5,
    "Regeneration/Lesion/Host marrow": "ablated",
    "Regeneration/Lesion/Reconstitutes from [day]": 3,
    "Regeneration/Cell therapy/Days [day]": 1,
    "Regeneration/Cell therapy/Cells [-]": 90000,
    "Regeneration/Cell therapy/Retention [-]": 0.3,
    "Regeneration/Cell therapy/Regions": "lesion",
    "Regeneration/Cell therapy/Release half-time [day]": 2,
    "Regeneration/Cell therapy/Osteogenic factor [-]": 0.5,
    "Regeneration/Hydrogel/Regions": "lesion",
    "Regeneration/Hydrogel/Degradation half-time [day]": 10,
    "Regeneration/Host/Factor of ablated marrow [-]": 0.8,
    "Regeneration/Chemotaxis of stromal cells [mm^5/(ng day)]": 0.01,
    "Regeneration/Surface guidance/Migration": "true",
    "Regeneration/Surface guidance/Deposition": "true",
    "Regeneration/Surface guidance/Osteoconduction [-]": 1.5,
    "Regeneration/Inflammation/Model": "macrophages",
    "Regeneration/Inflammation/Capacity [1/mm^3]": 100,
    "Regeneration/Inflammation/Clearing of debris [1/day]": 0.5,
    "Regeneration/Inflammation/Recruitment of M1 [1/day]": 0.5,
    "Regeneration/Inflammation/Switch to M2 [1/day]": 1,
    "Regeneration/Inflammation/M1 death rate [1/day]": 0.2,
    "Regeneration/Inflammation/M2 death rate [1/day]": 0.1,
    "Regeneration/Inflammation/Base IL-10 [-]": 0.1,
    "Regeneration/Inflammation/IL-10 of stromal cells [-]": 0.2,
    "Regeneration/Inflammation/Activity without M2 [-]": 0.3,
    "Regeneration/Inflammation/Gain by M2 [-]": 0.6,
    "Regeneration/Host/Steroid exposure": "true",
    "Regeneration/Host/Steroid factor [-]": 0.5,
    "Regeneration/Host/History of blood cancer": "true",
    "Materials/Sclerotic rim [mm]": 5,
    "Materials/Sclerotic density factor [-]": 1.5,
    "Materials/Scaffold degradation/Law": "constant front",
    "Materials/Scaffold degradation/Front speed [um/day]": 40,
    "Regeneration/Duration [day]": 4,
    "Regeneration/Mechanics every [day]": 2,
    "Output/State files": "all",
    "Output/Checkpoint every [step]": 1,
    "Output/Every [day]": 2,
}
# Arrays that must be above zero somewhere in the healing domain after four days.
FIELDS = ["oxygen_mol_per_m3", "vegf_ng_per_mm3", "vessel_tips_per_mm3", "vessel_density_mm_per_mm3",
          "growth_factor_ng_per_mm3", "vesicles_unit_per_mm3", "carried_msc_per_mm3", "debris",
          "implanted_immature_msc_1_per_mm3", "m1_macrophages_per_mm3", "m2_macrophages_per_mm3", "activity_factor",
          "scaffold_density", "mw_ratio"]  # fmt: skip
# What stands for each quantity of the model in the files of a step, with the unit that ends its name: [tissue], [mechanics].
ARRAYS = {
    "immature and mature stromal cells": ("_per_mm3", ["immature_msc_1", "immature_msc_2", "immature_msc_3", "mature_msc"], []),
    "formed cells": ("_per_mm3", ["fibroblasts", "chondrocytes", "osteoblasts"], []),
    "shares of tissue": ("", ["fraction_granulation", "fraction_fibrous", "fraction_cartilage", "fraction_immature_bone",
                              "fraction_mature_bone", "fraction_scaffold"], []),
    "vessels": ("_mm_per_mm3", ["vessel_density"], []),
    "oxygen": ("_mol_per_m3", ["oxygen"], []),
    "factors": ("_ng_per_mm3", ["vegf", "growth_factor"], []),
    "activity and labels": ("", ["activity_factor", "marrow_state", "lesion_state"], []),
    "stimulus": ("", [], ["stimulus", "phenotype_id", "octahedral_shear_strain", "largest_principal_strain",
                          "smallest_principal_strain"]),
    "flow": ("_mm_per_s", [], ["darcy_flux"]),
    "stress and energy": ("_MPa", [], ["hydrostatic_stress", "strain_energy_density"]),
}  # fmt: skip
FIELD_DATA = ["day", "step", "load_cases", "units", "parameter_hash", "parameter_marks"]
# Jumps of the front and of the switch of supply, on the tolerance of the solver of equilibrium.
TOLERANCE = 1e-5


def run(wolff, check, name, ranks, *more, code=0):
    result = p.run(wolff, ["run", "case.prm", "--output", name, *p.settings(p.COARSE, BIOLOGY), *more], ranks)
    check(result.code == code, f"{name}: runs on {ranks} ranks", result.text())
    return result


def field_text(path, name):
    data = p.read_grid(path).GetFieldData().GetAbstractArray(name)
    return [data.GetValue(i) for i in range(data.GetNumberOfValues())] if data else []


def same(check, here, there, what):
    for name in (*FIELDS, "fraction_necrotic_bone", "fraction_scaffold", "osteoblasts_per_mm3"):
        apart = np.abs(here[name] - there[name]).max() / np.abs(there[name]).max()
        check(apart < TOLERANCE, f"{what}: {name}", f"{apart:.1e}")


def main():
    wolff, check = p.program(), p.Checks()
    with p.scratch_folder():
        shutil.copy(p.SMALL_CASE, "case.prm")
        result = run(wolff, check, "two", 2)
        for word in ("signals: oxygen", "warning[blood-cancer]", "values in use:", "Steroid factor [-] = 0.5"):
            check(word in result.text() or word in result.out + result.err, f'"{word}" is said', result.text())
        run(wolff, check, "files", 2, "--exchange")
        run(wolff, check, "parts", 2, "--time-limit", "0.001", code=75)
        run(wolff, check, "parts", 2, "--restart", "auto")
        for other in ("files", "parts"):
            for k in range(3):
                for kind in ("tissue", "mechanics"):
                    name = f"{kind}_{k:04d}.pvtu"
                    try:
                        check(p.same_bytes(f"two/{name}", f"{other}/{name}"), f"{other}: {name} has the same bytes")
                    except OSError as error:
                        check(False, f"{other}: {name} exists", error)

        first, last = (p.load_pvtu_arrays(f"two/tissue_{k:04d}.pvtu") for k in (0, 2))
        domain = last["healing_domain"] == 1
        for name in FIELDS:
            check(name in last and last[name][domain].max() > 0, f"{name} is computed in the healing domain")
        host = ~domain & (first["fraction_marrow"] > 0)
        check(first["vessel_density_mm_per_mm3"][host].min() == 30, "the host has vessels")
        check(first["oxygen_mol_per_m3"][host].min() == 0.05, "the host has oxygen")
        check(set(first["marrow_state"][host]) == {3} and set(last["marrow_state"][host]) == {5}, "marrow is ablated, "
              "then reconstitutes", (set(first["marrow_state"]), set(last["marrow_state"])))  # fmt: skip
        check({0, 1, 4} <= set(first["lesion_state"]), "lesion and rim are labelled", set(first["lesion_state"]))
        rim = first["lesion_state"] == 4
        check(first["fraction_cancellous_bone"][rim].max() > 1.4 * 0.5 / 1.8, "the rim is denser")
        check(last["fraction_necrotic_bone"].sum() < 0.99 * first["fraction_necrotic_bone"].sum(), "dead bone goes")
        there = first["fraction_scaffold"] > 0
        left = last["scaffold_density"]
        check(np.all(left[~there] == 0) and np.all(first["scaffold_density"][there] == 1), "only the scaffold has a density")
        check(np.abs(last["fraction_scaffold"] - left * first["fraction_scaffold"]).max() < 1e-15, "shares follow it")
        check(left[there].min() < 0.9 and left[there].max() == 1, "the scaffold goes from its surface", left[there].min())
        sums = sum(values for name, values in last.items() if name.startswith("fraction_"))
        check(np.abs(sums - 1).max() < 1e-12, "fractions sum to one", np.abs(sums - 1).max())
        check({2, 3} & set(last["lesion_state"]), "the front is labelled", set(last["lesion_state"]))
        files = {kind: p.read_grid(f"two/{kind}_0002.pvtu") for kind in ("tissue", "mechanics")}
        for what, (unit, *names) in ARRAYS.items():
            for (kind, grid), wanted in zip(files.items(), names, strict=True):
                missing = [name + unit for name in wanted if not grid.GetCellData().HasArray(name + unit)]
                check(not missing, f"{what} stand in the {kind} file with their unit", missing)
        for kind, grid in files.items():
            missing = [name for name in FIELD_DATA if not grid.GetFieldData().HasArray(name)]
            check(not missing, f"the {kind} file says what it belongs to", missing)
        marks = field_text("two/tissue_0002.pvtu", "parameter_marks")
        check("Regeneration/Host/Steroid factor [-] = 0.5 [V][U]" in marks, "the file holds the marks", marks[-5:])
        view = p.load_pvtu_arrays(sorted(pathlib.Path("two").glob("view_*.pvtu"))[-1])
        check("vessel_density_mm_per_mm3" in view and "lesion_state" in view, "the view shows vessels and lesion")
        result = p.run(wolff, ["check", "two/tissue_0002.pvtu"], 1)
        check(result.code == 0, "the state keeps the contract", result.text())
        header, *rows = p.history("two")
        lost = [float(row[header.index("scaffold_mass_lost_mg")]) for row in rows]
        check(lost[0] == 0 and lost[2] > lost[1] > 0, "history.csv has the mass lost", lost)
        check("oxygen_lesion_mol_per_m3" in header and float(rows[-1][header.index("oxygen_lesion_mol_per_m3")]) > 0,
              "history.csv has oxygen")  # fmt: skip

        run(wolff, check, "on 4", 4)
        same(check, p.load_pvtu_arrays("on 4/tissue_0002.pvtu"), last, "4 ranks")
        run(wolff, check, "AMG", 1, "--set", "Regeneration/Transport/Preconditioner=AMG")
        same(check, p.load_pvtu_arrays("AMG/tissue_0002.pvtu"), last, "multigrid on 1 rank")
    check.finish()


if __name__ == "__main__":
    main()
