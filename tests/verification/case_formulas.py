"""The exact fields of the case files below cases/ are what they claim to be: the stress follows from the displacement
by Hooke's law, it is in equilibrium with the body force, and both have the values of the reference tables. The program
is not asked: this reads the same expressions by other means."""

# processors: 1

import csv
import pathlib
import sys

try:
    import numpy as np
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

import case_expressions as ce

HERE = pathlib.Path(__file__).resolve().parent
POINTS = 400  # random points inside the solid, each case
COMPONENTS = [(0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (0, 2)]  # XX YY ZZ XY YZ XZ
failures = []


def check(condition, sentence):
    if not condition:
        failures.append(sentence)
        print(f"FAILED: {sentence}")


def case(name, constants=None):
    """Expressions of a case, some constants changed."""
    options = ce.read_options(HERE / "cases" / f"{name}.prm")
    expressions = ce.Expressions(options)
    for key in constants or {}:
        assert key in expressions.constants, key
    expressions.constants.update(constants or {})
    return expressions


def tensor(six):
    full = np.empty((*six.shape[:-1], 3, 3), six.dtype)
    for c, (i, j) in enumerate(COMPONENTS):
        full[..., i, j] = full[..., j, i] = six[..., c]
    return full


def lame(expressions, points):
    young = expressions.values("Problem/Young modulus [MPa]", points)[:, 0]
    poisson = expressions.values("Problem/Poisson ratio [-]", points)[:, 0]
    return young * poisson / ((1 + poisson) * (1 - 2 * poisson)), young / (2 * (1 + poisson))


def solid_points(expressions):
    options = expressions.options
    number = lambda name: np.array([float(v) for v in options[f"Geometry/Box/{name}"].split(",")])
    least, edge, voxels = number("Origin [mm]"), number("Voxel edge [mm]"), number("Voxels [-]")
    points = least + np.random.default_rng(7).random((20 * POINTS, 3)) * edge * voxels
    where = options.get("Geometry/Box/Solid where", "")
    if where:
        points = points[expressions.values("Geometry/Box/Solid where", points)[:, 0] > 0]
    assert len(points) >= POINTS
    return points[:POINTS]


def state(expressions, points):
    """Displacement, strain from it, stress as given."""
    gradient = expressions.gradient("Problem/Exact/Displacement [mm]", points)
    strain = (gradient + gradient.transpose(0, 2, 1)) / 2
    return (expressions.values("Problem/Exact/Displacement [mm]", points), strain,
            tensor(expressions.values("Problem/Exact/Stress [MPa]", points)))  # fmt: skip


def octahedral_shear(strain):
    deviator = strain - np.trace(strain, axis1=-2, axis2=-1)[..., None, None] / 3 * np.eye(3)
    return 2 * np.sqrt((deviator**2).sum(axis=(-2, -1)) / 3)


def is_a_solution(name, constants=None):
    expressions = case(name, constants)
    label = f"{name} {constants or ''}".strip()
    points = solid_points(expressions)
    u, strain, stress = state(expressions, points)
    young, mu = lame(expressions, points)
    hooke = young[:, None, None] * np.trace(strain, axis1=1, axis2=2)[:, None, None] * np.eye(3)
    hooke = hooke + 2 * mu[:, None, None] * strain
    size = np.abs(stress).max()
    wrong = np.abs(hooke - stress).max() / size
    check(wrong < 1e-11, f"{label}: stress by Hooke's law from the displacement, relative difference {wrong:.1e}")

    slopes = expressions.gradient("Problem/Exact/Stress [MPa]", points)
    force = np.zeros((len(points), 3))
    for c, (i, j) in enumerate(COMPONENTS):
        force[:, i] += slopes[:, c, j]
        if i != j:
            force[:, j] += slopes[:, c, i]
    scale = max(np.abs(slopes).max(), 1e-6 * size)
    if "Problem/Body force [N/mm^3]" in expressions.options:
        force += expressions.values("Problem/Body force [N/mm^3]", points)
    wrong = np.abs(force).max() / scale
    check(wrong < 1e-11, f"{label}: equilibrium, relative residual {wrong:.1e}")
    check(np.isfinite(u).all() and np.abs(u).max() > 0, f"{label}: the displacement is finite")
    print(f"{label}: Hooke and equilibrium at {len(points)} points")


def table(name, rows):
    with open(HERE / "reference" / f"{name}.csv", newline="", encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    check(len(found) == rows, f"{name}.csv has {rows} rows")  # a lost table must not pass
    return found


def numbers(rows, names):
    return np.array([[float(row[name]) for name in names] for row in rows])


def agrees(what, found, wanted, tolerance=1e-11):
    wrong = (np.abs(found - wanted).max(axis=0) / np.maximum(np.abs(wanted).max(axis=0), 1e-30)).max()
    check(wrong < tolerance, f"{what}: relative difference {wrong:.1e} from the table")


def components(tensors, names):
    return np.stack([tensors[:, "xyz".index(name[-2]), "xyz".index(name[-1])] for name in names], axis=-1)


def has_the_values_of(expressions, reference, rows, points, names_u, names_s, shear, select=None):
    """Displacements, stresses and octahedral shear strain of a table at its points."""
    lines = [row for row in table(reference, rows) if select is None or select(row)]
    at = points(lines)
    u, strain, stress = state(expressions, at)
    agrees(f"{reference}: displacement", np.stack([u[:, "xyz".index(n.split("_")[1])] for n in names_u], axis=-1),
           numbers(lines, names_u))  # fmt: skip
    agrees(f"{reference}: stress", components(stress, names_s) if names_s else stress, numbers(lines, names_s))
    agrees(f"{reference}: shear", octahedral_shear(strain)[:, None], numbers(lines, [shear]))


def on_x(lines):
    return np.array([[float(row["r_mm"]), 0, 0] for row in lines])


def radial_table(expressions, reference, rows, axial=False, select=None):
    lines = [row for row in table(reference, rows) if select is None or select(row)]
    u, strain, stress = state(expressions, on_x(lines))
    agrees(f"{reference}: displacement", u[:, :1], numbers(lines, ["u_r_mm"]))
    names, which = ["sigma_rr_MPa", "sigma_tt_MPa"], ["xx", "yy"]
    if axial:
        names, which = [*names, "sigma_zz_MPa"], [*which, "zz"]
    agrees(f"{reference}: stress", components(stress, which), numbers(lines, names))
    agrees(f"{reference}: shear", octahedral_shear(strain)[:, None], numbers(lines, ["gamma_oct"]), 1e-9)


DIRECTIONS = {"z_axis": (0, 0, 1), "x_axis": (1, 0, 0), "diag_xz": (np.sqrt(0.5), 0, np.sqrt(0.5))}


def along_lines(lines):
    return np.array([float(row["r_mm"]) * np.array(DIRECTIONS[row["line"]]) for row in lines])


def smooth_fields():
    for poisson in (0.45, 0.49, 0.499):
        is_a_solution("v203_near_incompressible", {"poisson": poisson})
    at = lambda lines: numbers(lines, ["x", "y", "z"])
    six = ["s_xx", "s_yy", "s_zz", "s_yz", "s_xz", "s_xy"]
    for name, reference in (("v201_smooth", "mms_elastic_smooth"), ("v202_octant_jump", "mms_elastic_octant_jump")):
        is_a_solution(name)
        expressions = case(name)
        has_the_values_of(expressions, reference, 6, at, ["u_x", "u_y", "u_z"], six, "gamma_oct")
        lines = table(reference, 6)
        agrees(f"{reference}: body force", expressions.values("Problem/Body force [N/mm^3]", at(lines)),
               numbers(lines, ["f_x", "f_y", "f_z"]))  # fmt: skip
        young = expressions.values("Problem/Young modulus [MPa]", at(lines))
        agrees(f"{reference}: Young's modulus", young, numbers(lines, ["k"]))


def spheres_and_cylinders():
    for name in ("v301_lame_sphere", "v302_coated_sphere", "v303_lame_cylinder", "v304_kirsch"):
        is_a_solution(name)
    radial_table(case("v301_lame_sphere"), "lame_sphere", 15)
    # At the interface itself rounding decides the side.
    inside = lambda row: float(row["r_mm"]) != 12
    radial_table(case("v302_coated_sphere"), "coated_sphere", 10, select=inside)
    radial_table(case("v303_lame_cylinder"), "lame_cylinder_plane_strain", 13, axial=True)
    has_the_values_of(case("v304_kirsch"), "kirsch_plane_strain", 30,
                      lambda lines: np.column_stack([numbers(lines, ["x_mm", "y_mm"]), np.zeros(len(lines))]),
                      ["u_x_mm", "u_y_mm"], ["sigma_xx", "sigma_yy", "sigma_zz", "sigma_xy"], "gamma_oct")  # fmt: skip


def inclusions():
    scalars = table("spherical_inclusion_scalars", 3)
    for row in scalars:
        constants = {"young_in": float(row["E1"]), "poisson_in": float(row["nu1"])}
        is_a_solution("v305_inclusion", constants)
        has_the_values_of(case("v305_inclusion", constants), "spherical_inclusion", 57, along_lines,
                          ["u_x_mm", "u_z_mm"], ["sigma_xx", "sigma_yy", "sigma_zz", "sigma_xz"], "gamma_oct",
                          lambda line, name=row["case"]: line["case"] == name and
                          not (line["side"] != "out" and float(line["r_mm"]) == 5) and
                          not (name != "void" and float(line["r_mm"]) == 5))  # fmt: skip


def beams():
    values = {(row["problem"], row["quantity"]): float(row["value"]) for row in table("beams_and_torsion", 21)}
    for name in ("v306_bending", "v307_cantilever"):
        is_a_solution(name)
    u, _, s = state(case("v306_bending"), np.array([[40.0, 0, 0], [7, 0, 5]]))
    agrees("pure bending", np.array([u[0, 2], s[1, 0, 0]]),
           np.array([values["pure_bending", "tip_u_z_mm(x=L,y=0,z=0)"],
                     values["pure_bending", "sigma_xx_max_MPa(z=h/2)"]]))  # fmt: skip
    u, _, s = state(case("v307_cantilever"), np.array([[48.0, 0, 0], [0, 6, 0], [9, 0, 0]]))
    agrees("cantilever", np.array([u[0, 1], s[1, 0, 0], s[2, 0, 1]]),
           np.array([values["cantilever_nu0", "tip_u_y_mm(x=L,y=0)"],
                     values["cantilever_nu0", "sigma_xx_root_top_MPa(x=0,y=D/2)"],
                     values["cantilever_nu0", "tau_xy_axis_MPa(y=0)"]]))  # fmt: skip
    circle = {"semi_x": 6, "semi_y": 6}
    is_a_solution("v308_ellipse")
    is_a_solution("v308_ellipse", circle)
    _, strain, s = state(case("v308_ellipse", circle), np.array([[6.0, 0, 0]]))
    agrees("torsion of a circle", np.array([s[0, 1, 2], octahedral_shear(strain)[0]]),
           np.array([values["torsion_circle", "tau_max_MPa"], values["torsion_circle", "gamma_oct(r=R)"]]))  # fmt: skip
    u, _, _ = state(case("v308_ellipse"), np.array([[3.0, 2, 0]]))
    agrees("warping of an ellipse", u[0, 2:] / 6,
           np.array([values["torsion_ellipse_9x6_semi", "warping_coefficient_1_per_mm (u_z = c x y)"]]))  # fmt: skip


def half_space():
    is_a_solution("v310_hertz")
    expressions = case("v310_hertz")
    values = {(row["problem"], row["quantity"]): float(row["value"]) for row in table("hertz_and_disc", 14)}
    contact = expressions.at(np.zeros((1, 3)))["contact"]
    approach, peak = values["hertz_rigid_plane", "approach_mm"], values["hertz_rigid_plane", "p_max_MPa"]
    agrees("contact radius", np.array([contact]), np.array([values["hertz_rigid_plane", "contact_radius_mm"]]))
    r = np.linspace(0, 0.999, 12) * contact
    u, _, s = state(expressions, np.column_stack([r, 0 * r, 0 * r]))
    agrees("Hertz: displacement under the sphere", u[:, 2], approach * (1 - (r / contact) ** 2 / 2))
    agrees("Hertz: pressure", s[:, 2, 2], -peak * np.sqrt(1 - (r / contact) ** 2))
    free = np.column_stack([contact * np.linspace(1.001, 5, 12)] + [np.zeros(12)] * 2)
    _, _, s = state(expressions, free)
    check(np.abs(s[:, :, 2]).max() < 1e-11 * peak, "Hertz: nothing acts on the surface outside the contact")


def far_field():
    """The four point forces of the disc's case against the pressure itself, summed up over the disc."""
    expressions = case("v310_disc")
    radius, pressure = expressions.constants["radius"], expressions.constants["pressure"]
    poisson = expressions.constants["poisson"]
    mu = expressions.constants["young"] / (2 * (1 + poisson))
    nodes, weights = np.polynomial.legendre.leggauss(24)
    r, w = radius * (nodes + 1) / 2, weights * radius / 2
    turn = 2 * np.pi * (np.arange(48) + 0.5) / 48
    at = np.stack([np.outer(r, np.cos(turn)).ravel(), np.outer(r, np.sin(turn)).ravel()], axis=-1)
    force = np.repeat(pressure * r * w * 2 * np.pi / 48, 48) / (4 * np.pi * mu)
    for distance, tolerance in ((24, 1e-3), (48, 7e-5)):
        points = distance * np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1], [1, 0.3, 0.6], [0.2, 1, 1]])
        found = expressions.values("Problem/Faces/x+/Displacement [mm]", points)
        across = points[:, None, :2] - at
        z = points[:, None, 2]
        away = np.sqrt((across**2).sum(axis=-1) + z**2)
        radial = z / away**3 - (1 - 2 * poisson) / (away * (away + z))
        lateral = (force[:, None] * radial[..., None] * across).sum(axis=1)
        axial = (force * (2 * (1 - poisson) / away + z**2 / away**3)).sum(axis=1)
        u = np.column_stack([lateral, axial])
        wrong = np.abs(found - u).max() / np.abs(u).max()
        check(wrong < tolerance, f"disc: four point forces at a distance of {distance} mm, difference {wrong:.1e}")
        print(f"v310_disc: four point forces for the disc at {distance} mm: {wrong:.1e}")
    pushed = expressions.values("Problem/Faces/z-/Traction [MPa]", np.zeros((1, 3)))
    check(pushed[0, 2] == pressure, "disc: the whole pressure in the middle")


def main():
    smooth_fields()
    spheres_and_cylinders()
    inclusions()
    beams()
    is_a_solution("v309_second_harmonic")
    has_the_values_of(case("v309_second_harmonic"), "sphere_second_harmonic", 12, along_lines, ["u_x_mm", "u_z_mm"],
                      ["sigma_xx", "sigma_yy", "sigma_zz", "sigma_xz"], "gamma_oct")  # fmt: skip
    half_space()
    far_field()
    # The check itself must be able to fail.
    broken = case("v201_smooth")
    broken.constants["amp_y"] = -0.0049
    lines = table("mms_elastic_smooth", 6)
    wrong = np.abs(broken.values("Problem/Body force [N/mm^3]", numbers(lines, ["x", "y", "z"]))
                   - numbers(lines, ["f_x", "f_y", "f_z"])).max()  # fmt: skip
    check(wrong > 1e-4, "a wrong amplitude is noticed")
    print(f"{len(failures)} failed")
    sys.exit(1 if failures else 0)


main()
