#include "coupling/lattice_history.h"

#include "base/errors.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace wolff::coupling {

namespace {

double sum_of(const std::array<std::int64_t, tissue::n_occupants> &numbers)
{
  double sum = 0;
  for (const std::int64_t n : numbers) sum += static_cast<double>(n);
  return sum;
}

} // namespace

const std::vector<std::string> &lattice_quantities()
{
  static const std::vector<std::string> names{"fraction_empty",
                                              "fraction_msc",
                                              "fraction_mature_bone",
                                              "fraction_immature_bone",
                                              "fraction_cartilage",
                                              "fraction_fibrous",
                                              "msc_in_all",
                                              "born",
                                              "differentiated",
                                              "died",
                                              "lost_divisions",
                                              "jumps",
                                              "blocked_jumps",
                                              "left",
                                              "eroded"};
  return names;
}

std::vector<double> lattice_numbers(const regeneration::Lattice &lattice,
                                    const regeneration::LatticeReport &report)
{
  const auto counts = lattice.counts();
  const double sites = sum_of(counts);
  std::vector<double> numbers;
  for (const std::int64_t n : counts) numbers.push_back(sites > 0 ? static_cast<double>(n) / sites : 0);
  numbers.push_back(static_cast<double>(lattice.n_stromal()));
  numbers.push_back(sum_of(report.born));
  numbers.push_back(sum_of(report.differentiated));
  numbers.push_back(sum_of(report.died));
  for (const std::int64_t n :
       {report.lost_divisions, report.jumps, report.blocked_jumps, report.left, report.eroded})
    numbers.push_back(static_cast<double>(n));
  return numbers;
}

void Ensemble::add(const std::size_t day, const std::vector<double> &numbers)
{
  if (sum.size() <= day) {
    sum.resize(day + 1, std::vector<double>(numbers.size(), 0.0));
    squares.resize(day + 1, std::vector<double>(numbers.size(), 0.0));
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    sum[day][i] += numbers[i];
    squares[day][i] += numbers[i] * numbers[i];
  }
}

double Ensemble::deviation(const std::size_t day, const std::size_t i) const
{
  const double m = mean(day, i);
  return std::sqrt(std::max(0.0, (squares[day][i] - seeds * m * m) / (seeds - 1)));
}

std::string Ensemble::table() const
{
  std::string text = "day";
  for (const std::string &name : lattice_quantities()) text += "," + name + "," + name + "_sd";
  text += "\n";
  for (std::size_t day = 0; day < sum.size(); ++day) {
    text += std::to_string(day);
    for (std::size_t i = 0; i < lattice_quantities().size(); ++i)
      text += "," + to_text(mean(day, i)) + "," + (seeds > 1 ? to_text(deviation(day, i)) : "");
    text += "\n";
  }
  return text;
}

nlohmann::json Ensemble::to_json() const
{
  return {{"sum", sum}, {"squares", squares}, {"seeds", seeds}};
}

Ensemble Ensemble::from_json(const nlohmann::json &stored)
{
  Ensemble ensemble;
  stored.at("sum").get_to(ensemble.sum);
  stored.at("squares").get_to(ensemble.squares);
  stored.at("seeds").get_to(ensemble.seeds);
  return ensemble;
}

} // namespace wolff::coupling
