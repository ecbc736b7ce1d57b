// The VTK contract filled with meaning: which arrays a tissue file, a mechanics file and a view file hold,
// and how they are written and read. The form of the files is io's business.
#pragma once

#include "coupling/step.h"
#include "io/contract.h"

#include <string>

namespace wolff::coupling {

/// All arrays of all three kinds of file, for a state whose histories have @p history_length entries.
io::Contract contract(std::size_t history_length = 0);

/// solver/doc/exchange.md: the contract for readers, with how files are named and used.
std::string exchange_reference();

/// "tissue_0007.pvtu" and so on.
std::string field_file_name(const std::string &kind, std::int64_t step);

/**
 * State before a step: all that the next step needs, the displacement of the last solve included. Float64,
 * complete.
 * @throws Fault (exit 5) on all ranks. Collective.
 */
void write_tissue(const Model &model, const regeneration::TissueState &state,
                  const std::vector<double> &displacement, const std::string &path);

/// Mechanics and stimulus of a step: what `regenerate` reads. Float64, complete. Collective.
void write_mechanics(const Model &model, const regeneration::TissueState &state, const Mechanics &mechanics,
                     const std::vector<stimulus::Response> &response, const std::string &path);

/// What ParaView opens: chosen arrays of all of it, Float32. Collective.
void write_view(const Model &model, const regeneration::TissueState &state, const Mechanics &mechanics,
                const std::vector<stimulus::Response> &response, const std::string &path);

/// A tissue state and the displacement that the next solve starts from (zero where the file has none).
struct StoredState
{
  regeneration::TissueState state;
  std::vector<double> displacement;
};

/**
 * Read a tissue file on any number of ranks. Bit for bit what was written.
 * @throws Fault on all ranks: exit 2 for a file that is not sound or lacks an array, 3 for another mesh or
 * values that are not admissible. Collective.
 */
StoredState read_tissue(const Model &model, const std::string &path);

struct StoredStimulus
{
  std::vector<stimulus::Response> response;
  std::vector<double> displacement;
  double day = 0;
  std::int64_t step = 0;
};

/// Read what regeneration needs from a mechanics file; same conditions. Collective.
StoredStimulus read_mechanics(const Model &model, const std::string &path);

/// The options that decide a result, as a fingerprint of their values.
std::string parameter_hash(const Case &input);

} // namespace wolff::coupling
