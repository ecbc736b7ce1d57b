#include "regeneration/material_update.h"

#include "base/errors.h"

namespace wolff::regeneration {

namespace {

/// The constants of the tissues in a cell whose free volume may hold gel.
material::TissueElasticity with_gel(const material::TissueElasticity &tissues, const Hydrogel &gel,
                                    const TissueState &state, const std::size_t i)
{
  material::TissueElasticity here = tissues;
  material::Elastic &free = here[material::index(material::Tissue::granulation)];
  const double share = gel.share(state, i);
  if (share > 0) free = gel.free_volume(free, share);
  return here;
}

double averaged(std::vector<CellField> &histories, const std::size_t i, const double mixture,
                std::vector<double> &values)
{
  for (std::size_t k = 0; k < histories.size(); ++k) values[k] = histories[k][i];
  const double mean = material::moving_average(values, mixture);
  for (std::size_t k = 0; k < histories.size(); ++k) histories[k][i] = values[k];
  return mean;
}

} // namespace

std::size_t history_length(const material::SmoothingOptions &options)
{
  return options.kind == "moving average" ? static_cast<std::size_t>(options.window) : 0;
}

void initialise_material(TissueState &state, const material::TissueElasticity &tissues,
                         const material::MixtureOptions &mixture_options, const ScaffoldStiffness &scaffold,
                         const HydrogelOptions &gel_options)
{
  const material::Mixture mixture(mixture_options);
  const Hydrogel gel(gel_options);
  for (std::size_t i = 0; i < state.n_cells(); ++i) {
    const material::Elastic elastic =
        voxel_elastic(state, i, mixture, with_gel(tissues, gel, state, i), scaffold);
    state.youngs_modulus[i] = elastic.youngs_modulus;
    state.poisson_ratio[i] = elastic.poisson_ratio;
  }
  for (CellField &values : state.youngs_modulus_history) values = state.youngs_modulus;
  for (CellField &values : state.poisson_ratio_history) values = state.poisson_ratio;
}

void update_material(TissueState &state, const material::TissueElasticity &tissues,
                     const material::MixtureOptions &mixture_options,
                     const material::SmoothingOptions &smoothing, const double days,
                     const ScaffoldStiffness &scaffold, const HydrogelOptions &gel_options)
{
  const std::size_t length = history_length(smoothing);
  if (state.youngs_modulus_history.size() != length || state.poisson_ratio_history.size() != length)
    throw Fault(Exit::model, "value-range", "", "values kept for the smoothing in time")
        .found(std::to_string(state.youngs_modulus_history.size()))
        .wanted(std::to_string(length) + ", as the option asks for");

  const material::Mixture mixture(mixture_options);
  const Hydrogel gel(gel_options);
  const double lag = smoothing.kind == "first-order lag" ? smoothing.lag : 0;
  std::vector<double> values(length);
  for (std::size_t i = 0; i < state.n_cells(); ++i) {
    // A rim of the scaffold in the host changes with the solid alone, so slowly that it needs no lag.
    const bool is_rim = state.healing_domain[i] == 0;
    if (is_rim && !(scaffold.degrades && state.mw_ratio[i] > 0)) continue;
    const material::Elastic elastic =
        voxel_elastic(state, i, mixture, with_gel(tissues, gel, state, i), scaffold);
    double &modulus = state.youngs_modulus[i], &ratio = state.poisson_ratio[i];
    if (is_rim) {
      modulus = elastic.youngs_modulus;
      ratio = elastic.poisson_ratio;
      continue;
    }
    if (length > 0) {
      modulus = averaged(state.youngs_modulus_history, i, elastic.youngs_modulus, values);
      ratio = averaged(state.poisson_ratio_history, i, elastic.poisson_ratio, values);
    } else if (lag > 0) {
      modulus = material::lagged(modulus, elastic.youngs_modulus, days, lag);
      ratio = material::lagged(ratio, elastic.poisson_ratio, days, lag);
    } else {
      modulus = elastic.youngs_modulus;
      ratio = elastic.poisson_ratio;
    }
  }
}

} // namespace wolff::regeneration
