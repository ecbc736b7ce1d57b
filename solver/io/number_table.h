// CSV files of numbers that users bring: the form is checked here; columns, units and signs by the room that
// uses the numbers (loads::gait_cycle).
#pragma once

#include "base/number_table.h"

namespace wolff::io {

/**
 * Parse the text of a table. Lines that begin with # are remarks, the first other line names the columns, all
 * further lines hold one number a column. Columns are parted by semicolons or tabs if the header has any, by
 * commas otherwise; blank lines, blanks around entries, quotes around names, carriage returns and a
 * byte-order mark are passed over.
 * @param place file name for messages; a fault adds the line, ":12"
 * @throws Fault (exit 2): csv-header (no header line, a column without a name or twice), csv-columns (a row
 * of another length, such as a decimal comma makes), csv-number (not a finite number with a decimal point),
 * csv-rows (no rows)
 */
NumberTable parse_number_table(const std::string &text, const std::string &place);

/// Read a table from a regular file of at most 16 MiB. @throws as above, and if it cannot be read
NumberTable read_number_table(const std::string &path);

} // namespace wolff::io
