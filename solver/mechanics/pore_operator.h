// The fluid rows of Biot's equations on the nodes of a forest of bricks, and their coupling with the
// displacement; the skeleton's own stiffness is elastic_operator.h.
#pragma once

#include "discretisation/brick_nodes.h"
#include "mechanics/pore_kernel.h"

#include <cstdint>
#include <vector>

namespace wolff::mechanics {

/// One number a voxel of the owned bricks (brick * n^3 + voxel); the meaning of each in PoreVoxels. All zero
/// where there is no fluid: in void and in solid metal.
template <typename T>
struct PoreCoefficients
{
  std::vector<T> storage, stabilisation, mobility, biot;
};

template <typename T>
class PoreOperator
{
public:
  /// Both must outlive the operator.
  PoreOperator(const discretisation::BrickForest &forest, const discretisation::BrickNodes &nodes);

  /// Stabilisation and Biot coefficient may be empty: then there is none.
  void set_coefficients(PoreCoefficients<T> coefficients);
  const PoreCoefficients<T> &coefficients() const { return coefficients_; }

  /// f = (C + S + dt H) p, one number a node. Updates the ghosts and hanging entries of @p p; entries of f
  /// that other ranks own come out zero. Collective.
  void apply(std::vector<T> &p, T dt, std::vector<T> &f) const;

  /// f = Q^T u: what the skeleton's volume strain takes up of fluid [mm^3]. Collective.
  void volume_change(std::vector<T> &u, std::vector<T> &f) const;

  /// f_u += Q p; ghosts and hanging entries of f_u, zero before, come out zero, those of @p p are updated.
  /// Collective.
  void add_push(std::vector<T> &p, std::vector<T> &f_u) const;

  /// f_p = Q^T u + (C + S + dt H) p; ghosts and hanging entries of both are updated. Collective.
  void apply_fluid(std::vector<T> &u, std::vector<T> &p, T dt, std::vector<T> &f_p) const;

  /// f_u -= Q p, f_p = Q^T u + (C + S + dt H) p. Ghosts and hanging entries of @p u must be current, those of
  /// @p p are updated. Collective.
  void apply_coupled(const std::vector<T> &u, std::vector<T> &p, T dt, std::vector<T> &f_u,
                     std::vector<T> &f_p) const;

  /// A diagonal B with p.(C + S + dt H) p <= p.B p, owned nodes, zero where no fluid is. Collective.
  std::vector<T> bound(T dt) const;

  const discretisation::BrickNodes &nodes() const { return nodes_; }
  const discretisation::BrickForest &forest() const { return forest_; }

private:
  void sweep(T dt, T push, const T *u, const T *p, std::vector<T> *f_u, std::vector<T> *f_p) const;
  void sweep_small(T dt, T push, const T *u, const T *p, T *f_u, T *f_p) const;
  PoreVoxels<T> voxels_of(std::size_t brick) const;

  const discretisation::BrickForest &forest_;
  const discretisation::BrickNodes &nodes_;
  PoreCoefficients<T> coefficients_;
  std::vector<std::uint8_t> has_fluid_; ///< of each brick
  std::vector<T> voxel_edge_;           ///< of each brick [mm]
};

} // namespace wolff::mechanics
