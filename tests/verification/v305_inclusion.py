"""V305 spherical cavity, soft and stiff inclusion under remote tension (Eshelby), one eighth in voxels. Around the
cavity the orders are those of the element; across a jump inside voxels they drop to about 1 and 1/2, and are taken
over the whole range of sizes, because the staircase jitters between neighbouring meshes."""

# processors: 1

import box_cases as bc

CASE, EDGE = "v305_inclusion", 12


def test(study):
    meshes = {n: bc.box((n, n, n), EDGE / n) for n in (16, 32, 48)}
    for row in bc.table("spherical_inclusion_scalars", 3):
        is_void = row["case"] == "void"
        settings = bc.constants(CASE, young_in=float(row["E1"]), poisson_in=float(row["nu1"]))
        if not is_void:  # no face of a voxel lies inside the box
            settings.update(bc.on_faces(["surface"], {"Condition": "free", "Displacement [mm]": ""}))
        series = study.series(row["case"], CASE, meshes, settings)
        series.converges("displacement_L2", 1.8 if is_void else 0.6, first=-2 if is_void else 0)
        series.converges("stress_L2", 0.8 if is_void else 0.3, first=-2 if is_void else 0)
        series.close()
    corner = f"if(max(x, max(y, z)) < {EDGE / 2}, 1, 0)"
    hanging = study.series("void, corner octant finer", CASE,
                           {n: bc.box((n, n, n), EDGE / n, corner) for n in (16, 32, 48)})  # fmt: skip
    hanging.converges("displacement_L2", 1.8)
    hanging.converges("stress_L2", 0.8)
    hanging.close()


bc.run("V305", test)
