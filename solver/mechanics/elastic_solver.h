// Equilibrium of a heterogeneous linear-elastic body on a forest of bricks: conjugate gradients in double,
// preconditioned by multigrid in float, with the checks that every solve must pass.
#pragma once

#include "mechanics/elastic_operator.h"
#include "mechanics/multigrid.h"
#include "mechanics/solve_balance.h"

#include "base/errors.h"
#include "base/options.h"
#include "base/tensor.h"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace wolff::mechanics {

struct SolverOptions
{
  double tolerance = 1e-8; ///< residual relative to the right-hand side, 2-norm of the free unknowns [-]
  int most_iterations = 500;
  /// "multigrid": matrix-free with a multigrid preconditioner; "assembled": a matrix and algebraic multigrid.
  std::string method = "multigrid";
  MultigridOptions multigrid;
  int former_solutions = 1; ///< that a solve starts from: 1 takes the start it is given

  void declare(Options &options);
};

/// What is wrong with the options beyond the range of each.
std::vector<Fault> check(const SolverOptions &options);

/// Prescribed displacements at nodes: a flag and a value for each component of each local node.
struct PrescribedDisplacement
{
  std::vector<std::uint8_t> fixed;
  std::vector<double> value;
};

class AssembledSolver;

class ElasticSolver
{
public:
  /// Numbers the unknowns and builds the levels. Collective.
  ElasticSolver(const discretisation::BrickForest &forest, const SolverOptions &options);
  ~ElasticSolver();

  const discretisation::BrickNodes &nodes() const { return nodes_; }
  const ElasticOperator<double> &stiffness() const { return stiffness_; }
  /// Levels of the multigrid hierarchy; 1 with an assembled matrix.
  std::size_t n_levels() const { return multigrid_ ? multigrid_->n_levels() : 1; }
  /// A displacement or force vector: 3 numbers a local node, all zero.
  std::vector<double> zero_vector() const { return std::vector<double>(stiffness_.vector_size(), 0.0); }

  /// No displacement prescribed yet; to be filled in and handed to set_prescribed().
  PrescribedDisplacement nothing_prescribed() const;
  /// Flags set on any rank hold on all ranks that see the node; the owner's value wins. Collective.
  void set_prescribed(PrescribedDisplacement prescribed);

  /// Lame moduli [MPa] of all voxels of owned bricks (brick * 512 + voxel), zero in void. Supports come
  /// first. Collective.
  void set_moduli(std::vector<double> lambda, std::vector<double> mu);

  /**
   * Solve K u = f with the prescribed displacements, starting from @p u.
   * @param forces nodal forces of this rank's share [N]: contributions to ghosts and hanging nodes are
   * allowed
   * @param reference point of the moments [mm]
   * @throws Fault (exit 4) on stagnation, breakdown or a result that is not finite
   * Collective.
   */
  SolveReport solve(std::vector<double> forces, std::vector<double> &u,
                    const Vector3 &reference = Vector3::Zero());

  /// Which load case the next solves are of: former solutions are kept for each by itself. 0 at first.
  void select_load_case(std::size_t index);

  /// Small-strain tensor at the centre of voxel @p voxel_of_cell[i] (brick * 512 + voxel) for each i.
  /// The ghosts and hanging entries of @p u are updated. Collective.
  std::vector<SymmetricTensor> centre_strains(std::vector<double> &u,
                                              const std::vector<std::uint32_t> &voxel_of_cell) const;

  /// Displacement of the eight corners' mean, that is at the voxel centre [mm]; same arguments.
  std::vector<Vector3> centre_displacements(std::vector<double> &u,
                                            const std::vector<std::uint32_t> &voxel_of_cell) const;

  /// Local number of corner 0..7 (x fastest) of a voxel of an owned brick.
  std::uint32_t corner_node(std::uint32_t voxel, int corner) const;

  std::int64_t
  n_unknowns() const; ///< displacement components that neither hang nor are prescribed nor are inert
  double setup_seconds() const { return setup_seconds_; }

  /// Nodal forces that are not zero, or prescribed displacements: entry and value.
  struct Entry
  {
    std::uint32_t index;
    double value;
  };

  /// What a solver for more fields takes from this one: the preconditioner (null with an assembled matrix),
  /// prescribed owned entries in order, and a flag for each owned entry that is an unknown.
  Multigrid *multigrid() const { return multigrid_.get(); }
  const std::vector<Entry> &prescribed() const { return prescribed_; }
  const std::vector<std::uint8_t> &is_free() const { return is_free_; }

private:
  double sum(double mine) const;
  void start_from_former(const std::vector<double> &right, std::vector<double> &u);

  const discretisation::BrickForest &forest_;
  SolverOptions options_;
  mutable SolveProfile profile_;
  discretisation::BrickNodes nodes_;
  ElasticOperator<double> stiffness_;
  std::unique_ptr<Multigrid> multigrid_;
  std::unique_ptr<AssembledSolver> assembled_; ///< in its place
  std::vector<Entry> prescribed_;              ///< owned entries, sorted
  std::vector<std::uint8_t> is_free_;          ///< three an owned node
  /// Of each load case: solutions at owned entries, the last one first.
  std::vector<std::vector<std::vector<double>>> former_{1};
  std::size_t load_case_ = 0;
  double setup_seconds_ = 0;
};

} // namespace wolff::mechanics
