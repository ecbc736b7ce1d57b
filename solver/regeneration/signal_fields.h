// The fields beside the cells themselves: oxygen, VEGF, vessels, a growth factor and vesicles, in the order
// in which they depend on one another, and what all of them mean for the kinetics at a point.
#pragma once

#include "regeneration/growth_factor.h"
#include "regeneration/vesicles.h"
#include "regeneration/vessels.h"
#include "tissue/environment.h"
#include "tissue/macrophages.h"

namespace wolff::regeneration {

struct SignalOptions
{
  OxygenOptions oxygen;
  VegfOptions vegf;
  VesselOptions vessels;
  tissue::SupplyGateOptions gate;
  GrowthFactorOptions factor;
  VesicleOptions vesicles;
  tissue::MacrophageOptions inflammation; ///< kept by macrophages, beside the fields

  /// Sections of their own in the open one.
  void declare(Options &options);
  bool is_any_on() const
  {
    return oxygen.is_on() || vegf.is_on() || vessels.is_on() || factor.is_on() || vesicles.is_on();
  }
};

/// All that is missing or contradicts itself (exit 2).
std::vector<Fault> check(const SignalOptions &options);

/// What the solvers of the fields did over a step.
struct SignalReport
{
  int oxygen_rounds = 0, oxygen_iterations = 0, vegf_iterations = 0, vessel_iterations = 0,
      factor_iterations = 0;
  double factor_released = 0; ///< [ng]
  double factor_error = 0;    ///< of its balance, the largest of a step [-]

  int iterations() const
  {
    return oxygen_iterations + vegf_iterations + vessel_iterations + factor_iterations;
  }
};

/**
 * Bring all fields that are on from state.day to state.day + days: oxygen and VEGF at rest with the cells and
 * vessels as they stand, then vessels and the factor in time. Backward Euler, whatever the scheme of the
 * cells: these fields must not become negative. With all of them off nothing is touched. Collective.
 * @throws Fault as check(), carriers_of() and the fields themselves
 */
void advance_signals(const discretisation::CellMesh &mesh, const Transport &transport,
                     const SignalOptions &options, TransportOptions transport_options,
                     const std::vector<stimulus::Response> &stimulus, double days, TissueState &state,
                     SignalReport &report);

/// What the kinetics of a cell sees of them.
struct CellConditions
{
  tissue::Windows windows;
  tissue::Signals signals;
};
CellConditions conditions(const TissueState &state, std::size_t cell, const tissue::Windows &windows,
                          const SignalOptions &options);

/// Debris and macrophages of a cell.
tissue::Inflammation inflammation_at(const TissueState &state, std::size_t cell);

/// Debris and macrophages of the domain over @p days; nothing with the activity factor. Collective.
void advance_inflammation(const discretisation::CellMesh &mesh, const Transport &transport,
                          const tissue::MacrophageOptions &options, double msc_capacity, double days,
                          TissueState &state);

/// The activity of the domain on the day of the state, by macrophages or over time.
void update_activity(const Transport &transport, const SignalOptions &options,
                     const tissue::KineticsOptions &kinetics, TissueState &state);

} // namespace wolff::regeneration
