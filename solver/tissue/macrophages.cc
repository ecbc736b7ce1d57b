#include "tissue/macrophages.h"

#include "tissue/integrator.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace wolff::tissue {

void MacrophageOptions::declare(Options &options)
{
  const std::string not_stated = "no defensible number exists [U]: 0 is not stated";
  const std::string no_number = "no defensible number exists [U]: off unless stated";
  options.add_choice("Model", model, {"activity factor", "macrophages"},
                     "What slows repair: the activity over time (Kinetics), or macrophages in each cell.");
  const auto add = [&](const std::string &name, double &value, const std::string &meaning,
                       const Range &range = non_negative(), const bool is_off = false) {
    options.add(name, value, meaning, range, is_off ? no_number : not_stated);
  };
  add("Capacity [1/mm^3]", capacity, "Density at which no more macrophages come.");
  add("Clearing of debris [1/day]", clearing, "By a full density of macrophages.");
  add("Recruitment of M1 [1/day]", recruitment, "Capacities that full debris calls in a day.");
  add("Switch to M2 [1/day]", switching, "At the IL-10 of a full density of M2.");
  add("M1 death rate [1/day]", m1_death, "They leave or die.");
  add("M2 death rate [1/day]", m2_death, "They leave or die.");
  add("Base IL-10 [-]", base_switching, "Without cells, over that of a full density of M2.");
  add("IL-10 of stromal cells [-]", msc_share, "Of a full density of them, likewise.", non_negative(), true);
  add("Activity without M2 [-]", base_activity, "Of division and differentiation.", fraction());
  add("Gain by M2 [-]", gain, "Added to it where all macrophages are M2.", fraction());
  add("TNF threshold [-]", tnf_threshold, "M1 over the capacity from which differentiation suffers.",
      fraction(), true);
  add("TNF inhibition [-]", tnf_inhibition, "Share of differentiation that is lost there.", fraction(), true);
}

std::vector<Fault> check(const MacrophageOptions &options)
{
  std::vector<Fault> faults;
  if (!options.is_on()) return faults;
  const auto require = [&](const double value, const std::string &name) {
    if (value == 0)
      faults.push_back(Fault(Exit::input, "option-missing", "Regeneration/Inflammation/" + name,
                             "a rate that is in use has no default [U]")
                           .found("0, which is not stated")
                           .wanted("a number greater than 0"));
  };
  require(options.capacity, "Capacity [1/mm^3]");
  require(options.clearing, "Clearing of debris [1/day]");
  require(options.recruitment, "Recruitment of M1 [1/day]");
  require(options.switching, "Switch to M2 [1/day]");
  require(options.m1_death, "M1 death rate [1/day]");
  require(options.m2_death, "M2 death rate [1/day]");
  require(options.base_switching, "Base IL-10 [-]");
  require(options.base_activity, "Activity without M2 [-]");
  require(options.gain, "Gain by M2 [-]");
  return faults;
}

Inflammation advance(const Inflammation &before, const double msc, const double days,
                     const MacrophageOptions &options)
{
  const auto is_sound = [](const double value) { return value >= 0 && std::isfinite(value); };
  if (!is_sound(before.debris) || !is_sound(before.m1) || !is_sound(before.m2) || !is_sound(msc))
    throw Fault(Exit::not_converged, "tissue-state", "", "debris and macrophages")
        .found(to_text(before.debris) + ", " + to_text(before.m1) + ", " + to_text(before.m2))
        .wanted("finite numbers of at least 0");
  if (before.debris == 0 && before.m1 == 0 && before.m2 == 0) return before;
  std::array<double, 3> y{before.debris, before.m1 / options.capacity, before.m2 / options.capacity};
  const auto rate = [&](const std::array<double, 3> &state, std::array<double, 3> &slope) {
    const auto &[debris, m1, m2] = state;
    const double switched = options.switching * (options.base_switching + m2 + options.msc_share * msc) * m1;
    slope = {-options.clearing * (m1 + m2) * debris,
             options.recruitment * debris * std::max(0.0, 1 - m1 - m2) - switched - options.m1_death * m1,
             switched - options.m2_death * m2};
  };
  if (!integrate(rate, y, days).finished)
    throw Fault(Exit::not_converged, "tissue-state", "",
                "macrophages: the step of " + to_text(days) + " days could not be computed")
        .hint("Are the rates finite and of the order of 1 per day?");
  return {y[0], y[1] * options.capacity, y[2] * options.capacity};
}

double activity(const Inflammation &state, const MacrophageOptions &options)
{
  const double all = state.m1 + state.m2;
  return std::min(1.0, options.base_activity + (all > 0 ? options.gain * state.m2 / all : 0));
}

double differentiation_factor(const Inflammation &state, const MacrophageOptions &options)
{
  const bool inhibits = options.tnf_threshold > 0 && state.m1 >= options.tnf_threshold * options.capacity;
  return inhibits ? 1 - options.tnf_inhibition : 1;
}

} // namespace wolff::tissue
