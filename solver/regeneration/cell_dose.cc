#include "regeneration/cell_dose.h"

#include "base/errors.h"

#include <algorithm>

namespace wolff::regeneration {

namespace {

const std::string whole_domain = "healing domain";

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

std::optional<Region> region_called(const std::string &name)
{
  if (name == whole_domain) return std::nullopt;
  const auto &names = region_names();
  for (std::size_t i = 1; i < n_regions; ++i) // host bone never takes cells
    if (names[i] == name) return static_cast<Region>(i);
  throw Fault(Exit::input, "unknown-name", "Regeneration/Cell therapy/Regions", "no region of this name")
      .found(name)
      .wanted("one of: lesion, track, scaffold pore, " + whole_domain);
}

} // namespace

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
}

std::vector<Dose> doses_of(const DoseOptions &options)
{
  const std::vector<std::string> regions = split_names(options.regions);
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
    doses.push_back({options.days[i], options.numbers[i], options.retentions[i], region_called(regions[i])});
  }
  std::stable_sort(doses.begin(), doses.end(), [](const Dose &a, const Dose &b) { return a.day < b.day; });
  return doses;
}

double apply_dose(const discretisation::CellMesh &mesh, const Dose &dose, TissueState &state)
{
  const CellField &free_share = state.fractions[material::index(material::Tissue::granulation)];
  const auto takes = [&](const std::size_t i) {
    return state.healing_domain[i] != 0 &&
           (!dose.region || state.region[i] == static_cast<std::uint8_t>(*dose.region));
  };
  double free_volume = 0;
  for (std::size_t i = 0; i < mesh.n_owned(); ++i)
    if (takes(i)) free_volume += mesh.volume(i) * free_share[i];
  MPI_Allreduce(MPI_IN_PLACE, &free_volume, 1, MPI_DOUBLE, MPI_SUM, mesh.comm());

  const double stays = dose.number * dose.retention;
  if (stays == 0) return 0;
  if (!(free_volume > 0))
    throw Fault(Exit::model, "value-range", "Regeneration/Cell therapy",
                "dose of day " + to_text(dose.day) + ": free volume of " +
                    (dose.region ? region_names()[static_cast<std::size_t>(*dose.region)] : whole_domain) +
                    " [mm^3]")
        .found(free_volume)
        .wanted("some granulation tissue to put the cells into");
  CellField &msc = state.cells[tissue::index(tissue::Cell::immature_msc)];
  for (std::size_t i = 0; i < mesh.n_owned(); ++i)
    if (takes(i)) msc[i] += stays * free_share[i] / free_volume;
  return stays;
}

} // namespace wolff::regeneration
