"""The lattice of single cells as the backend of a coarse head: the same tissue and the same cells on 1, 2 and 3 ranks, a
restart that goes on as if nothing had happened, one step by hand through files, fractions that are counts of cells, and
lattice files that are not sound."""

# processors: 1

import pathlib
import shutil

import program as p

np, vtk = p.np, p.vtk
OPTIONS = {
    **p.COARSE,
    "Regeneration/Backend": "lattice agents",
    "Regeneration/Lattice/Spacing [mm]": 0.8,  # 30 thousand sites of tissue
    "Regeneration/Duration [day]": 10,
    "Output/State files": "all",
}
THERAPY = {
    "Regeneration/Lattice/Legacy": "true",
    "Regeneration/Lattice/Surface erosion [1/day]": 0.3,
    "Regeneration/Lattice/Bulk erosion [1/day]": 0.2,
    "Regeneration/Cell therapy/Days [day]": 3,
    "Regeneration/Cell therapy/Cells [-]": 50000,
    "Regeneration/Cell therapy/Retention [-]": 0.5,
    "Regeneration/Cell therapy/Regions": "track",
    "Regeneration/Duration [day]": 6,
}


def cells_of(tissue):
    """Rows x, y, z, kind, age of all cells, sorted."""
    reader = vtk.vtkXMLPPolyDataReader()
    reader.SetFileName(str(pathlib.Path(tissue).with_suffix("")) + "_cells.pvtp")
    reader.Update()
    data = reader.GetOutput().GetPointData()
    columns = [p.vtk_to_numpy(data.GetArray(name)) for name in ("site", "kind", "age_day")]
    rows = np.column_stack(columns).astype(int)
    return rows[np.lexsort(rows.T[::-1])]


def stromal_in_voxels(tissue):
    """The number of stromal cells in the voxels of a tissue file: densities times volumes."""
    grid = p.read_grid(tissue)
    sizes = vtk.vtkCellSizeFilter()
    sizes.SetInputData(grid)
    sizes.Update()
    volume = p.vtk_to_numpy(sizes.GetOutput().GetCellData().GetArray("Volume"))
    cells = grid.GetCellData()
    return sum(float((volume * p.vtk_to_numpy(cells.GetArray(f"{name}_per_mm3"))).sum()) for name in ("immature_msc_1", "mature_msc"))


class LatticeBackend:
    def __init__(self):
        self.wolff, self.check = p.program(), p.Checks()

    def run(self, folder, ranks, options=(), switches=()):
        arguments = ["run", p.SMALL_CASE, *p.settings(OPTIONS, dict(options)), *switches, "--output", folder]
        result = p.run(self.wolff, arguments, ranks)
        return self.check(result.code == 0, f"{folder} on {ranks} ranks", result.text())

    def same(self, one, other, what):
        a, b = p.load_pvtu_arrays(one), p.load_pvtu_arrays(other)
        names = [name for name in a if name.startswith("fraction_") or name.endswith("_per_mm3")]
        # A dose into a carrier is shared by a sum over all voxels, which ranks add up in another order.
        rounding = {name: 1e-12 if name.startswith("carried") else 0 for name in names}
        different = [name for name in names if not np.allclose(a[name], b[name], rtol=rounding[name], atol=0)]
        self.check(names and not different, f"{what}: tissue", different)
        self.check(np.array_equal(cells_of(one), cells_of(other)), f"{what}: every single cell")

    def ranks(self):
        if not all([self.run(f"on {ranks}", ranks) for ranks in (1, 2)]):
            return
        for step in (1, 5):
            self.same(f"on 1/tissue_000{step}.pvtu", f"on 2/tissue_000{step}.pvtu", f"2 ranks, step {step}")
        if all([self.run(f"therapy on {ranks}", ranks, THERAPY) for ranks in (1, 3)]):
            self.same("therapy on 1/tissue_0003.pvtu", "therapy on 3/tissue_0003.pvtu", "legacy with a dose")
            rows = p.history("therapy on 1")
            dosed = [int((cells_of(f"{run}/tissue_0002.pvtu")[:, 3] != 6).sum()) for run in ("on 1", "therapy on 1")]
            self.check(dosed[1] > dosed[0] + 5000, "a dose puts cells on the lattice", dosed)
            at = rows[0].index("regeneration_mass_balance_error")
            self.check(all(float(row[at]) == 0 for row in rows[2:]), "no cell comes or goes unnoticed")

    def meaning(self):
        before, after = (p.load_pvtu_arrays(f"on 1/tissue_000{step}.pvtu") for step in (0, 5))
        healing = ["granulation", "fibrous", "cartilage", "immature_bone", "mature_bone"]
        room = [sum(state[f"fraction_{name}"] for name in healing) for state in (before, after)]
        self.check(np.abs(room[0] - room[1]).max() < 1e-14, "the room for healing tissue is kept")
        inside = after["healing_domain"] == 1
        self.check(np.all(after["osteoblasts_per_mm3"][~inside] == 0), "no cell is counted outside of the domain")
        bone = after["fraction_mature_bone"][inside] > 0
        self.check(bone.any(), "bone is formed")
        self.check(np.array_equal(bone, after["osteoblasts_per_mm3"][inside] > 0), "bone is where osteoblasts are")
        cells = cells_of("on 1/tissue_0005.pvtu")
        self.check(len(np.unique(cells[:, :3], axis=0)) == len(cells), "no two cells share a site")
        # Legacy, a dose, and scaffold that erodes: what is lost is room for healing tissue.
        before, middle, after = (p.load_pvtu_arrays(f"therapy on 1/tissue_000{step}.pvtu") for step in (0, 1, 3))
        solid = [state["fraction_scaffold"] for state in (before, middle, after)]
        room = [sum(state[f"fraction_{name}"] for name in healing) for state in (before, after)]
        lost = solid[0] - solid[2]
        self.check((lost >= 0).all() and (solid[1] - solid[2] >= 0).all() and lost.max() > 0.05, "scaffold erodes", lost.max())
        self.check(np.abs(room[1] - room[0] - lost).max() < 1e-14, "eroded scaffold becomes room for healing tissue")
        eroded = [int((cells_of(f"therapy on 1/tissue_000{step}.pvtu")[:, 3] == 6).sum()) for step in (1, 3)]
        self.check(0 < eroded[0] < eroded[1], "eroded sites stand in the file", eroded)

    def host_and_carrier(self):
        """Host factors that recover, and doses out of a carrier and about a catheter, are not ignored."""
        host = {"Regeneration/Host/Steroid exposure": "true", "Regeneration/Host/Steroid factor [-]": 0.5,
                "Regeneration/Host/Conditioning": "true", "Regeneration/Host/Conditioning day [day]": -1,
                "Regeneration/Host/Conditioning factor [-]": 0.1, "Regeneration/Host/Recovery time [day]": 2}  # fmt: skip
        dose = {"Regeneration/Cell therapy/Days [day]": 0, "Regeneration/Cell therapy/Cells [-]": 1500,
                "Regeneration/Cell therapy/Retention [-]": 1, "Regeneration/Cell therapy/Regions": "track",
                "Regeneration/Cell therapy/Release half-time [day]": 2, "Regeneration/Duration [day]": 4}  # fmt: skip
        tip = {"Regeneration/Cell therapy/Distributions": "catheter", "Regeneration/Cell therapy/Catheter spread [mm]": 200,
               "Regeneration/Cell therapy/Release half-time [day]": 0, "Regeneration/Duration [day]": 2}  # fmt: skip
        quiet = {f"Regeneration/Lattice/{name}": 0 for name in ("MSC division [1/day]", "Jumps a day [-]")}
        if not all([self.run(f"carrier on {ranks}", ranks, {**host, **dose, **quiet}) for ranks in (1, 3)]):
            return
        self.same("carrier on 1/tissue_0002.pvtu", "carrier on 3/tissue_0002.pvtu", "host factors and a carrier")
        rows = p.history("carrier on 1")
        at = rows[0].index("regeneration_mass_balance_error")
        self.check(all(float(row[at]) == 0 for row in rows[2:]), "no cell comes or goes unnoticed")
        # Nothing moves or divides, so the cells of the host are those of the marrow, and of the carrier the others.
        inside = [round(stromal_in_voxels(f"carrier on 1/tissue_000{step}.pvtu")) for step in (1, 2)]
        for number, day in zip(inside, (2, 4)):
            wanted = 1500 * (1 - 0.5 ** (day / 2))  # each of n cells left with this chance
            self.check(abs(number - wanted) < 6 * wanted**0.5, f"of the carrier {wanted} cells are out on day {day}", number)
        outside = [len(cells_of(f"carrier on 1/tissue_000{step}.pvtu")) - n for step, n in zip((1, 2), inside)]
        factor = [0.5 * (0.1 + 0.9 * (1 - 2.718281828 ** (-(day + 1) / 2))) for day in (2, 4)]
        self.check(outside[0] > 1000 and abs(outside[1] / outside[0] / (factor[1] / factor[0]) - 1) < 0.1,
                   "the marrow recovers with the host factor", (outside, factor))  # fmt: skip
        if self.run("catheter", 2, {**host, **dose, **quiet, **tip}):
            number = stromal_in_voxels("catheter/tissue_0001.pvtu")
            self.check(1200 < number < 1740, "a dose about a catheter is put", number)

    def supply(self):
        """Oxygen decides where bone forms: everywhere, nowhere, or in some voxels, then alike on two numbers of ranks."""
        early = {"Regeneration/Lattice/Differentiation from [day]": 1, "Regeneration/Lattice/Maturation age [day]": 1,
                 "Regeneration/Duration [day]": 2}  # fmt: skip
        gate = {**early, "Regeneration/Oxygen/Model": "at rest", "Regeneration/Supply gate/Rule": "oxygen"}
        half = "Regeneration/Supply gate/Half oxygen [mol/m^3]"
        found = {}
        for name, ranks, options in (("no gate", 1, early), ("open", 2, {**gate, half: 1e-12}),
                                     ("shut", 1, {**gate, half: 1e3}), ("some", 1, {**gate, half: 0.0499}),
                                     ("some on 3", 3, {**gate, half: 0.0499})):  # fmt: skip
            if not self.run(name, ranks, options):
                return
            found[name] = [int((cells_of(f"{name}/tissue_0001.pvtu")[:, 3] == kind).sum()) for kind in range(1, 6)]
        self.check(found["open"] == found["no gate"], "an open gate changes nothing", found)
        oxygen = p.load_pvtu_arrays("open/tissue_0001.pvtu")
        inside = oxygen["healing_domain"] == 1
        self.check(oxygen["oxygen_mol_per_m3"][inside].mean() > 1e-3, "oxygen is computed")
        bone, cartilage = sum(found["no gate"][1:3]), found["no gate"][3]
        self.check(bone > 0 and sum(found["shut"][1:3]) == 0 and found["shut"][3] > cartilage, "no oxygen, no bone", found)
        self.check(0 < sum(found["some"][1:3]) < bone, "bone where there is oxygen", found)
        different = sum(abs(a - b) for a, b in zip(found["some"], found["some on 3"]))
        self.check(different <= 0.01 * sum(found["some"]), "3 ranks: the same but for voxels on the edge of the gate", found)

    def restart(self):
        if not self.run("stopped", 2, {**THERAPY, "Regeneration/Duration [day]": 4}):
            return
        if self.run("stopped", 3, THERAPY, ["--restart", "auto"]):
            self.same("therapy on 1/tissue_0003.pvtu", "stopped/tissue_0003.pvtu", "restart on other ranks")

    def by_hand(self):
        shutil.copytree("on 2", "hand")
        arguments = ["regenerate", p.SMALL_CASE, *p.settings(OPTIONS), "--mechanics", "hand/mechanics_0003.pvtu",
                     "--output", "answer"]  # fmt: skip
        result = p.run(self.wolff, arguments, 2)
        if self.check(result.code == 0, "one step by hand", result.text()):
            self.same("on 2/tissue_0004.pvtu", "answer/tissue_0004.pvtu", "one step by hand")
            for name in ("piece_0000.vtp", "piece_0001.vtp"):
                one, other = (pathlib.Path(f, "tissue_0004_cells", name).read_bytes() for f in ("on 2", "answer"))
                self.check(one == other, f"one step by hand: the bytes of {name}")

        index = pathlib.Path("hand/tissue_0003_cells.pvtp")
        whole = index.read_text(encoding="utf-8")
        for what, name, damage in (
            ("an index without one piece", "lattice-file", lambda: index.write_text(whole.replace("piece_0001", "other"))),
            ("no index", "file-missing", index.unlink),
        ):
            damage()
            result = p.run(self.wolff, arguments, 2)
            self.check(result.code == 2 and result.fault_names() == [name], f"{what} is refused", result.text())


def main():
    test = LatticeBackend()
    with p.scratch_folder():
        for part in (test.ranks, test.meaning, test.host_and_carrier, test.supply, test.restart, test.by_hand):
            part()
    test.check.finish()


if __name__ == "__main__":
    main()
