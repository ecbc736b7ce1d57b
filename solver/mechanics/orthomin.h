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
 * scale the entries of r and w first. Directions are kept in double: where large parts of a direction cancel
 * in its image, its rounding would not. 12 bytes an entry and kept direction.
 */
class Orthomin
{
public:
  /// Of the last @p memory directions, one at least.
  Orthomin(std::size_t memory, MPI_Comm comm);

  /// One step along z, whose image is w; both are overwritten. Returns |r| by the recurrence, or a number
  /// that is not finite after a breakdown. Collective.
  double step(std::vector<double> &z, std::vector<double> &w, std::vector<double> &x, std::vector<double> &r);

  std::size_t n_kept() const { return kept_.size(); }

private:
  struct Direction
  {
    std::vector<double> z;
    std::vector<float> w;
    double square; ///< w.w
  };
  /// w.w_l / w_l.w_l of the kept ones, then w.w, w.r and r.r. Collective.
  std::vector<double> inner_products(const std::vector<double> &w, const std::vector<double> &r) const;

  std::size_t memory_;
  MPI_Comm comm_;
  std::vector<Direction> kept_;
  std::size_t oldest_ = 0; ///< the place of the next direction
};

} // namespace wolff::mechanics
