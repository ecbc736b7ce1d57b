// What a run writes beside its fields: history.csv, summary.json, run.json, run.jsonl, wolff.pvd. Rank 0
// writes, all ranks call.
#pragma once

#include "analysis/history.h"
#include "coupling/run.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace wolff::coupling {

class Record
{
public:
  /// A fresh record, or the one that is in the folder cut back to what lies before @p first_step. Collective.
  Record(const Model &model, const RunSettings &settings, std::int64_t first_step, bool restarted);

  /// The numbers of one day; history.csv is complete afterwards.
  void add_row(const std::vector<analysis::Quantity> &row);
  void add_view(double day, const std::string &file);
  /// One line of run.jsonl.
  void add_event(const std::string &event, const std::vector<std::pair<std::string, double>> &numbers);

  /// summary.json and the end of run.json. @p how "finished" or "stopped".
  void close(const std::string &how, double seconds);

private:
  void write_run_json(const std::string &how, double seconds, double memory) const;

  const Model &model_;
  const RunSettings &settings_;
  bool writes_;
  std::string started_;
  std::vector<std::string> names_;
  std::vector<std::vector<analysis::Quantity>> rows_;
  std::vector<std::pair<double, std::string>> views_;
};

/// Whether this is the rank that writes what is written once.
bool is_first(MPI_Comm comm);

/// @p body in the folder of the results, which is made and locked for it and takes the log. A fault is
/// recorded there and thrown on. Collective.
Exit in_result_folder(const RunSettings &settings, MPI_Comm comm, Log &log,
                      const std::function<Exit()> &body);

/// run.json and status.json of a run that has no steps of tissue, and of one with random numbers their
/// @p seed. @p how "finished" or "stopped". By the first rank alone.
void record_finished(const Case &input, const RunSettings &settings, double seconds,
                     std::optional<int> seed = {}, const std::string &how = "finished");

/**
 * Leave the reason of a failed run in status.json and run.log of its folder. The faults are thrown further by
 * the caller, so what cannot be written here is passed over.
 */
void record_failure(const std::string &folder, const std::vector<Fault> &faults, MPI_Comm comm);

} // namespace wolff::coupling
