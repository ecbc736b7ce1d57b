"""V301 thick-walled sphere under pressure (Lame), one eighth in voxels: orders with the exact displacement, and with
the exact stress times the normals of the voxels' faces, on the staircase surface. The energy of the body of voxels
against that of the sphere measures the error of the geometry."""

# processors: 1

import box_cases as bc

CASE, EDGE = "v301_lame_sphere", 24
LOADED = bc.on_faces(["x+", "y+", "z+", "surface"],
                     {"Condition": "traction", "Stress [MPa]": bc.EXACT_STRESS, "Displacement [mm]": ""})  # fmt: skip


def test(study):
    meshes = {n: bc.box((n, n, n), EDGE / n) for n in (16, 32, 48)}
    closed = float(bc.table("lame_sphere_scalars", 1)[0]["strain_energy_Nmm"]) / 8
    for family, settings in (("uniform", {}), ("uniform, loaded by stress", LOADED)):
        series = study.series(family, CASE, meshes, settings)
        series.converges("displacement_L2", 1.8)
        series.converges("stress_L2", 0.8)
        # Loaded steps disturb one layer of voxels with order 1, which is 3/2 in the mean over the body.
        series.converges("octahedral_shear_centres_L2", 1.8 if not settings else 1.3)
        geometry = abs(series.runs[-1]["strain_energy_Nmm"] / closed - 1)
        study.check(geometry < 0.001, "V301: the energy of the voxels is near that of the sphere", geometry)
        series.note("energy of the voxels against the sphere", geometry, "< 0.001")
        series.close()
    corner = f"if(max(x, max(y, z)) < {EDGE / 2}, 1, 0)"
    hanging = study.series("corner octant finer", CASE, {n: bc.box((n, n, n), EDGE / n, corner) for n in (16, 32, 48)})
    hanging.converges("displacement_L2", 1.8)
    hanging.converges("stress_L2", 0.8)
    hanging.close()


bc.run("V301", test)
