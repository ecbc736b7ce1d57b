#include "loads/end_load.h"

#include "base/errors.h"

#include <Eigen/Cholesky>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace wolff::loads {

void EndLoadOptions::declare(Options &options)
{
  const std::string sheep = "sheep tibia, Perier-Metz et al. 2020 [V]";
  options.add("Axial force [N]", axial_force, "Of a long bone: compressive force on its proximal end.", {},
              sheep);
  options.add("Bending moment [N mm]", bending_moment, "Of a long bone: moment on its proximal end.", {},
              sheep);
  options.add("Bending direction [deg]", bending_direction,
              "Of a long bone: direction of the moment's vector across the axis, from x towards y.");
  options.add_choice(
      "Proximal end", proximal, {"guided", "free"},
      "Of a long bone. Guided: the end moves along the axis and turns, but not across the axis and not "
      "about it; free: it is held by nothing.");
}

EndLoad end_load(const discretisation::CellMesh &mesh, const geometry::Anatomy &anatomy,
                 const EndLoadOptions &options, const double factor)
{
  constexpr std::uint8_t proximal = 5; // +z
  const double top = anatomy.head_centre()[2];
  std::vector<const discretisation::ExposedFace *> faces;
  Eigen::Matrix3d sums = Eigen::Matrix3d::Zero(); // of area times (1, x, y) (1, x, y)^T
  for (const auto &face : mesh.exposed_faces()) {
    const discretisation::Cell &cell = mesh.cell(face.cell);
    if (face.direction != proximal || std::abs(face.centre[2] - top) > 0.51 * cell.edge) continue;
    if (anatomy.phase(cell.centre) != geometry::Phase::cortical) continue;
    faces.push_back(&face);
    const Vector3 basis(1, face.centre[0], face.centre[1]);
    sums += face.area * basis * basis.transpose();
  }
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), 9, MPI_DOUBLE, MPI_SUM, mesh.comm());

  EndLoad load;
  load.area = sums(0, 0);
  const double smallest = load.area > 0 ? Eigen::LDLT<Eigen::Matrix3d>(sums).vectorD().minCoeff() : 0;
  if (!(smallest > 0))
    throw Fault(Exit::model, "load-on-void", "Loads/End load",
                "the proximal end has no faces of bone that take a moment")
        .found(to_text(load.area) + " mm^2 of cortical bone")
        .hint("Use voxels that are no thicker than the cortex");
  const double angle = options.bending_direction * std::numbers::pi / 180,
               moment = factor * options.bending_moment;
  // The moment of the forces -p A along z about the axis: (-sum y p A, sum x p A).
  const Vector3 wanted(factor * options.axial_force, moment * std::sin(angle), -moment * std::cos(angle));
  const Vector3 pressure = sums.ldlt().solve(wanted);
  std::array<double, 2> extremes{std::numeric_limits<double>::infinity(),
                                 std::numeric_limits<double>::infinity()};
  for (const auto *face : faces) {
    const double p = pressure.dot(Vector3(1, face->centre[0], face->centre[1]));
    extremes[0] = std::min(extremes[0], p);
    extremes[1] = std::min(extremes[1], -p);
    load.forces.push_back({*face, Vector3(0, 0, -p * face->area)});
    if (options.proximal == "guided")
      for (std::uint8_t corner = 4; corner < 8; ++corner)
        load.corners.push_back({face->cell, corner, {true, true, false}});
  }
  MPI_Allreduce(MPI_IN_PLACE, extremes.data(), 2, MPI_DOUBLE, MPI_MIN, mesh.comm());
  load.least = extremes[0];
  load.greatest = -extremes[1];
  return load;
}

} // namespace wolff::loads
