// The folders of checkpoints, whatever is in them: numbered, complete before they are named, at least two
// kept; a manifest with sizes, checksums, and the options that decided the results.
#pragma once

#include "base/log.h"
#include "coupling/case.h"

#include <mpi.h>

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace wolff::coupling {

/// The options that decide results, by path.
std::map<std::string, std::string> deciding_options(const Case &input);

/// Make FOLDER/checkpoint/step_NNNNNNNN, empty, for the files of a step. Returns its path. Collective.
/// @throws Fault (exit 5) on all ranks
std::string begin_checkpoint(const std::string &folder, std::int64_t step, MPI_Comm comm);

/**
 * Write @p manifest with sizes and checksums of all files beside it, then name the checkpoint in
 * checkpoint/last_good, then remove all but the newest two. Collective. @throws Fault (exit 5) on all ranks;
 * the older checkpoints stay
 */
void finish_checkpoint(const std::string &checkpoint, nlohmann::json manifest,
                       const std::map<std::string, std::string> &options, MPI_Comm comm);

/**
 * The newest checkpoint below @p folder whose files have the sizes and checksums of its manifest, or nothing
 * if there is no checkpoint at all. A damaged one is passed over with a warning. Rank 0 looks, all get the
 * answer.
 * @throws Fault (exit 6) if there are checkpoints and none is sound. Collective.
 */
std::optional<std::string> newest_checkpoint(const std::string &folder, MPI_Comm comm, Log &log);

/**
 * The manifest of a checkpoint, and in @p faults each of the @p options that differs from it; those named in
 * @p allowed may, with a warning. For one rank. @throws Fault (exit 6) if the checkpoint is damaged
 */
nlohmann::json sound_manifest(const std::string &checkpoint,
                              const std::map<std::string, std::string> &options,
                              const std::vector<std::string> &allowed, Log &log, std::vector<Fault> &faults);

} // namespace wolff::coupling
