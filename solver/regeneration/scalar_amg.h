// Algebraic multigrid for the systems of Transport on large meshes: one V-cycle of smoothed aggregation by ML
// of Trilinos, as a preconditioner of conjugate gradients.
#pragma once

#include "base/ghost_exchange.h"

#include <memory>
#include <vector>

namespace wolff::regeneration {

/// A symmetric matrix with a positive diagonal and no positive entry beside it, row by row of this rank.
struct SymmetricRows
{
  const std::vector<double> &diagonal;
  const std::vector<std::uint32_t> &begin;  ///< of each row: its first neighbour; one more at the end
  const std::vector<std::uint32_t> &column; ///< of each neighbour: row or ghost
  const std::vector<double> &entry;         ///< of each neighbour, not positive
};

class ScalarAmg
{
public:
  /// Symmetric Gauss-Seidel on all levels, so singular parts of the matrix do no harm and every set-up gives
  /// the same cycle on the same ranks. Collective.
  ScalarAmg(MPI_Comm comm, const GhostExchange &exchange, const SymmetricRows &rows);
  ~ScalarAmg();

  /// @p correction = one V-cycle on @p residual, from zero. Collective.
  void apply(const std::vector<double> &residual, std::vector<double> &correction) const;

private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

} // namespace wolff::regeneration
