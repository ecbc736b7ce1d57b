// What a run of the lattice alone records: numbers of a day, and their sums over the seeds of an ensemble.
#pragma once

#include "regeneration/lattice.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace wolff::coupling {

/// What is recorded of a day, in the order of the columns.
const std::vector<std::string> &lattice_quantities();

/// Their values: fractions of the tissue sites, and numbers of cells and of what happened. Collective.
std::vector<double> lattice_numbers(const regeneration::Lattice &lattice,
                                    const regeneration::LatticeReport &report);

/// Sums over the seeds, a row a day.
struct Ensemble
{
  std::vector<std::vector<double>> sum, squares;
  int seeds = 0;

  void add(std::size_t day, const std::vector<double> &numbers);
  double mean(std::size_t day, std::size_t i) const { return sum[day][i] / seeds; }
  /// Standard deviation (n - 1), of two seeds or more.
  double deviation(std::size_t day, std::size_t i) const;
  /// history.csv: mean and deviation of each quantity; the latter empty for one seed.
  std::string table() const;

  /// Every number exactly, for a checkpoint.
  nlohmann::json to_json() const;
  static Ensemble from_json(const nlohmann::json &stored);
};

} // namespace wolff::coupling
