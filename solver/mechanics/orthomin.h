// Generalised conjugate residuals with a short memory: a Krylov method for equations that are not symmetric,
// or whose preconditioner is not, but nearly so.
#pragma once

#include <mpi.h>

#include <cstddef>
#include <vector>

namespace wolff::mechanics {

/**
 * Truncated GCR, Orthomin(k) (P. K. W. Vinsome, SPE Symposium on Numerical Simulation of Reservoir
 * Performance, 1976; S. C. Eisenstat, H. C. Elman and M. H. Schultz, SIAM J. Numer. Anal. 20, 1983). A
 * direction z with its image w = A z is made such that w is orthogonal to the last k images; the step along
 * it that leaves the smallest residual r = b - A x follows. z may be any vector, so a preconditioner may
 * change from step to step.
 *
 * All vectors are those of one rank, of equal length, and the inner product is their plain sum over ranks:
 * scale the entries of r and w first. Where r is at right angles to its own image a step leads nowhere, and a
 * direction made from the same r leads nowhere again: make the next one from w instead (Orthodir), as GMRES
 * always does. Directions are kept in double: where large parts of a direction cancel
 * in its image, its rounding would not. 12 bytes an entry and kept direction.
 */
class Orthomin
{
public:
  /// Of the last @p memory directions, one at least.
  Orthomin(std::size_t memory, MPI_Comm comm);

  struct Norms
  {
    double residual; ///< |r| by the recurrence
    double image;    ///< |w| as it is left
  };
  /// One step along z, whose image is w. Both are overwritten by the new direction and its image. Norms that
  /// are not finite tell of a breakdown: w was no new direction. Collective.
  Norms step(std::vector<double> &z, std::vector<double> &w, std::vector<double> &x, std::vector<double> &r);

  /// From now on the last @p memory directions, not fewer than before.
  void remember(std::size_t memory);

  std::size_t n_kept() const { return kept_.size(); }

private:
  struct Direction
  {
    std::vector<double> z;
    std::vector<float> w;
    double square; ///< w.w
  };
  /// w.w_l / w_l.w_l of the kept ones, their r.w_l, then w.w, w.r and r.r. Collective.
  std::vector<double> inner_products(const std::vector<double> &w, const std::vector<double> &r) const;

  std::size_t memory_;
  MPI_Comm comm_;
  std::vector<Direction> kept_;
  std::size_t oldest_ = 0; ///< the place of the next direction
};

} // namespace wolff::mechanics
