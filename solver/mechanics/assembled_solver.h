// Equilibrium on an ordinary assembled matrix, by conjugate gradients with algebraic multigrid: the yardstick
// of the brick solver, its fallback, and the way for elements of degree 2. Some ten times as slow, with 25
// times the memory.
#pragma once

#include "discretisation/voxel_nodes.h"
#include "mechanics/cube_element.h"
#include "mechanics/elastic_solver.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace wolff::mechanics {

class AssembledMatrix;

/**
 * -div sigma(u) = b on the voxels that are not void, with trilinear (degree 1) or triquadratic (degree 2)
 * elements.
 *
 * Vectors hold three numbers a local node of nodes(); for degree 1 the vectors of ElasticSolver can be used
 * instead: see the functions that take `bricks`. Both solvers report the same quantities, and use of
 * SolverOptions is the same but for the multigrid's own.
 */
class AssembledSolver
{
public:
  using VectorField = std::function<Vector3(const Vector3 &position)>;
  /// The displacement [mm] of one component (0, 1, 2) at a position [mm], or nothing where it is free.
  using Prescription = std::function<std::optional<double>(const Vector3 &position, int component)>;
  /// Traction [MPa] at a position, on a face with an outward normal.
  using Traction = std::function<Vector3(const Vector3 &position, const Vector3 &normal)>;

  /// @p degree 1 or 2. The forest must outlive the solver. Collective.
  AssembledSolver(const discretisation::BrickForest &forest, int degree, const SolverOptions &options);
  ~AssembledSolver();

  const discretisation::VoxelNodes &nodes() const { return nodes_; }
  std::vector<double> zero_vector() const { return std::vector<double>(3 * nodes_.n_local(), 0.0); }

  /// Lame moduli [MPa] of all voxels of owned bricks (brick * 512 + voxel), zero in void.
  void set_moduli(std::vector<double> lambda, std::vector<double> mu);

  /// Asks at every node that does not hang (of degree 2: also on edges, faces and in the middle). Collective.
  void prescribe(const Prescription &prescription);
  /// What ElasticSolver::set_prescribed() takes, at the nodes of @p bricks. Degree 1. Collective.
  void prescribe(const discretisation::BrickNodes &bricks, PrescribedDisplacement prescribed);

  /// Adds int N_a b to @p forces for a body force b [N/mm^3]: exact for b of degree 3.
  void add_body_force(const VectorField &body_force, std::vector<double> &forces) const;
  /// Adds int N_a t over all exposed faces of @p mesh, the cells of the same forest: exact for t of degree 3.
  void add_traction(const discretisation::CellMesh &mesh, const Traction &traction,
                    std::vector<double> &forces) const;

  /**
   * Solve K u = f from the start @p u, whose ghosts and hanging nodes are current afterwards. Assembles first
   * if moduli or supports are new.
   * @param forces this rank's share [N]: contributions to ghosts and hanging nodes are allowed
   * @param reference point of the moments [mm]
   * @throws Fault (exit 4) on stagnation, breakdown or a result that is not finite. Collective.
   */
  SolveReport solve(std::vector<double> forces, std::vector<double> &u,
                    const Vector3 &reference = Vector3::Zero());
  /// The same with vectors at the nodes of @p bricks, as ElasticSolver::solve() takes them. Degree 1.
  /// Collective.
  SolveReport solve(const discretisation::BrickNodes &bricks, std::vector<double> forces,
                    std::vector<double> &u, const Vector3 &reference = Vector3::Zero());

  /// Displacement [mm] and strain [-] in a voxel (brick * 512 + voxel) at @p xi in [0, 1]^3.
  Vector3 displacement(const std::vector<double> &u, std::uint32_t voxel, const Vector3 &xi) const;
  SymmetricTensor strain(const std::vector<double> &u, std::uint32_t voxel, const Vector3 &xi) const;

  /// f = K u, element by element: what the reported residual, reactions and energy come from. Collective.
  void apply(std::vector<double> &u, std::vector<double> &f) const;

  std::int64_t n_unknowns() const; ///< components that neither hang nor are held nor inert. Collective.

private:
  std::uint32_t node_of(std::size_t voxel, int local) const;
  void assemble();
  double free_norm(const std::vector<double> &r) const;

  const discretisation::BrickForest &forest_;
  SolverOptions options_;
  CubeElement element_;
  discretisation::VoxelNodes nodes_;
  std::vector<Vector3> position_; ///< of local nodes on owned bricks [mm]
  std::vector<double> lambda_, mu_;
  PrescribedDisplacement prescribed_;
  std::vector<std::uint8_t> is_free_; ///< three a local node
  std::unique_ptr<AssembledMatrix> matrix_;
  double setup_seconds_ = 0;
};

} // namespace wolff::mechanics
