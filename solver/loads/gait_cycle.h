// The force on the head over one gait cycle, from a table of the user: which columns, which unit, which way x
// points. Reading the file is the business of io.
#pragma once

#include "loads/load_options.h"

#include "base/number_table.h"
#include "base/tensor.h"

namespace wolff::loads {

struct GaitCycle
{
  std::string place;          ///< the file, for messages
  std::vector<double> phase;  ///< ascending [% of the cycle]
  std::vector<Vector3> force; ///< on the head, femur frame (x medial, y anterior, z proximal) [N]

  /// Linear between two rows. @throws Fault gait-phase (exit 2) outside the rows
  Vector3 force_at(double phase) const;
};

/**
 * From a table with the columns "phase" (or "gait", "cycle") [%] or "time" [s], "Fx", "Fy", "Fz" (any case;
 * further ones are passed over). Time becomes the phase 100 (t - first)/(last - first). Frame and unit are
 * those of the options, or of remarks "frame: x lateral", "unit: %BW" in the file.
 * @param body_weight [N], for forces in %BW
 * @throws Fault (exit 2): csv-column (a column is missing), gait-order (phases that do not ascend, or fewer
 * than two), option-missing (frame or unit is stated nowhere), option-contradicts (stated differently in
 * both places), option-value (a remark states neither of the allowed values); units (exit 3) if the largest
 * force is not 50 to 1000 % of body weight, as when N are taken for %BW
 */
GaitCycle gait_cycle(const NumberTable &table, const GaitOptions &options, double body_weight);

} // namespace wolff::loads
