#include "coupling/backend_options.h"

#include <algorithm>

namespace wolff::coupling {

namespace {

bool is_below(const std::string &path, const std::vector<std::string> &sections)
{
  return std::any_of(sections.begin(), sections.end(),
                     [&](const std::string &section) { return path.starts_with("Regeneration/" + section); });
}

} // namespace

std::vector<Fault> ignored_by_backend(const Case &input)
{
  if (input.course.backend != "lattice agents") return {};
  // Beginnings of paths. What names a course or says nothing about cells is no effect that could be missed.
  std::vector<std::string> used{"Lattice/", "Backend", "Duration", "Mechanics every", "External program"};
  if (!input.is_cell_lattice())
    for (const char *more :
         {"Cell therapy/", "Host bone/", "Hydrogel/", "Host MSC share", "Supply from host marrow", "Oxygen/",
          "VEGF/", "Vessels/", "Supply gate/Rule", "Supply gate/Half", "Supply gate/Without", "Host/Steroid",
          "Host/Conditioning", "Host/Recovery", "Host/Other", "Host/History"})
      used.emplace_back(more);
  if (!input.is_cell_lattice() && input.regeneration.signals.is_any_on()) used.emplace_back("Transport/");
  Case copy = input, as_shipped;
  Options options, defaults;
  copy.declare(options);
  as_shipped.declare(defaults);
  std::vector<std::string> ignored;
  for (const Option &option : options.all()) {
    const std::string path = option.path();
    if (!path.starts_with("Regeneration/") || is_below(path, used)) continue;
    if (option.get() != defaults.find(path)->get()) ignored.push_back(path);
  }
  // The marrow of the first day is all that conditioning can thin out there.
  const regeneration::HostFactorOptions &host = input.regeneration.host;
  if (!input.is_cell_lattice() && host.conditioning && host.conditioning_day > 0)
    ignored.emplace_back("Regeneration/Host/Conditioning day [day] above 0");
  if (!input.is_cell_lattice() && input.regeneration.doses.are_told_apart())
    ignored.emplace_back("Regeneration/Cell therapy/Osteogenic factor [-]");
  if (ignored.empty()) return {};
  return {Fault(Exit::input, "backend-ignores", "Regeneration/Backend",
                "the lattice of cells knows nothing of options that are not at their defaults")
              .found(join(ignored, 40))
              .wanted("their defaults, or Backend = continuum")};
}

} // namespace wolff::coupling
