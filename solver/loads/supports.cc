#include "loads/supports.h"

#include "base/errors.h"
#include "geometry/femur_frame.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace wolff::loads {

namespace {

constexpr std::array<bool, 3> all_components{true, true, true};

Support clamp(const discretisation::CellMesh &mesh, const geometry::Anatomy &anatomy,
              const SupportOptions &options)
{
  Support support;
  support.cells = clamped_cells(mesh, anatomy, options.height);
  for (const std::uint32_t cell : support.cells)
    for (std::uint8_t corner = 0; corner < 8; ++corner)
      support.corners.push_back({cell, corner, all_components});
  return support;
}

/// The faces of the staircase that stand for the distal cut: they look distally along the axis of the voxels
/// that lies nearest to the shaft.
struct DistalFace
{
  int axis = 2;                                           ///< 0, 1, 2
  bool on_high = false;                                   ///< it looks towards the positive end of the axis
  std::vector<const discretisation::ExposedFace *> faces; ///< of this rank
  double area = 0;                                        ///< on all ranks [mm^2]
  Vector3 middle = Vector3::Zero();                       ///< centre of area
};

DistalFace distal_face(const discretisation::CellMesh &mesh, const geometry::Anatomy &anatomy,
                       const double height)
{
  const Vector3 proximal = anatomy.femur_axes().col(2);
  DistalFace distal;
  proximal.cwiseAbs().maxCoeff(&distal.axis);
  distal.on_high = proximal[distal.axis] < 0;
  std::array<double, 4> sums{};
  for (const auto &face : mesh.exposed_faces()) {
    if (face.direction != 2 * distal.axis + (distal.on_high ? 1 : 0)) continue;
    const double above = proximal.dot(face.centre - anatomy.head_centre()) - anatomy.distal_cut();
    // Cells are in if the cut leaves half of them: their faces lie within half an edge of it. What hangs over
    // from the next layer, as a shaft that widens does, is no part of it.
    if (above > std::min(height, (0.5 + 1e-6) * mesh.cell(face.cell).edge)) continue;
    distal.faces.push_back(&face);
    sums[0] += face.area;
    for (std::size_t c = 0; c < 3; ++c) sums[1 + c] += face.area * face.centre[static_cast<Eigen::Index>(c)];
  }
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), 4, MPI_DOUBLE, MPI_SUM, mesh.comm());
  distal.area = sums[0];
  if (!(distal.area > 0))
    throw Fault(Exit::model, "no-support", "Loads/Support", "no face of a cell lies at the distal cut")
        .found("none within " + to_text(height) + " mm of it")
        .wanted("faces that look distally");
  distal.middle = Vector3(sums[1], sums[2], sums[3]) / distal.area;
  return distal;
}

/// Holds components at the four corners of a cell that lie on its distal face.
void hold_corners(const DistalFace &distal, const std::uint32_t cell, const std::array<bool, 3> &components,
                  std::vector<HeldCorner> &corners)
{
  for (std::uint8_t corner = 0; corner < 8; ++corner)
    if (((corner >> distal.axis & 1) != 0) == distal.on_high) corners.push_back({cell, corner, components});
}

Support roller(const discretisation::CellMesh &mesh, const geometry::Anatomy &anatomy,
               const SupportOptions &options)
{
  Support support;
  support.cells = clamped_cells(mesh, anatomy, options.height);
  const DistalFace distal = distal_face(mesh, anatomy, options.height);
  const Vector3 proximal = anatomy.femur_axes().col(2);
  if (std::abs(proximal[distal.axis]) < 1 - 1e-6)
    throw Fault(Exit::model, "support-oblique", "Loads/Support",
                "a roller needs a shaft along an axis of the voxels")
        .found("a shaft along " + geometry::text_of(proximal, 4))
        .wanted("an axis, as the built-in femur has")
        .hint("Clamp the femur or stand it on a foundation, or turn the surface");
  support.area = distal.area;
  std::array<bool, 3> normal{};
  normal[static_cast<std::size_t>(distal.axis)] = true;

  // In the plane: the face nearest to the middle; of two at one distance that of the cell with the lesser id.
  double nearest = std::numeric_limits<double>::infinity(), nearest_of_all = 0;
  for (const auto *face : distal.faces) nearest = std::min(nearest, (face->centre - distal.middle).norm());
  MPI_Allreduce(&nearest, &nearest_of_all, 1, MPI_DOUBLE, MPI_MIN, mesh.comm());
  std::int64_t id = std::numeric_limits<std::int64_t>::max(), id_of_all = 0;
  const auto is_near = [&](const discretisation::ExposedFace &face) {
    return (face.centre - distal.middle).norm() <= nearest_of_all + 1e-9 * mesh.cell(face.cell).edge;
  };
  for (const auto *face : distal.faces)
    if (is_near(*face)) id = std::min(id, mesh.cell(face->cell).id);
  MPI_Allreduce(&id, &id_of_all, 1, MPI_INT64_T, MPI_MIN, mesh.comm());
  for (const auto *face : distal.faces) {
    const bool is_pin = is_near(*face) && mesh.cell(face->cell).id == id_of_all;
    hold_corners(distal, face->cell, is_pin ? all_components : normal, support.corners);
  }
  return support;
}

Support foundation(const discretisation::CellMesh &mesh, const geometry::Anatomy &anatomy,
                   const SupportOptions &options)
{
  if (!(options.foundation_stiffness > 0))
    throw Fault(Exit::input, "option-missing", "Loads/Foundation stiffness [N/mm^3]",
                "a foundation without stiffness")
        .found(options.foundation_stiffness)
        .wanted("a number greater than 0");
  Support support;
  support.cells = clamped_cells(mesh, anatomy, options.height);
  const DistalFace distal = distal_face(mesh, anatomy, options.height);
  for (const auto *face : distal.faces) hold_corners(distal, face->cell, all_components, support.corners);
  support.area = distal.area;
  double volume = 0;
  for (const std::uint32_t cell : support.cells) volume += mesh.volume(cell);
  MPI_Allreduce(MPI_IN_PLACE, &volume, 1, MPI_DOUBLE, MPI_SUM, mesh.comm());
  support.foundation_modulus = options.foundation_stiffness * volume / distal.area;
  return support;
}

Support on_pilot_node(const discretisation::CellMesh &mesh, const geometry::Anatomy &anatomy,
                      const SupportOptions &options)
{
  Support support = clamp(mesh, anatomy, options);
  support.pilot = pilot_node(options.pilot, anatomy, distal_face(mesh, anatomy, options.height).middle);
  return support;
}

} // namespace

const Table<SupportRule> &support_rules()
{
  static const Table<SupportRule> table{
      {"clamp at distal cut", "all displacements of the cells next to the distal cut are zero", "", clamp},
      {"roller at distal cut", "the distal face moves in its plane only", "", roller},
      {"elastic foundation", "the bone stands on springs along and across the shaft", "", foundation},
      {"pilot node", "the cells next to the distal cut are rigid and move with one point", "", on_pilot_node},
  };
  return table;
}

std::vector<std::uint32_t> clamped_cells(const discretisation::CellMesh &mesh,
                                         const geometry::Anatomy &anatomy, const double height)
{
  const Vector3 proximal = anatomy.femur_axes().col(2), head = anatomy.head_centre();
  const double cut = anatomy.distal_cut();
  std::vector<std::uint32_t> held;
  double lowest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
    const double above = proximal.dot(mesh.cell(i).centre - head) - cut;
    lowest = std::min(lowest, above);
    if (above < height) held.push_back(static_cast<std::uint32_t>(i));
  }
  auto count = static_cast<std::int64_t>(held.size());
  MPI_Allreduce(MPI_IN_PLACE, &count, 1, MPI_INT64_T, MPI_SUM, mesh.comm());
  MPI_Allreduce(MPI_IN_PLACE, &lowest, 1, MPI_DOUBLE, MPI_MIN, mesh.comm());
  if (count == 0)
    throw Fault(Exit::model, "no-support", "Loads/Clamp height [mm]", "no cell lies near the distal cut")
        .found("the lowest cell centre " + to_text(lowest) + " mm above the cut")
        .wanted("cells less than " + to_text(height) + " mm above it")
        .hint("Raise the clamp height above half the edge of the coarsest cells");
  return held;
}

} // namespace wolff::loads
