#include "stimulus/phenotype.h"

#include "base/errors.h"

#include <algorithm>
#include <cmath>

namespace wolff::stimulus {

const std::array<std::string, n_phenotypes> &phenotype_names()
{
  static const std::array<std::string, n_phenotypes> names{
      {"resorption", "mature_bone", "immature_bone", "cartilage", "fibrous"}};
  return names;
}

void require_magnitude(const double value)
{
  if (!std::isfinite(value) || value < 0)
    throw Fault(Exit::not_converged, "stimulus-not-finite", "", "mechanical stimulus S [-]")
        .found(value)
        .wanted("a finite number of at least 0")
        .hint("The mechanics of this step is not a result.");
}

Phenotype classify(const double stimulus, const Thresholds &thresholds)
{
  require_magnitude(stimulus);
  const auto above = std::upper_bound(thresholds.begin(), thresholds.end(), stimulus);
  return static_cast<Phenotype>(above - thresholds.begin());
}

Windows windows(const double stimulus, const Thresholds &thresholds, const double width)
{
  require_magnitude(stimulus);
  Windows weights{};
  if (width <= 0) {
    weights[static_cast<std::size_t>(classify(stimulus, thresholds))] = 1;
    return weights;
  }
  double passed_before = 1; // share that lies above the lower threshold of the phenotype
  for (std::size_t j = 0; j < thresholds.size(); ++j) {
    const double passed = 1 / (1 + std::exp(std::log(thresholds[j] / stimulus) / width));
    weights[j] = std::max(0.0, passed_before - passed);
    passed_before = std::min(passed, passed_before);
  }
  weights[thresholds.size()] = passed_before;
  return weights;
}

double share_below(const double magnitude, const double threshold, const double width)
{
  if (width <= 0 || threshold == 0) return magnitude < threshold ? 1 : 0;
  return 1 / (1 + std::exp(std::log(magnitude / threshold) / width));
}

Phenotype largest(const Windows &windows)
{
  return static_cast<Phenotype>(std::max_element(windows.begin(), windows.end()) - windows.begin());
}

} // namespace wolff::stimulus
