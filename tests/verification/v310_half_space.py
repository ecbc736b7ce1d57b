"""V310 loads on a half-space, a quarter of a box. Under a rigid sphere (Hertz) the exact field is known everywhere
and is imposed on the far faces; only the edge of the contact, where the pressure falls like a square root, limits the
orders. Under a uniform pressure on a disc the far faces have the displacement of four point forces; what is measured
is the centre of the disc and the axis below it."""

# processors: 1

import box_cases as bc
import program as p

np = p.np
DEPTHS = (3, 6, 12)  # of the table, on the axis [mm]


def hertz(study):
    edge = 5  # about four contact radii
    for family, refined in (("sphere, uniform", ""), ("sphere, contact finer", "if(max(x, max(y, z)) < 2.5, 1, 0)")):
        meshes = {n: bc.box((n, n, n), edge / n, refined) for n in (16, 32, 48)}
        series = study.series(family, "v310_hertz", meshes)
        series.converges("displacement_L2", 1.8)
        series.converges("stress_L2", 0.8)
        series.close()


def axis(solved):
    """Displacement at the centre of the disc, and stresses at DEPTHS by linear interpolation between cells."""
    (view,) = solved["folder"].glob("*.pvtu")
    grid = p.read_grid(view)
    points = p.vtk_to_numpy(grid.GetPoints().GetData())
    corners = p.vtk_to_numpy(grid.GetCells().GetConnectivityArray()).reshape(-1, 8)
    displacement = p.vtk_to_numpy(grid.GetPointData().GetArray("displacement_mm"))
    stress = p.vtk_to_numpy(grid.GetCellData().GetArray("stress_MPa"))
    centre = displacement[np.argmin((points**2).sum(axis=1)), 2]
    least, most = points[corners].min(axis=1), points[corners].max(axis=1)
    column = (least[:, 0] < 1e-9) & (least[:, 1] < 1e-9)
    z, s = (least[column, 2] + most[column, 2]) / 2, stress[column]
    order = np.argsort(z)
    at = lambda component: np.interp(DEPTHS, z[order], s[order, component])
    return centre, at(2), (at(0) + at(1)) / 2


def disc(study):
    values = {row["quantity"]: float(row["value"]) for row in bc.table("hertz_and_disc", 14)
              if row["problem"] == "disc_on_half_space"}  # fmt: skip
    pressure = -values["sigma_zz_axis_MPa(z=0)"]
    exact = [np.array([values[f"sigma_{c}_axis_MPa(z={z})"] for z in DEPTHS]) for c in ("zz", "rr")]
    # {family: [(cells along the edge, edge of the box [mm], levels finer within 12 mm)]}; the second box is twice as
    # large and has the cells of the coarse first one near the disc: it shows what the far faces do.
    families = {"disc": [(16, 24, 2), (32, 24, 2)], "disc, box twice as large": [(16, 48, 3)]}
    for family, boxes in families.items():
        meshes = {}
        for n, edge, levels in boxes:
            rim = bc.constants("v310_disc", rim=edge / n / 2**levels)
            meshes[n] = {**bc.box((n, n, n), edge / n, f"if(max(x, max(y, z)) < 12.1, {levels}, 0)"), **rim}
        series = study.series(family, "v310_disc", meshes)
        for n, solved in zip(series.sizes, series.runs):
            u, *stresses = axis(solved)
            error = abs(u / values["u_z_centre_mm"] - 1)
            stress_error = max(np.abs(found - wanted).max() for found, wanted in zip(stresses, exact)) / pressure
            study.check(error < 0.01, f"V310 {family}, {n}: displacement of the centre within 1 %", u)
            study.check(stress_error < 0.02, f"V310 {family}, {n}: stress on the axis within 2 % of the pressure",
                        (stresses, exact))  # fmt: skip
        series.note("displacement of the centre: error", error, "< 0.01")
        series.note("stress on the axis: error", stress_error, "< 0.02")
        series.close()


def test(study):
    hertz(study)
    disc(study)


bc.run("V310", test)
