#include "loads/muscle_disc.h"

#include "base/errors.h"

#include <array>
#include <limits>

namespace wolff::loads {

namespace {

/// The attachments are those of other femora: their trochanters differ by about a centimetre.
constexpr double farthest = 20; // [mm]
constexpr std::int64_t least_faces = 3;

bool holds_muscle(const geometry::Phase phase)
{
  return phase != geometry::Phase::track && phase != geometry::Phase::scaffold &&
         phase != geometry::Phase::scaffold_pore && phase != geometry::Phase::articular_cartilage;
}

} // namespace

MuscleDisc muscle_disc(const discretisation::CellMesh &mesh, const geometry::Anatomy &anatomy,
                       const Vector3 &attachment, const double radius, const std::string &place)
{
  // The nearest face; of two at one distance the one of the cell with the lesser id, on any number of ranks.
  std::vector<const discretisation::ExposedFace *> near;
  MuscleDisc disc;
  double least = std::numeric_limits<double>::infinity();
  for (const auto &face : mesh.exposed_faces()) {
    const double distance = (face.centre - attachment).norm();
    if (distance > farthest + radius || !holds_muscle(anatomy.phase(mesh.cell(face.cell).centre))) continue;
    near.push_back(&face);
    least = std::min(least, distance);
  }
  MPI_Allreduce(&least, &disc.distance, 1, MPI_DOUBLE, MPI_MIN, mesh.comm());
  constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();
  std::int64_t first = none;
  const discretisation::ExposedFace *nearest = nullptr;
  const auto key_of = [&](const discretisation::ExposedFace &face) {
    return mesh.cell(face.cell).id; // several faces of a cell: the first in the order of its faces
  };
  for (const auto *face : near)
    if ((face->centre - attachment).norm() <= disc.distance * (1 + 1e-12) && key_of(*face) < first) {
      first = key_of(*face);
      nearest = face;
    }
  std::int64_t first_of_all = none;
  MPI_Allreduce(&first, &first_of_all, 1, MPI_INT64_T, MPI_MIN, mesh.comm());
  std::array<double, 3> centre{};
  if (nearest != nullptr && first == first_of_all)
    for (std::size_t c = 0; c < 3; ++c) centre[c] = nearest->centre[static_cast<Eigen::Index>(c)];
  MPI_Allreduce(MPI_IN_PLACE, centre.data(), 3, MPI_DOUBLE, MPI_SUM, mesh.comm());
  disc.centre = Vector3(centre[0], centre[1], centre[2]);

  std::array<double, 2> sums{};
  if (disc.distance <= farthest)
    for (const auto *face : near)
      if ((face->centre - disc.centre).norm() <= radius * (1 + 1e-12)) {
        disc.faces.push_back({*face, face->area});
        sums[0] += 1;
        sums[1] += face->area;
      }
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), 2, MPI_DOUBLE, MPI_SUM, mesh.comm());
  disc.n_faces = static_cast<std::int64_t>(sums[0]);
  disc.area = sums[1];
  if (disc.n_faces < least_faces)
    throw Fault(Exit::model, "muscle-off-bone", place, "there is no bone where a muscle attaches")
        .found(disc.distance <= farthest
                   ? std::to_string(disc.n_faces) + " faces within the radius of the disc"
                   : "no face of bone within " + to_text(farthest) + " mm of the attachment")
        .wanted("at least " + std::to_string(least_faces) + " faces")
        .hint("Raise the radius of the disc or refine the surface, or leave the muscles out");
  for (MuscleDisc::Face &face : disc.faces) face.share /= disc.area;
  return disc;
}

std::vector<FaceForce> spread(const MuscleDisc &disc, const Vector3 &force)
{
  std::vector<FaceForce> forces;
  for (const auto &[face, share] : disc.faces) forces.push_back({face, share * force});
  return forces;
}

} // namespace wolff::loads
