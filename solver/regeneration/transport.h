// Diffusion of a density over part of the mesh, with no flux through the rim of that part except where cells
// of constant density (viable marrow around a lesion) supply it, with a linear source and loss in each cell;
// in time or at rest. Other reactions are not done here (see continuum.h).
#pragma once

#include "base/ghost_exchange.h"
#include "base/options.h"
#include "base/tensor.h"
#include "discretisation/cell_mesh.h"

#include <cstdint>
#include <string>
#include <vector>

namespace wolff::regeneration {

using discretisation::CellField;
using discretisation::CellMesh;

struct TransportOptions
{
  std::string scheme = "backward Euler";
  int substeps = 1;
  std::string preconditioner = "Jacobi"; ///< Jacobi | AMG
  double relative_residual = 1e-12;
  int most_iterations = 5000;

  void declare(Options &options);
};

/// What one call of Transport::advance did. Amounts are integrals over the domain, all ranks together.
struct TransportBalance
{
  double before = 0;
  double supplied = 0; ///< entered through supply faces (negative: left)
  double reacted = 0;  ///< from sources, less what was lost
  double after = 0;
  /// Negative values, all of the size of the solver's residual, set to zero. Always 0 for schemes that
  /// overshoot.
  double clipped = 0;
  /// The solver's own error: largest relative difference in a substep between the amount and what the fluxes
  /// make it. A closed domain is corrected by it, so that before = after to rounding.
  double correction = 0;
  double smallest = 0; ///< smallest value after the step
  int iterations = 0;  ///< of conjugate gradients, all substeps

  double relative_error() const;
};

/// dc/dt = source - loss c in each owned cell, beside diffusion; entries outside of the domain are not read.
struct LinearReaction
{
  CellField source; ///< not negative [amount/(mm^3 day)]; empty: none
  CellField loss;   ///< not negative [1/day]; empty: none
};

/// What a cell is to the transport of one field.
enum class Role : std::uint8_t
{
  outside, ///< no flux between it and the domain
  domain,  ///< its density is computed
  supply   ///< holds the density at the faces it shares with the domain
};

/**
 * Two-point flux finite volumes on the cells of an octree,
 *     V_i dc_i/dt = sum_j T_ij (c_j - c_i) + W_i (s_i - c_i),
 *     T_ij = A_ij / (h_i/(2 D_i) + h_j/(2 D_j)),     W_i = A_wall D_i / (h_i/2),
 * V volume, A area of the common face, h edge of the cell, D diffusivity, s density at the supply faces.
 * T is symmetric and not negative, beside cells of another size too. So the amount of substance is kept, and
 * backward Euler keeps values between the extremes of the old ones for every step length. Fluxes between
 * layers are exact. The order in the L2 norm is 2 on uniform cells. Between cells of different size the line
 * of centres is not normal to the face: the flux through the four quarters is right in the mean only, values
 * of the four fine cells alternate by O(h) about the right mean, and the order there is 1.5
 * (tests/verification/v601_heat_kernel).
 */
class Transport
{
public:
  /// @p roles of the owned cells. Collective.
  Transport(const CellMesh &mesh, const std::vector<Role> &roles);

  /// T and W for one field of diffusivities.
  struct Conductances
  {
    std::vector<double> between; ///< one for each neighbour of each row [mm^3/day]
    std::vector<double> wall;    ///< one for each row [mm^3/day]
  };
  /// @p diffusivity of owned cells [mm^2/day], not negative. Collective.
  Conductances conductances(const CellField &diffusivity) const;

  /**
   * Advance the densities of owned cells by @p days; entries outside of the domain stay as they are.
   * @param supply density at the supply faces of each owned cell; a negative number, or no field, closes them
   * @param reaction constant over the step; none by default. It belongs to the implicit system, so that with
   * backward Euler it keeps densities from becoming negative for every step length
   * @throws Fault (exit 4) if the solver does not converge. Collective.
   */
  TransportBalance advance(CellField &density, const Conductances &conductances, double days,
                           const TransportOptions &options, const CellField *supply = nullptr,
                           const LinearReaction *reaction = nullptr) const;

  /**
   * The densities at rest, 0 = sum_j T_ij (c_j - c_i) + W_i (s_i - c_i) + V_i (source_i - loss_i c_i), not
   * negative. Cells that nothing reaches (no flux, no loss) keep their density, which is also where the
   * solver starts from. Returns the iterations.
   * @throws Fault (exit 4) if the solver does not converge. Collective.
   */
  int rest(CellField &density, const Conductances &conductances, const TransportOptions &options,
           const CellField *supply, const LinearReaction &reaction) const;

  /**
   * Drift up the gradient of @p attractant, V_i dc_i/dt = sum_j X_ij (a_i - a_j) c_up with X as T: the
   * density of the cell from which it comes is carried, so that nothing becomes negative; no flux through the
   * rim. Explicit, in as many equal parts of the step as keep every cell from losing more than it has;
   * returns that number.
   * @param mobility of owned cells [mm^2/day per unit of the attractant], not negative
   * @throws Fault (exit 4) if more than 10000 parts would be needed. Collective.
   */
  int drift(CellField &density, const CellField &attractant, const CellField &mobility, double days) const;

  /**
   * Carry a density along a flow, V_i dc_i/dt = - sum_j Q_ij c_up, Q_ij = A_ij (q_i + q_j)/2 . n_ij: upwind
   * and explicit as drift(), so that nothing becomes negative, and what leaves a cell enters its neighbour;
   * no flux through the rim, where the amount piles up. Where the flow converges so does the density. Returns
   * the parts.
   * @param flux of owned cells [mm/day]
   * @throws Fault (exit 4) if more than 10000 parts would be needed. Collective.
   */
  int carry(CellField &density, const std::vector<Vector3> &flux, double days) const;

  /// Owned cells of the domain, in the order of the mesh.
  const std::vector<std::uint32_t> &domain_cells() const { return cells_; }
  /// Area that an owned cell of the domain shares with supply cells [mm^2], in the order of domain_cells().
  const std::vector<double> &supply_area() const { return supply_area_; }

private:
  struct Stage;
  std::vector<double> solve(const Stage &stage, const std::vector<double> &guess,
                            const TransportOptions &options, int &iterations) const;
  void flow(const Conductances &conductances, const std::vector<double> &wall,
            const std::vector<double> &supply, std::vector<double> &density, std::vector<double> &rate) const;
  /// Conductances of the open supply faces and the density there, of each row.
  void open_walls(const Conductances &conductances, const CellField *supply, std::vector<double> &wall,
                  std::vector<double> &supplied) const;
  /// V times a field over owned cells, of each row; zeros for an empty field.
  std::vector<double> times_volume(const CellField &field) const;
  /// Upwind steps with @p out, the volume a day that leaves each row for each neighbour [mm^3/day].
  int move_upwind(CellField &density, const std::vector<double> &out, double days,
                  const std::string &what) const;
  double total(const std::vector<double> &density) const;
  double sum(double value) const;

  MPI_Comm comm_;
  std::vector<std::uint32_t> cells_;  ///< of each row: its owned cell
  std::vector<double> volume_;        ///< of each row [mm^3]
  std::vector<double> half_edge_;     ///< of each row and ghost [mm]
  std::vector<double> supply_area_;   ///< of each row [mm^2]
  std::vector<std::uint32_t> begin_;  ///< of each row: its first neighbour
  std::vector<std::uint32_t> column_; ///< of each neighbour: row or ghost
  std::vector<double> area_;          ///< of the face to each neighbour [mm^2]
  std::vector<std::int8_t> normal_;   ///< towards it: 1, 2, 3 for +x, +y, +z, and negative
  GhostExchange exchange_;            ///< rows and ghosts
};

} // namespace wolff::regeneration
