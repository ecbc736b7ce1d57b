// Cell therapy: which number of stromal cells is put where and on which day.
#pragma once

#include "base/options.h"
#include "base/tensor.h"
#include "discretisation/cell_mesh.h"
#include "regeneration/tissue_state.h"

#include <optional>
#include <string>
#include <vector>

namespace wolff::regeneration {

/**
 * The regions that a text names, separated by commas; nothing stands for the whole healing domain.
 * @throws Fault (exit 2) naming @p place if a name is none of them
 */
std::vector<std::optional<Region>> regions_of(const std::string &text, const std::string &place);

/// How a dose lies within its region, always in proportion to the free volume.
enum class Distribution : std::uint8_t
{
  uniform,
  catheter, ///< a Gaussian about the tip of the catheter
  wall      ///< beside faces to another region and to the solid of a scaffold
};

/// Where a dose goes: a region, or the whole healing domain.
struct Dose
{
  double day = 0;       ///< since surgery
  double number = 0;    ///< stromal cells (colony-forming units), not nucleated cells [-]
  double retention = 1; ///< share that stays at the site [-]
  std::optional<Region> region;
  Distribution distribution = Distribution::uniform;
  Vector3 tip = Vector3::Zero(); ///< of the catheter, in the frame of the mesh [mm]
  double spread = 0;             ///< standard deviation of the Gaussian [mm]
};

/// The schedule as lists of equal length; an empty list is no therapy.
struct DoseOptions
{
  std::vector<double> days, numbers, retentions;
  std::string regions;
  std::string distributions;        ///< empty: all uniform
  std::vector<double> tip{0, 0, 0}; ///< [mm]
  double spread = 0;                ///< [mm], 0 is not stated
  std::string source = "BMSC";
  double yield_factor = 1;      ///< on all numbers [-]
  double release_half_time = 0; ///< out of a carrier [day], 0: at once
  double osteogenic_factor = 1; ///< on the differentiation of implanted cells into osteoblasts [-], 1 is off
  double carrier_half_life = 0; ///< of the cells in it [day], 0: they do not die

  void declare(Options &options);
  /// Must implanted cells be known from those of the host?
  bool are_told_apart() const { return osteogenic_factor != 1 && !days.empty(); }
};

/// In order of time. @throws Fault (exit 2): a number, a retention or a spread is not stated, lists differ in
/// length, a region or a distribution is unknown, a source that is paracrine only
std::vector<Dose> doses_of(const DoseOptions &options);

/// What a source other than marrow asks for, for the log; empty for BMSC.
std::string source_notice(const DoseOptions &options);

/**
 * Put a dose into the state, as stromal cells of the first stage, or as cells in a carrier: the density is in
 * proportion to the free volume (granulation tissue), and to the weight of the distribution, over its region
 * inside the healing domain. Returns the number of cells that stayed.
 * @throws Fault (exit 3) if there is no free volume, or no wall in it. Collective.
 */
double apply_dose(const discretisation::CellMesh &mesh, const Dose &dose, const DoseOptions &options,
                  TissueState &state);

/**
 * Cells in a carrier over @p days: dc/dt = -(k + l) c, of which k c become stromal cells of the first stage;
 * k and l from the half-times of the options, exactly. Returns the number that joined. Collective.
 */
double release_cells(const discretisation::CellMesh &mesh, const DoseOptions &options, double days,
                     TissueState &state);

} // namespace wolff::regeneration
