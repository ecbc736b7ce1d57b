// Checkpoints of a run: numbered folders, complete before they are named, at least two kept.
#pragma once

#include "coupling/checkpoint_folder.h"
#include "coupling/field_files.h"

#include <optional>
#include <string>

namespace wolff::coupling {

/// What the next step takes from the last one, and what its row in history.csv says of it.
struct Checkpoint
{
  StoredState stored;
  std::optional<regeneration::RegenerationReport> last_regeneration; ///< on rank 0 alone
};

/**
 * Write state, displacements and report of the last step to FOLDER/checkpoint/step_NNNN with a manifest of
 * sizes and checksums, then name it in checkpoint/last_good, then remove all but the newest two. Collective.
 * @throws Fault (exit 5) on all ranks; the older checkpoints stay
 */
void write_checkpoint(const Model &model, const regeneration::TissueState &state,
                      const Displacements &displacements,
                      const regeneration::RegenerationReport &last_regeneration, const std::string &folder);

/**
 * Read a checkpoint folder. @throws Fault (exit 6) if it is damaged or belongs to another mesh or other
 * options; options named in @p allowed may differ, with a warning. Collective.
 */
Checkpoint read_checkpoint(const Model &model, const std::string &checkpoint,
                           const std::vector<std::string> &allowed, Log &log);

} // namespace wolff::coupling
