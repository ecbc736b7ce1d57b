#include "regeneration/signal_fields.h"

#include <algorithm>

namespace wolff::regeneration {

void SignalOptions::declare(Options &options)
{
  const auto part = [&](const std::string &name, auto &members) {
    const Options::Section section(options, name);
    members.declare(options);
  };
  part("Oxygen", oxygen);
  part("VEGF", vegf);
  part("Vessels", vessels);
  part("Supply gate", gate);
  part("Growth factor", factor);
  part("Vesicles", vesicles);
  part("Inflammation", inflammation);
}

std::vector<Fault> check(const SignalOptions &options)
{
  std::vector<Fault> faults = check(options.vessels, options.vegf, options.oxygen);
  const auto take = [&](const std::vector<Fault> &more) {
    faults.insert(faults.end(), more.begin(), more.end());
  };
  take(tissue::check(options.gate));
  take(check(options.factor));
  take(check(options.vesicles));
  take(tissue::check(options.inflammation));
  const auto need = [&](const bool is_there, const std::string &option, const std::string &needed) {
    if (!is_there)
      faults.push_back(Fault(Exit::input, "option-contradicts", "Regeneration/" + option,
                             "this needs a field that is not computed")
                           .found(needed + " = off")
                           .wanted("the field, or this option at none or 0"));
  };
  need(!options.gate.needs_oxygen() || options.oxygen.is_on(), "Supply gate", "Oxygen/Model");
  need(options.gate.rule != "vessels" || options.vessels.is_on(), "Supply gate/Rule", "Vessels/Model");
  need(!options.factor.is_on() || !options.factor.is_like_vegf() || options.vegf.is_on(),
       "Growth factor/Kind", "VEGF/Model");
  if (options.factor.flow_share > 0 && (!options.factor.is_on() || options.factor.is_like_vegf()))
    faults.push_back(Fault(Exit::input, "option-contradicts",
                           "Regeneration/Growth factor/Share of the day with flow [-]",
                           "flow carries an osteogenic factor that is released; VEGF is at rest")
                         .found("Release = " + options.factor.release + ", Kind = " + options.factor.kind)
                         .wanted("a factor that is released, of the kind osteogenic, or this option at 0"));
  const auto attempt = [&](const auto &read) {
    try {
      read();
    } catch (const Fault &fault) {
      faults.push_back(fault);
    }
  };
  attempt([&] { carriers_of(options.factor); });
  attempt([&] { vesicle_doses(options.vesicles); });
  need(options.vesicles.recruitment == 0 || options.vessels.is_on(), "Vesicles/Recruitment [-]",
       "Vessels/Model");
  return faults;
}

void advance_signals(const discretisation::CellMesh &mesh, const Transport &transport,
                     const SignalOptions &options, TransportOptions transport_options,
                     const std::vector<stimulus::Response> &stimulus, const double days, TissueState &state,
                     SignalReport &report)
{
  if (!options.is_any_on()) return;
  transport_options.scheme = "backward Euler";
  const std::vector<Carrier> carriers =
      options.factor.is_on() ? carriers_of(options.factor) : std::vector<Carrier>();
  if (options.oxygen.is_on()) {
    const OxygenReport oxygen =
        solve_oxygen(transport, options.oxygen, transport_options, mesh.comm(), state);
    report.oxygen_rounds += oxygen.rounds;
    report.oxygen_iterations += oxygen.iterations;
  }
  if (options.vegf.is_on()) {
    CellField release;
    if (options.factor.is_on() && options.factor.is_like_vegf()) {
      const ReleaseCurve curve = release_curve(options.factor);
      release = release_rate(mesh, carriers, curve, days, state);
      for (const Carrier &carrier : carriers) {
        const double since = state.day - carrier.day;
        report.factor_released += carrier.amount * (curve(since + days) - curve(since));
      }
    }
    report.vegf_iterations += solve_vegf(transport, options.vegf, transport_options, release, state);
  }
  release_vesicles(mesh, options.vesicles, days, state);
  if (options.vessels.is_on()) {
    CellField recruited(state.n_cells(), 1.0);
    for (std::size_t i = 0; i < recruited.size(); ++i)
      recruited[i] += options.vesicles.recruitment * vesicle_effect(state.vesicles[i], options.vesicles);
    report.vessel_iterations +=
        grow_vessels(transport, options.vessels, transport_options, stimulus, recruited, days, state);
  }
  if (options.factor.is_on() && !options.factor.is_like_vegf()) {
    std::vector<Vector3> flux;
    if (options.factor.flow_share > 0)
      for (const stimulus::Response &response : stimulus) flux.push_back(response.darcy_flux);
    const FactorReport factor = spread_factor(mesh, transport, options.factor, carriers, transport_options,
                                              days, state, std::move(flux));
    report.factor_iterations += factor.iterations;
    report.factor_released += factor.released;
    report.factor_error = std::max(report.factor_error, factor.relative_error);
  }
}

tissue::Inflammation inflammation_at(const TissueState &state, const std::size_t cell)
{
  return {state.debris[cell], state.m1_macrophages[cell], state.m2_macrophages[cell]};
}

CellConditions conditions(const TissueState &state, const std::size_t cell, const tissue::Windows &windows,
                          const SignalOptions &options)
{
  tissue::Signals signals;
  if (options.inflammation.is_on()) {
    const tissue::Inflammation here = inflammation_at(state, cell);
    signals.activity = tissue::activity(here, options.inflammation);
    signals.differentiation = tissue::differentiation_factor(here, options.inflammation);
  }
  const tissue::Supply supply{state.oxygen[cell], state.vessel_density[cell]};
  signals.osteogenic = osteogenic_factor(state.growth_factor[cell], options.factor);
  signals.added_msc_death = tissue::hypoxic_death(supply.oxygen, options.gate);
  signals.msc_death_factor =
      1 - options.vesicles.survival * vesicle_effect(state.vesicles[cell], options.vesicles);
  return {tissue::gated(windows, tissue::bone_gate(supply, options.gate), options.gate), signals};
}

void advance_inflammation(const discretisation::CellMesh &mesh, const Transport &transport,
                          const tissue::MacrophageOptions &options, const double msc_capacity,
                          const double days, TissueState &state)
{
  if (!options.is_on()) return;
  together(mesh.comm(), [&] {
    for (const std::uint32_t i : transport.domain_cells()) {
      double msc = 0;
      for (std::size_t k = 0; k <= tissue::index(tissue::Cell::mature_msc); ++k) msc += state.cells[k][i];
      const tissue::Inflammation after =
          tissue::advance(inflammation_at(state, i), msc / msc_capacity, days, options);
      state.debris[i] = after.debris;
      state.m1_macrophages[i] = after.m1;
      state.m2_macrophages[i] = after.m2;
    }
  });
}

void update_activity(const Transport &transport, const SignalOptions &options,
                     const tissue::KineticsOptions &kinetics, TissueState &state)
{
  for (const std::uint32_t i : transport.domain_cells())
    state.activity[i] = options.inflammation.is_on()
                            ? tissue::activity(inflammation_at(state, i), options.inflammation)
                            : tissue::activity(state.day, kinetics);
}

} // namespace wolff::regeneration
