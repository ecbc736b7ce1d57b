#include "mechanics/solve_balance.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>

namespace wolff::mechanics {

double SolveReport::force_imbalance() const
{
  const double scale = std::max({force_size, applied.norm(), reaction.norm()});
  return scale > 0 ? (applied + reaction).norm() / scale : 0.0;
}

double SolveReport::energy_imbalance() const
{
  const double scale = std::max(std::abs(strain_energy), std::abs(external_work));
  return scale > 0 ? std::abs(strain_energy - external_work) / scale : 0.0;
}

void SolveBalance::add(const SolvedNode &node)
{
  Vector3 force, reaction;
  for (int c = 0; c < 3; ++c) {
    force[c] = node.applied[c];
    reaction[c] = node.prescribed[c] ? node.internal[c] - node.applied[c] : 0.0;
    sums_[12] += 0.5 * node.displacement[c] * node.internal[c];
    sums_[13] += 0.5 * node.displacement[c] * (node.applied[c] + reaction[c]);
  }
  sums_[14] += 0.5 * (force.norm() + reaction.norm());
  const Vector3 arm = node.position - reference_;
  const Vector3 force_moment = arm.cross(force), reaction_moment = arm.cross(reaction);
  for (std::size_t c = 0; c < 3; ++c) {
    const auto d = static_cast<Eigen::Index>(c);
    sums_[c] += force[d];
    sums_[3 + c] += reaction[d];
    sums_[6 + c] += force_moment[d];
    sums_[9 + c] += reaction_moment[d];
  }
}

void SolveBalance::write_to(SolveReport &report, const MPI_Comm comm) const
{
  std::array<double, 15> sums = sums_;
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), static_cast<int>(sums.size()), MPI_DOUBLE, MPI_SUM, comm);
  report.applied = Vector3(sums[0], sums[1], sums[2]);
  report.reaction = Vector3(sums[3], sums[4], sums[5]);
  report.applied_moment = Vector3(sums[6], sums[7], sums[8]);
  report.reaction_moment = Vector3(sums[9], sums[10], sums[11]);
  report.strain_energy = sums[12];
  report.external_work = sums[13];
  report.force_size = sums[14];
}

} // namespace wolff::mechanics
