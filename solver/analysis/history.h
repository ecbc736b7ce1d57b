// One line of the history of a run: the numbers of one day. What a run comes to is in summary.h.
#pragma once

#include "analysis/quantity.h"
#include "mechanics/elastic_solver.h"
#include "regeneration/regenerate.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace wolff::analysis {

/// A load case beside the first one.
struct FurtherLoadCase
{
  const std::vector<SymmetricTensor> &strain, &stress; ///< as HistoryInput
  const mechanics::SolveReport &solve;
};

/// Looks at what one step has computed; vectors have one entry for each owned cell.
struct HistoryInput
{
  const discretisation::CellMesh &mesh;
  const regeneration::TissueState &state;
  const std::vector<SymmetricTensor> &strain; ///< at the cell's centre, of the first load case
  const std::vector<SymmetricTensor> &stress; ///< [MPa]
  const std::vector<stimulus::Response> &response;
  const std::vector<std::uint8_t> &in_head; ///< 1 where the cell's centre lies in the femoral head
  const mechanics::SolveReport &solve;
  const regeneration::RegenerationReport *regeneration = nullptr; ///< none before the first step
  const discretisation::CellField *scaffold_on_day_0 = nullptr;   ///< its share of each cell; none: as now
  std::optional<double> scaffold_density = std::nullopt;          ///< of its solid [g/cm^3]
  std::optional<double> scaffold_yield_strength = std::nullopt;   ///< [MPa]
  std::optional<double> scaffold_fatigue_strength = std::nullopt; ///< amplitude [MPa]
  std::vector<FurtherLoadCase> further = {};
  double dead_strain_limit = 1; ///< of dead over viable bone: strength over modulus ratio [-]
};

/**
 * Tissues and cells of each zone, phenotypes, apparent stiffness, stress and strain by kind of cell, factors
 * to yield and fatigue, strain risk, and how well the equations were solved. The same names in the same order
 * on every day of every run; the same values on all ranks. What does not exist has the value NaN.
 *
 * With several load cases stresses, strains and risks of a cell are those of the load case that is worst for
 * it; the apparent stiffness is that of the first one; iterations are those of all solves.
 * @throws Fault (exit 70) if an array has another length than the mesh has owned cells. Collective.
 */
std::vector<Quantity> history_row(const HistoryInput &input, MPI_Comm comm);

} // namespace wolff::analysis
