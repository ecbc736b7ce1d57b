#include "regeneration/cell_dose.h"

#include "base/errors.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace wolff::regeneration {

namespace {

const std::string whole_domain = "healing domain";
const std::array<std::string, 3> distribution_names{"uniform", "catheter", "wall"};

std::vector<std::string> split_names(const std::string &text)
{
  std::vector<std::string> names;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::size_t first = text.find_first_not_of(' ', begin), last = text.find_last_not_of(' ', end - 1);
    names.push_back(first < end ? text.substr(first, last - first + 1) : "");
    begin = end + 1;
  }
  return names;
}

std::vector<Distribution> distributions_of(const std::string &text, const std::size_t count)
{
  std::vector<Distribution> distributions;
  for (const std::string &name : split_names(text)) {
    const auto found = std::find(distribution_names.begin(), distribution_names.end(), name);
    if (found == distribution_names.end())
      throw Fault(Exit::input, "unknown-name", "Regeneration/Cell therapy/Distributions",
                  "no distribution of this name")
          .found(name)
          .wanted("one of: uniform, catheter, wall");
    distributions.push_back(static_cast<Distribution>(found - distribution_names.begin()));
  }
  if (distributions.empty()) distributions.assign(count, Distribution::uniform);
  return distributions;
}

/// Area of the faces [mm^2] of each owned cell to a cell of another region or, from a cell that is not, to
/// one that is at least half of scaffold. Collective.
CellField wall_area(const discretisation::CellMesh &mesh, const TissueState &state)
{
  CellField region(mesh.n_local()), scaffold(mesh.n_local());
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
    region[i] = state.region[i];
    scaffold[i] = state.fractions[material::index(material::Tissue::scaffold)][i];
  }
  mesh.update_ghosts(region);
  mesh.update_ghosts(scaffold);
  CellField area(mesh.n_owned(), 0.0);
  const auto add = [&](const std::uint32_t here, const std::uint32_t there, const double face) {
    if (here < mesh.n_owned() &&
        (region[here] != region[there] || (scaffold[here] < 0.5 && scaffold[there] >= 0.5)))
      area[here] += face;
  };
  for (const discretisation::CellFace &face : mesh.faces()) {
    add(face.first, face.second, face.area);
    add(face.second, face.first, face.area);
  }
  return area;
}

/// Of each owned cell: what its share of a dose is in proportion to, beside its volume.
CellField weight_of(const discretisation::CellMesh &mesh, const Dose &dose, const TissueState &state)
{
  CellField weight = state.fractions[material::index(material::Tissue::granulation)];
  const CellField area =
      dose.distribution == Distribution::wall ? wall_area(mesh, state) : CellField(weight.size(), 0.0);
  for (std::size_t i = 0; i < weight.size(); ++i) {
    const bool takes = state.healing_domain[i] != 0 &&
                       (!dose.region || state.region[i] == static_cast<std::uint8_t>(*dose.region));
    if (!takes)
      weight[i] = 0;
    else if (dose.distribution == Distribution::catheter)
      weight[i] *=
          std::exp(-(mesh.cell(i).centre - dose.tip).squaredNorm() / (2 * dose.spread * dose.spread));
    else if (dose.distribution == Distribution::wall)
      weight[i] *= area[i] / mesh.volume(i);
  }
  return weight;
}

} // namespace

std::vector<std::optional<Region>> regions_of(const std::string &text, const std::string &place)
{
  std::vector<std::optional<Region>> regions;
  for (const std::string &name : split_names(text)) {
    const auto &names = region_names();
    const auto found = std::find(names.begin() + 1, names.end(), name); // host bone never takes anything
    if (name == whole_domain)
      regions.emplace_back();
    else if (found != names.end())
      regions.emplace_back(static_cast<Region>(found - names.begin()));
    else
      throw Fault(Exit::input, "unknown-name", place, "no region of this name")
          .found(name)
          .wanted("one of: lesion, track, scaffold pore, " + whole_domain);
  }
  return regions;
}

void DoseOptions::declare(Options &options)
{
  options.add("Days [day]", days, "Day of each dose since surgery; empty for no cell therapy.");
  options.add("Cells [-]", numbers,
              "Stromal cells (colony-forming units) of each dose; 45000 to 180000 a hip in clinical series. "
              "Nucleated cells are 1000 to 100000 times more numerous and must not be given here.",
              0, "no default: to be stated with each dose [U]; range of Hernigou 2018 Int Orthop [V]");
  options.add("Retention [-]", retentions, "Share of each dose that stays at the site.", 0,
              "no default: to be stated with each dose [U]; 0.1 to 0.5 is commonly assumed [M]");
  options.add("Regions", regions,
              "Region of each dose, separated by commas: lesion, track, scaffold pore, healing domain.");
  options.add(
      "Distributions", distributions,
      "How each dose lies in its region, separated by commas: uniform, catheter (about its tip), wall "
      "(beside other regions and the scaffold's solid); empty: all uniform.");
  options.add("Catheter tip [mm]", tip, "For doses about it, in the frame of the files.", 3);
  options.add("Catheter spread [mm]", spread, "Standard deviation of doses about the tip.", non_negative(),
              "no defensible number exists [U]: 0 is not stated");
  options.add_choice("Source", source, {"BMSC", "ADSC", "UC-MSC", "ESC or iPSC"},
                     "Of the cells. All have the rates of marrow cells; UC-MSC act through vesicles only.");
  options.add("Yield factor [-]", yield_factor, "On the number of all doses, of a source other than marrow.",
              positive(), "no defensible number exists [U]: 1 is off");
  options.add(
      "Osteogenic factor [-]", osteogenic_factor,
      "On the differentiation of implanted cells and their descendants into osteoblasts. Other than 1 "
      "they are followed apart from those of the host.",
      non_negative(), "no defensible number exists [U]: 1 is off");
  options.add("Release half-time [day]", release_half_time,
              "In which half of the living cells leave a carrier such as a hydrogel; 0: no carrier.",
              non_negative(), "no defensible number exists [U]: off unless stated");
  options.add("Half-life in the carrier [day]", carrier_half_life,
              "In which half of the cells that are still in it die; 0: none do.", non_negative(),
              "no defensible number exists [U]: off unless stated");
}

std::vector<Dose> doses_of(const DoseOptions &options)
{
  const std::vector<std::optional<Region>> regions =
      regions_of(options.regions, "Regeneration/Cell therapy/Regions");
  const auto require = [&](const std::string &name, const std::size_t count) {
    if (count == options.days.size()) return;
    throw Fault(Exit::input, count == 0 ? "option-missing" : "option-value",
                "Regeneration/Cell therapy/" + name, "one entry for each dose is needed")
        .found(std::to_string(count) + " entries")
        .wanted(std::to_string(options.days.size()) + " entries, as many as days");
  };
  require("Cells [-]", options.numbers.size());
  require("Retention [-]", options.retentions.size());
  require("Regions", regions.size());
  const std::vector<Distribution> distributions =
      distributions_of(options.distributions, options.days.size());
  require("Distributions", distributions.size());
  if (!options.days.empty() && options.source == "UC-MSC")
    throw Fault(Exit::input, "option-contradicts", "Regeneration/Cell therapy/Source",
                "umbilical-cord cells are represented by what they secrete only")
        .found(options.source + " with " + std::to_string(options.days.size()) + " doses of cells")
        .wanted("no doses of cells, and doses of Regeneration/Vesicles");
  if (std::find(distributions.begin(), distributions.end(), Distribution::catheter) != distributions.end() &&
      options.spread == 0)
    throw Fault(Exit::input, "option-missing", "Regeneration/Cell therapy/Catheter spread [mm]",
                "the spread of a dose about the tip has no default [U]")
        .found("0, which is not stated")
        .wanted("a number greater than 0");

  const auto require_range = [](const std::string &name, const double value, const Range &range) {
    if (!range.contains(value))
      throw Fault(Exit::input, "option-value", "Regeneration/Cell therapy/" + name, "value out of range")
          .found(value)
          .wanted(range.description());
  };
  std::vector<Dose> doses;
  for (std::size_t i = 0; i < options.days.size(); ++i) {
    require_range("Days [day]", options.days[i], non_negative());
    require_range("Cells [-]", options.numbers[i], non_negative());
    require_range("Retention [-]", options.retentions[i], fraction());
    doses.push_back({options.days[i], options.numbers[i] * options.yield_factor, options.retentions[i],
                     regions[i], distributions[i], Vector3(options.tip[0], options.tip[1], options.tip[2]),
                     options.spread});
  }
  std::stable_sort(doses.begin(), doses.end(), [](const Dose &a, const Dose &b) { return a.day < b.day; });
  return doses;
}

std::string source_notice(const DoseOptions &options)
{
  if (options.days.empty() || options.source == "BMSC") return "";
  return "cells of the source " + options.source +
         " follow the rates of marrow cells: no rate set distinguishes sources" +
         (options.osteogenic_factor != 1 ? ", but for the osteogenic factor that the case states" : "") +
         (options.source == "ESC or iPSC"
              ? "; no clinical dose in osteonecrosis exists, and neither tumours nor rejection are modelled"
              : "");
}

double apply_dose(const discretisation::CellMesh &mesh, const Dose &dose, const DoseOptions &options,
                  TissueState &state)
{
  const CellField weight = weight_of(mesh, dose, state);
  double whole = 0;
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) whole += mesh.volume(i) * weight[i];
  MPI_Allreduce(MPI_IN_PLACE, &whole, 1, MPI_DOUBLE, MPI_SUM, mesh.comm());

  const double stays = dose.number * dose.retention;
  if (stays == 0) return 0;
  if (!(whole > 0))
    throw Fault(Exit::model, "value-range", "Regeneration/Cell therapy",
                "dose of day " + to_text(dose.day) + ": free volume of " +
                    (dose.region ? region_names()[static_cast<std::size_t>(*dose.region)] : whole_domain) +
                    " in reach of its distribution, " +
                    distribution_names[static_cast<std::size_t>(dose.distribution)])
        .found(whole)
        .wanted("some granulation tissue to put the cells into");
  CellField &cells = options.release_half_time > 0 ? state.carried_msc
                                                   : state.cells[tissue::index(tissue::Cell::immature_msc)];
  for (std::size_t i = 0; i < mesh.n_owned(); ++i)
    if (weight[i] > 0) {
      cells[i] += stays * weight[i] / whole;
      if (!(options.release_half_time > 0) && !state.implanted_msc.empty())
        state.implanted_msc[0][i] += stays * weight[i] / whole;
    }
  return stays;
}

double release_cells(const discretisation::CellMesh &mesh, const DoseOptions &options, const double days,
                     TissueState &state)
{
  if (!(options.release_half_time > 0)) return 0;
  const double out = std::log(2) / options.release_half_time,
               death = options.carrier_half_life > 0 ? std::log(2) / options.carrier_half_life : 0;
  const double left = std::exp(-(out + death) * days);
  CellField &msc = state.cells[tissue::index(tissue::Cell::immature_msc)];
  double joined = 0;
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) {
    if (state.carried_msc[i] == 0) continue;
    const double joins = state.carried_msc[i] * (1 - left) * out / (out + death);
    msc[i] += joins;
    if (!state.implanted_msc.empty()) state.implanted_msc[0][i] += joins;
    state.carried_msc[i] *= left;
    joined += mesh.volume(i) * joins;
  }
  MPI_Allreduce(MPI_IN_PLACE, &joined, 1, MPI_DOUBLE, MPI_SUM, mesh.comm());
  return joined;
}

} // namespace wolff::regeneration
