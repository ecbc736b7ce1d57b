// Biot's quasi-static poroelasticity on a forest of bricks, one time step after another: the displacement of
// elastic_solver.h and a pore pressure on the same nodes.
#pragma once

#include "mechanics/elastic_solver.h"
#include "mechanics/poroelastic_multigrid.h"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace wolff::mechanics {

struct PoroelasticOptions
{
  double tolerance = 1e-8; ///< of both residuals, see PoroelasticReport [-]
  int most_iterations = 300;
  int memory = 4;          ///< directions that a new one is made conjugate to, 48 bytes a node each
  int longest_memory = 30; ///< where that is too slow
  double theta = 1;        ///< 1: backward Euler, 1/2: Crank-Nicolson [-]
};

/// One number a voxel of the owned bricks (brick * 512 + voxel). All zero: void or solid metal, where there
/// is no pressure.
struct PoreConstants
{
  std::vector<double> biot;     ///< alpha [-]
  std::vector<double> storage;  ///< 1/M [1/MPa]
  std::vector<double> mobility; ///< k [mm^4/(N s)]
};

struct PoroelasticReport
{
  int iterations = 0; ///< one multigrid cycle for displacement and pressure each
  /// 2-norms over the free unknowns, relative to the larger of the right-hand side and of what a change of
  /// the other field by its own right-hand side would bring. Computed anew after the last iteration.
  double residual_displacement = 0, residual_pressure = 0;
  double stored = 0;                  ///< fluid that the pores took up in the step [mm^3]
  double inflow = 0;                  ///< through drained nodes and from sources [mm^3]
  Vector3 applied = Vector3::Zero();  ///< sum of the applied nodal forces [N]
  Vector3 reaction = Vector3::Zero(); ///< sum of the reactions at prescribed displacements [N]
  double seconds = 0;

  /// |stored - inflow| over the sum of the sizes of what nodes took up or gave [-]
  double fluid_imbalance = 0;
};

/**
 *   div(C:eps - alpha p I) + b = 0,   (1/M) dp/dt + alpha div du/dt - div(k grad p) = g
 *
 * with trilinear displacement and trilinear pressure. That pair is not stable where the fluid cannot move: a
 * pressure that alternates from voxel to voxel would do no work. S (pore_kernel.h) holds its rate with
 * s = alpha^2 / (lambda + 2 mu). It vanishes for a pressure that is constant in each voxel, so fluid is
 * conserved, and in the steady state; with the lumped storage it makes the scheme monotone in uniaxial strain
 * for any time step (solver/doc/model.md, "Fluid in the pores").
 *
 * A step solves
 *   [ K    -Q           ] [u]   [ f                                                    ]
 *   [ Q^T  C + S + th H ] [p] = [ Q^T u_0 + (C + S - (1 - theta) dt H) p_0 + dt g      ],  th = theta dt,
 * by truncated GCR (orthomin.h) with one multigrid cycle for both fields (poroelastic_multigrid.h). Cycle and
 * equations are nearly symmetric: a memory of four directions takes as many iterations as GMRES restarted
 * after thirty. Where it is not enough, on a soft elastic foundation say, the memory grows. A step starts
 * from the last state carried on at its pace.
 *
 * Order of calls: supports and moduli of the elastic solver, drained nodes, constants, then steps.
 */
class PoroelasticSolver
{
public:
  /// @p solid must outlive this and solve by multigrid. @throws Fault (exit 2). Collective.
  PoroelasticSolver(ElasticSolver &solid, const PoroelasticOptions &options);

  /// Pressure [MPa] at nodes of local number i where @p drained[i] is set on any rank that sees the node.
  /// Collective.
  void set_drained(std::vector<std::uint8_t> drained, std::vector<double> pressure);

  /// Collective. @throws Fault biot-range (exit 3)
  void set_constants(PoreConstants constants);

  /// One number a local node, all zero.
  std::vector<double> zero_pressure() const { return std::vector<double>(solid_.nodes().n_local(), 0.0); }

  /**
   * From (u, p) at one time to that @p dt [s] later; prescribed values are those of the new time.
   * @param forces  nodal forces at the new time [N], as of ElasticSolver::solve
   * @param sources integral of N_i g [mm^3/s] at t + theta dt, or empty; contributions as of forces
   * @throws Fault elastic-solve (exit 4) on stagnation, breakdown or a result that is not finite
   * Collective.
   */
  PoroelasticReport advance(double dt, std::vector<double> forces, std::vector<double> sources,
                            std::vector<double> &u, std::vector<double> &p);

  /// The next step does not carry on from the last one: the state was set anew, or the solid's moduli were.
  void forget_steps();

  /// Darcy flux q = -k grad p at the centre of each voxel [mm/s], and the pressure there [MPa]; ghosts and
  /// hanging entries of p are updated. Collective.
  std::vector<Vector3> centre_flux(std::vector<double> &p,
                                   const std::vector<std::uint32_t> &voxel_of_cell) const;
  std::vector<double> centre_pressure(std::vector<double> &p,
                                      const std::vector<std::uint32_t> &voxel_of_cell) const;

  std::int64_t n_pressure_unknowns() const;

private:
  /// The equations of one step.
  struct Step
  {
    double dt, weighted_dt;
    std::vector<double> forces, sources, held; ///< held: right-hand side of the fluid
    /// Residual where all that is free is zero, and the 2-norms of its two parts.
    std::vector<double> right_hand_side;
    std::array<double, 2> right;
  };
  void set_time_step(double dt);
  std::array<double, 2> residual(const Step &step, std::vector<double> &u, std::vector<double> &p,
                                 std::vector<double> &r);
  void apply(double weighted_dt, const std::vector<double> &z, std::vector<double> &w);
  void precondition(const std::vector<double> &r, double norm, std::vector<double> &z);
  double brought(int equation, const Step &step);
  bool set_scales(Step &step, std::vector<double> &u, std::vector<double> &p);
  void solve(const Step &step, std::vector<double> &u, std::vector<double> &p, PoroelasticReport &report);
  void balance(const Step &step, const std::vector<double> &du, const std::vector<double> &dp,
               PoroelasticReport &report);
  double sum(double mine) const;

  ElasticSolver &solid_;
  PoroelasticOptions options_;
  PoreOperator<double> fluid_;
  PoroelasticMultigrid multigrid_;
  PoreCoefficients<float> for_multigrid_;
  std::vector<std::uint8_t> drained_;       ///< one a local node
  std::vector<double> drained_pressure_;    ///< one a local node
  std::vector<std::uint8_t> pressure_free_; ///< one an owned node
  double dt_of_multigrid_ = -1;

  double scale_u_ = 1, scale_p_ = 1;     ///< what residual() and apply() divide by
  std::array<double, 2> brings_{-1, -1}; ///< see brought(); negative: not yet known
  std::vector<double> pace_;             ///< change a second in the last step, in the order of a residual
  std::vector<double> moved_, pressed_, on_skeleton_, on_fluid_; ///< scratch, local nodes
};

} // namespace wolff::mechanics
