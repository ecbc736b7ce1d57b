// The VTK contract filled with meaning: which arrays a tissue file, a mechanics file and a view file hold,
// and how they are written and read. The form of the files is io's business.
#pragma once

#include "coupling/step.h"
#include "io/contract.h"

#include <string>

namespace wolff::coupling {

/// All arrays of all three kinds of file, for a state whose histories have @p history_length entries and for
/// further load cases of these names.
io::Contract contract(std::size_t history_length = 0, const std::vector<std::string> &further_cases = {});

/// What the states of a case hold.
regeneration::StateLayout state_layout(const Case &input);

/// solver/doc/exchange.md: the contract for readers, with how files are named and used.
std::string exchange_reference();

/// "tissue_0007.pvtu" and so on.
std::string field_file_name(const std::string &kind, std::int64_t step);

/**
 * State before a step: all that the next step needs, the displacements of the last solves included (an empty
 * one is written as zero). Float64, complete.
 * @throws Fault (exit 5) on all ranks. Collective.
 */
void write_tissue(const Model &model, const regeneration::TissueState &state,
                  const Displacements &displacements, const std::string &path);

/**
 * Mechanics and stimulus of a step: what `regenerate` reads. Float64, complete. With several load cases
 * displacement, strain and stress stand there once a case, measures of strain and stress are those of the
 * case that is worst for the cell. Collective.
 */
void write_mechanics(const Model &model, const regeneration::TissueState &state,
                     const LoadedMechanics &mechanics, const std::vector<stimulus::Response> &response,
                     const std::string &path);

/// What ParaView opens: chosen arrays of all of it, Float32. Collective.
void write_view(const Model &model, const regeneration::TissueState &state, const LoadedMechanics &mechanics,
                const std::vector<stimulus::Response> &response, const std::string &path);

/// A tissue state and the displacements that the next solves start from (empty where the file has none).
struct StoredState
{
  regeneration::TissueState state;
  Displacements displacements;
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
  Displacements displacements;
  double day = 0;
  std::int64_t step = 0;
};

/// Read what regeneration needs from a mechanics file; same conditions. Collective.
StoredStimulus read_mechanics(const Model &model, const std::string &path);

/// The options that decide a result, as a fingerprint of their values.
std::string parameter_hash(const Case &input);

} // namespace wolff::coupling
