// What every solve reports, and the sums behind it: resultants, moments and energies from K u, whichever
// solver found u.
#pragma once

#include "base/tensor.h"
#include "mechanics/solve_profile.h"

#include <mpi.h>

#include <array>
#include <cstdint>

namespace wolff::mechanics {

struct SolveReport
{
  int iterations = 0;
  double first_residual = 0;                ///< relative, of the start
  double residual = 0;                      ///< relative, computed anew from u after the last iteration
  Vector3 applied = Vector3::Zero();        ///< sum of the applied nodal forces [N]
  Vector3 reaction = Vector3::Zero();       ///< sum of the reactions at prescribed displacements [N]
  Vector3 applied_moment = Vector3::Zero(); ///< about the reference point [N mm]
  Vector3 reaction_moment = Vector3::Zero();
  double force_size = 0;    ///< half the sum of the sizes of all nodal forces and reactions [N]
  double strain_energy = 0; ///< 1/2 u.K u [N mm]
  double external_work = 0; ///< 1/2 (f.u + reaction.u) [N mm]
  double setup_seconds = 0, solve_seconds = 0;
  SolveProfile::Seconds profile{}; ///< of this rank's solve, by kind of work

  /// |applied + reaction| over the largest of force_size, |applied|, |reaction|: also meaningful where the
  /// reactions alone balance each other.
  double force_imbalance() const;
  double energy_imbalance() const;
};

/// Three components each of one node, which its rank owns and which does not hang.
struct SolvedNode
{
  Vector3 position;               ///< [mm]
  const double *displacement;     ///< u [mm]
  const double *internal;         ///< K u [N]
  const double *applied;          ///< f [N]
  const std::uint8_t *prescribed; ///< flags: a reaction K u - f acts where they are set
};

/// Adds up resultants and energies, node by node in the order of the caller.
class SolveBalance
{
public:
  /// @p reference point of the moments [mm]
  explicit SolveBalance(const Vector3 &reference) : reference_(reference) {}

  void add(const SolvedNode &node);

  /// Sums over all ranks, each node added once on one of them, into @p report. Collective.
  void write_to(SolveReport &report, MPI_Comm comm) const;

private:
  Vector3 reference_;
  /// Applied force and reaction, their moments, strain energy, external work, size of the forces.
  std::array<double, 15> sums_{};
};

} // namespace wolff::mechanics
