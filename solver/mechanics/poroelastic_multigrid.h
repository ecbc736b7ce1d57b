// Preconditioner of Biot's equations: one multigrid cycle in float for displacement and pressure together, on
// the levels of the displacement's own multigrid.
#pragma once

#include "mechanics/multigrid.h"
#include "mechanics/pore_operator.h"

#include <memory>
#include <vector>

namespace wolff::mechanics {

/**
 * A cycle for
 *   [ K    -Q            ] [u]   [b_u]
 *   [ Q^T  C + S + dt H  ] [p] = [b_p].
 * On every level displacement and pressure are smoothed in turn: Chebyshev steps for K u = b_u + Q p, then
 * for the pressure with C + alpha^2/K_drained + dt H in place of the Schur complement. What such a complement
 * misses are pressures that reach along soft tissue between stiff walls, which can yield but little; the
 * coarse levels, which know both fields, correct them. The coarsest level is factored as one.
 */
class PoroelasticMultigrid
{
public:
  /// @p solid must outlive this; its vectors are used. Collective.
  explicit PoroelasticMultigrid(Multigrid &solid);
  ~PoroelasticMultigrid();

  /// Nodes where the pressure is given: a flag a local node of the finest level, ghosts current. Collective.
  void set_drained(const std::vector<std::uint8_t> &drained);

  /// Storage, mobility and Biot coefficient of all voxels of owned bricks as in PoreVoxels (no stabilisation:
  /// it follows), after the moduli of the solid; dt the time step of the flow [s]. Coarse voxels take the
  /// mean of their eight children. Collective.
  void set_coefficients(PoreCoefficients<float> coefficients, float dt);

  /// From the two right-hand sides to the two corrections. Collective.
  void precondition();
  std::vector<float> &right_displacement(); ///< three a local node
  std::vector<float> &right_pressure();     ///< one a local node
  const std::vector<float> &displacement() const;
  const std::vector<float> &pressure() const;

  /// Is the pressure of an owned node an unknown: fluid there, not drained, not hanging?
  bool is_free(std::size_t node) const;

private:
  struct Level;
  void cycle(std::size_t level);
  void smooth_both(std::size_t level, bool start_from_zero);
  void solve_coarsest();

  Multigrid &solid_;
  std::vector<std::unique_ptr<Level>> levels_; ///< finest first
  CoarsestLevel coarsest_;
  float dt_ = 0;
};

} // namespace wolff::mechanics
