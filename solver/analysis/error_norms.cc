#include "analysis/error_norms.h"

#include "base/errors.h"
#include "material/elastic.h"
#include "stimulus/measures.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace wolff::analysis {

namespace {

using discretisation::brick_voxels;
using discretisation::voxels_per_edge;

/// A quadrature point of the unit cube with the values and slopes of the eight trilinear shape functions.
struct Point
{
  Vector3 place;
  double weight;
  std::array<double, 8> shape{};
  std::array<Vector3, 8> slope{};

  Point(const Vector3 &at, const double its_weight) : place(at), weight(its_weight)
  {
    for (std::size_t corner = 0; corner < 8; ++corner) {
      std::array<double, 3> along{};
      for (std::size_t d = 0; d < 3; ++d)
        along[d] = corner >> d & 1 ? at[static_cast<Eigen::Index>(d)] : 1 - at[static_cast<Eigen::Index>(d)];
      shape[corner] = along[0] * along[1] * along[2];
      for (std::size_t d = 0; d < 3; ++d)
        slope[corner][static_cast<Eigen::Index>(d)] =
            (corner >> d & 1 ? 1 : -1) * along[(d + 1) % 3] * along[(d + 2) % 3];
    }
  }
};

constexpr std::size_t centre_point = 13; ///< the middle one of the 27 Gauss points

std::vector<Point> gauss_points()
{
  const std::array<double, 3> places{0.5 - std::sqrt(0.15), 0.5, 0.5 + std::sqrt(0.15)},
      weights{5.0 / 18, 8.0 / 18, 5.0 / 18};
  std::vector<Point> points;
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t b = 0; b < 3; ++b)
      for (std::size_t a = 0; a < 3; ++a)
        points.emplace_back(Vector3(places[a], places[b], places[c]), weights[a] * weights[b] * weights[c]);
  return points;
}

/// Integrals of the squares of a difference and of the exact field.
struct Squares
{
  double difference = 0, exact = 0;

  void add(const double weight, const double squared_difference, const double squared_exact)
  {
    difference += weight * squared_difference;
    exact += weight * squared_exact;
  }
  void add(const double weight, const SymmetricTensor &found, const SymmetricTensor &target)
  {
    const SymmetricTensor apart = found + -1.0 * target;
    add(weight, contract(apart, apart), contract(target, target));
  }
};

/// All sums of doubles, so that one reduction serves them.
struct Sums
{
  Squares displacement, weighted, stress, stress_centres, strain_centres, shear, shear_centres;
  double energy = 0, exact_energy = 0;
};

struct Largest
{
  double difference = 0, exact = 0;
};

class Integration
{
public:
  Integration(const SolvedBody &body, const std::vector<double> &u, const ExactSolution &exact)
      : body_(body), u_(u), exact_(exact)
  {
  }

  void run()
  {
    for (std::size_t voxel = 0; voxel < body_.mu.size(); ++voxel)
      if (body_.mu[voxel] > 0) add_voxel(voxel);
  }

  Sums sums;
  Largest largest;

private:
  void add_voxel(const std::size_t voxel)
  {
    const discretisation::Brick &brick = body_.forest.brick(voxel / brick_voxels);
    const int v = static_cast<int>(voxel % brick_voxels);
    const double h = brick.voxel_edge(), volume = h * h * h;
    const Vector3 low = discretisation::node_position(brick, voxels_per_edge, v % voxels_per_edge,
                                                      v / voxels_per_edge % voxels_per_edge,
                                                      v / (voxels_per_edge * voxels_per_edge));
    const double mu = body_.mu[voxel];
    const material::Elastic law = material::from_bulk_and_shear(body_.lambda[voxel] + 2 * mu / 3, mu);
    std::array<Vector3, 8> corners;
    for (int corner = 0; corner < 8; ++corner) {
      const std::size_t node = body_.solver.corner_node(static_cast<std::uint32_t>(voxel), corner);
      corners[static_cast<std::size_t>(corner)] = Vector3(u_[3 * node], u_[3 * node + 1], u_[3 * node + 2]);
    }
    for (std::size_t p = 0; p < points_.size(); ++p) {
      const Vector3 place = low + h * points_[p].place;
      const double weight = volume * points_[p].weight;
      if (exact_.displacement) add_displacement(points_[p], place, weight, law.youngs_modulus, corners);
      if (exact_.stress) add_stress(p, place, weight, h, law, corners);
    }
  }

  void add_displacement(const Point &point, const Vector3 &place, const double weight,
                        const double youngs_modulus, const std::array<Vector3, 8> &corners)
  {
    Vector3 found = Vector3::Zero();
    for (std::size_t corner = 0; corner < 8; ++corner) found += point.shape[corner] * corners[corner];
    const Vector3 target = exact_.displacement(place);
    const double difference = (found - target).squaredNorm(), size = target.squaredNorm();
    sums.displacement.add(weight, difference, size);
    sums.weighted.add(weight * youngs_modulus, difference, size);
    largest.difference = std::max(largest.difference, difference);
    largest.exact = std::max(largest.exact, size);
  }

  void add_stress(const std::size_t p, const Vector3 &place, const double weight, const double h,
                  const material::Elastic &law, const std::array<Vector3, 8> &corners)
  {
    Eigen::Matrix3d gradient = Eigen::Matrix3d::Zero();
    for (std::size_t corner = 0; corner < 8; ++corner)
      gradient += corners[corner] * points_[p].slope[corner].transpose();
    gradient /= h;
    const SymmetricTensor strain{
        {gradient(0, 0), gradient(1, 1), gradient(2, 2), 0.5 * (gradient(0, 1) + gradient(1, 0)),
         0.5 * (gradient(1, 2) + gradient(2, 1)), 0.5 * (gradient(0, 2) + gradient(2, 0))}};
    const SymmetricTensor stress = material::stress(law, strain), exact_stress = exact_.stress(place),
                          exact_strain = material::strain(law, exact_stress);
    const double exact_shear = stimulus::octahedral_shear_strain(exact_strain),
                 apart = stimulus::octahedral_shear_strain(strain) - exact_shear;
    sums.stress.add(weight, stress, exact_stress);
    sums.shear.add(weight, apart * apart, exact_shear * exact_shear);
    sums.energy += weight * stimulus::strain_energy_density(stress, strain);
    sums.exact_energy += weight * stimulus::strain_energy_density(exact_stress, exact_strain);
    if (p != centre_point) return;
    const double volume = h * h * h;
    sums.stress_centres.add(volume, stress, exact_stress);
    sums.strain_centres.add(volume, strain, exact_strain);
    sums.shear_centres.add(volume, apart * apart, exact_shear * exact_shear);
  }

  const SolvedBody &body_;
  const std::vector<double> &u_;
  const ExactSolution &exact_;
  const std::vector<Point> points_ = gauss_points();
};

double relative(const Squares &squares)
{
  return squares.exact > 0 ? std::sqrt(squares.difference / squares.exact) : no_value;
}

} // namespace

ErrorNorms error_norms(const SolvedBody &body, std::vector<double> &u, const ExactSolution &exact)
{
  body.solver.nodes().exchange().update_ghosts(u.data(), 3);
  body.solver.nodes().fill_hanging(u.data(), 3);

  Integration integration(body, u, exact);
  const MPI_Comm comm = body.forest.comm();
  together(comm, [&] { integration.run(); }); // an expression may have no value at a point of one rank

  static_assert(sizeof(Sums) % sizeof(double) == 0 && sizeof(Largest) == 2 * sizeof(double));
  Sums &sums = integration.sums;
  Largest &largest = integration.largest;
  MPI_Allreduce(MPI_IN_PLACE, &sums, sizeof(Sums) / sizeof(double), MPI_DOUBLE, MPI_SUM, comm);
  MPI_Allreduce(MPI_IN_PLACE, &largest, 2, MPI_DOUBLE, MPI_MAX, comm);

  ErrorNorms norms;
  norms.displacement_L2 = relative(sums.displacement);
  norms.displacement_max = relative({largest.difference, largest.exact});
  norms.displacement_L2_weighted = relative(sums.weighted);
  norms.stress_L2 = relative(sums.stress);
  norms.stress_centres_L2 = relative(sums.stress_centres);
  norms.strain_centres_L2 = relative(sums.strain_centres);
  norms.octahedral_shear_L2 = relative(sums.shear);
  norms.octahedral_shear_centres_L2 = relative(sums.shear_centres);
  if (sums.exact_energy > 0) norms.energy = std::abs(sums.energy / sums.exact_energy - 1);
  return norms;
}

std::vector<Quantity> quantities(const ErrorNorms &norms)
{
  std::vector<Quantity> all{
      {"displacement_L2", norms.displacement_L2, "relative L2 error of the displacement"},
      {"displacement_max", norms.displacement_max,
       "largest error of the displacement over the largest displacement"},
      {"displacement_L2_weighted", norms.displacement_L2_weighted,
       "relative L2 error of the displacement, weighted with Young's modulus"},
      {"stress_L2", norms.stress_L2, "relative L2 error of the stress"},
      {"stress_centres_L2", norms.stress_centres_L2, "the same at the centres of the voxels"},
      {"strain_centres_L2", norms.strain_centres_L2,
       "relative L2 error of the strain at the centres of the voxels"},
      {"octahedral_shear_L2", norms.octahedral_shear_L2, "relative L2 error of the octahedral shear strain"},
      {"octahedral_shear_centres_L2", norms.octahedral_shear_centres_L2,
       "the same at the centres of the voxels"},
      {"energy", norms.energy, "relative error of the strain energy"}};
  std::erase_if(all, [](const Quantity &q) { return std::isnan(q.value); });
  return all;
}

} // namespace wolff::analysis
