// What a run comes to: the end points of its history. Numbers of mechanics and tissue, never a prognosis.
#pragma once

#include "analysis/quantity.h"

#include <span>
#include <vector>

namespace wolff::analysis {

/**
 * End points of the rows that history_row made, in the order of days:
 * first_X and last_X of every result X (the figures of the solvers are left out), largest_X over time of
 * stress, strain and strain risk and of the errors of the solvers, smallest_X of the factors to yield and
 * fatigue, and the day on which new bone fills 10, 20 and 50 % of the scaffold's pores. For these three, days
 * without a value are passed over, and NaN stands where no day has one. Nothing without rows.
 * @throws Fault (exit 70) if the rows differ in their names
 */
std::vector<Quantity> summary(const std::vector<std::vector<Quantity>> &rows);

/**
 * The day on which @p values first reach @p level from below, by linear interpolation between two days; the
 * first day if they begin there, NaN if they never do. Entries that are NaN are passed over. Both lists have
 * the same length, @p days ascend.
 */
double day_of_reaching(std::span<const double> days, std::span<const double> values, double level);

} // namespace wolff::analysis
