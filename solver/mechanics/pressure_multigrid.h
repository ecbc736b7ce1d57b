// Preconditioner of the fluid rows: a multigrid V-cycle in float for (m + dt k laplacian) on the levels of
// the displacement's multigrid.
#pragma once

#include "mechanics/multigrid.h"
#include "mechanics/pore_operator.h"

#include <memory>
#include <vector>

namespace wolff::mechanics {

class PressureMultigrid
{
public:
  /// @p levels must outlive this. Collective.
  explicit PressureMultigrid(const Multigrid &levels);
  ~PressureMultigrid();

  /// Nodes where the pressure is given: a flag a local node of the finest level, ghosts current. Collective.
  void set_drained(const std::vector<std::uint8_t> &drained);

  /// Storage [1/MPa] (what the skeleton yields included), stabilisation [1/MPa] and mobility [mm^4/(N s)] of
  /// all voxels of owned bricks, zero where no fluid is; time step [s]. Coarse voxels take the mean of their
  /// eight children. Collective.
  void set_coefficients(PoreCoefficients<float> coefficients, float dt);

  /// x = M b, symmetric and positive, from right_hand_side() to correction(). Collective.
  void precondition();
  std::vector<float> &right_hand_side();
  const std::vector<float> &correction() const;

  /// The finest operator, which knows the coupling too if the coefficients held it.
  const PoreOperator<float> &finest() const;

  /// Is the pressure of an owned node an unknown: fluid there, not drained, not hanging?
  bool is_free(std::size_t node) const;

private:
  struct Level;
  void cycle(std::size_t level);
  void smooth(Level &level, bool start_from_zero);

  std::vector<std::unique_ptr<Level>> levels_; ///< finest first
  CoarsestLevel coarsest_;
  float dt_ = 0;
};

} // namespace wolff::mechanics
