#include "coupling/marks.h"

#include <fmt/format.h>

#include <array>

namespace wolff::coupling {

namespace {

constexpr std::array<const char *, 4> all_marks{"[V]", "[C]", "[M]", "[U]"};

/// Is the part of the case with this path in use? The longest section that decides is asked last.
bool is_in_use(const std::string &path, const Case &input)
{
  const auto below = [&](const char *section) { return path.starts_with(std::string(section) + "/"); };
  const regeneration::RegenerationOptions &r = input.regeneration;
  const bool is_femur = !input.is_voxel_body();
  if (below("Problem") || below("Geometry/Box") || below("Geometry/Image")) return !is_femur;
  if (!is_femur) return below("Solver");
  if (below("Regeneration/Hydrogel")) return r.hydrogel.is_on();
  if (below("Regeneration/Host bone")) return r.host_bone.law != "none";
  if (below("Regeneration") && path != "Regeneration/Mechanics every [day]") {
    const bool is_lattice = input.course.backend == "lattice agents";
    if (below("Regeneration/Lattice")) return is_lattice;
    const bool is_shared =
        below("Regeneration/Cell therapy") || path == "Regeneration/Host MSC share of capacity [-]" ||
        below("Regeneration/Oxygen") || below("Regeneration/VEGF") || below("Regeneration/Vessels") ||
        below("Regeneration/Supply gate") || path.starts_with("Regeneration/Host/");
    if (input.course.backend != "continuum" && !(is_lattice && is_shared)) return false;
    if (below("Regeneration/Oxygen")) return r.signals.oxygen.is_on();
    if (below("Regeneration/VEGF")) return r.signals.vegf.is_on();
    if (below("Regeneration/Vessels")) return r.signals.vessels.is_on();
    if (below("Regeneration/Supply gate"))
      return r.signals.gate.rule != "none" || r.signals.gate.hypoxic_death > 0;
    if (below("Regeneration/Surface guidance")) return r.surfaces.is_on();
    if (below("Regeneration/Growth factor")) return r.signals.factor.is_on();
    if (below("Regeneration/Inflammation")) return r.signals.inflammation.is_on();
    if (path == "Regeneration/Kinetics/Active until [day]" ||
        path == "Regeneration/Kinetics/Activity afterwards [-]")
      return !r.signals.inflammation.is_on();
    if (below("Regeneration/Vesicles")) return r.signals.vesicles.is_on();
    if (path.starts_with("Regeneration/Host/Steroid")) return r.host.steroids;
    if (path.starts_with("Regeneration/Host/Conditioning") || path.starts_with("Regeneration/Host/Recovery"))
      return r.host.conditioning;
    for (const char *event : {"Transplantation", "Engraftment", "Reconstitution"})
      if (path.starts_with(std::string("Regeneration/Lesion/") + event)) return r.necrosis.transplantation;
    if (path.starts_with("Regeneration/Lesion/Front")) return r.necrosis.front_speed > 0;
    if (below("Regeneration/Cell therapy")) return !r.doses.days.empty();
    return true;
  }
  if (below("Stimulus/Claes-Heigele")) return input.stimulus.rule == "Claes-Heigele";
  if (below("Stimulus/Carter")) return input.stimulus.rule == "Carter";
  if (below("Materials/Homogenised scaffold"))
    return input.geometry.scaffold.is_homogenised() &&
           (path.ends_with("modulus [MPa]") || input.materials.homogenised.apparent_modulus == 0);
  if (below("Materials/Scaffold degradation")) {
    const material::DegradationOptions &d = input.materials.degradation;
    if (path.ends_with("speed [um/day]")) return d.law == "constant front" || d.law == "hydrolysis";
    const bool is_rule = path.ends_with("loss [1/day]") || path.ends_with("Site edge [mm]");
    return d.law == (is_rule ? "surface and bulk rule" : "hydrolysis");
  }
  if (below("Pores")) return input.pores.has_pressure();
  return true;
}

} // namespace

bool MarkedValue::is_assumed() const
{
  return marks.find("[M]") != std::string::npos || marks.find("[U]") != std::string::npos;
}

std::vector<MarkedValue> values_in_use(const Case &input)
{
  // Options bind to what they are declared for, whose values they take as defaults.
  Case copy = input, as_shipped;
  Options options, defaults;
  copy.declare(options);
  as_shipped.declare(defaults);
  std::vector<MarkedValue> values;
  for (const Option &option : options.all()) {
    MarkedValue value{option.path(), option.get(), option.source, ""};
    for (const char *mark : all_marks)
      if (option.source.find(mark) != std::string::npos) value.marks += mark;
    if (value.marks.empty() || !is_in_use(value.path, input)) continue;
    const bool is_off = option.source.find("no de") != std::string::npos ||
                        option.source.find("no measured value") != std::string::npos; // "no default", ...
    if (is_off && value.value == defaults.find(value.path)->default_text) continue;
    values.push_back(std::move(value));
  }
  return values;
}

std::vector<std::string> lines_of(const std::vector<MarkedValue> &values)
{
  std::array<int, all_marks.size()> counts{};
  for (const MarkedValue &value : values) {
    // The weakest mark of a source is that of the value.
    for (std::size_t k = all_marks.size(); k-- > 0;)
      if (value.marks.find(all_marks[k]) != std::string::npos) {
        ++counts[k];
        break;
      }
  }
  std::vector<std::string> lines{fmt::format("values in use: {} read in a source [V], {} computed [C], {} "
                                             "from memory [M], {} the user's own [U]; all "
                                             "of them in run.json. Assumed in stimulus and regeneration:",
                                             counts[0], counts[1], counts[2], counts[3])};
  for (const MarkedValue &value : values)
    if (value.is_assumed() &&
        (value.path.starts_with("Regeneration/") || value.path.starts_with("Stimulus/") ||
         value.path.starts_with("Materials/Scaffold degradation/")))
      lines.push_back(fmt::format("  {} = {}: {}", value.path, value.value, value.source));
  if (lines.size() == 1) lines.push_back("  none");
  return lines;
}

} // namespace wolff::coupling
