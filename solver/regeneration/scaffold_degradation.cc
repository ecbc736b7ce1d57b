#include "regeneration/scaffold_degradation.h"

#include "base/errors.h"
#include "regeneration/scaffold_erosion.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace wolff::regeneration {

using discretisation::CellMesh;

namespace {

constexpr std::size_t scaffold_index = material::index(material::Tissue::scaffold),
                      free_index = material::index(material::Tissue::granulation);

double largest_of_all(double value, const MPI_Comm comm)
{
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_MAX, comm);
  return value;
}

double volume_of(const CellMesh &mesh, const CellField &share)
{
  long double volume = 0;
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) volume += mesh.volume(i) * share[i];
  MPI_Allreduce(MPI_IN_PLACE, &volume, 1, MPI_LONG_DOUBLE, MPI_SUM, mesh.comm());
  return static_cast<double>(volume);
}

/// M/M_0, the same in all of the solid; 1 without a scaffold.
double molar_mass(const CellMesh &mesh, const ScaffoldDegradation &scaffold, const TissueState &state)
{
  double ratio = 0;
  for (std::size_t i = 0; i < state.n_cells(); ++i)
    if (scaffold.solid_on_day_0[i] > 0) ratio = std::max(ratio, state.mw_ratio[i]);
  ratio = largest_of_all(ratio, mesh.comm());
  return ratio > 0 ? ratio : 1;
}

/// What has come apart since day 0, said once.
class Watch
{
public:
  Watch(const CellMesh &mesh, const ScaffoldDegradation &scaffold)
      : mesh_(mesh), scaffold_(scaffold), least_(least_solid(scaffold, mesh.n_owned())),
        on_day_0_(scaffold_parts(mesh, scaffold.solid_on_day_0, least_, scaffold.ends))
  {
  }

  void look(const TissueState &state)
  {
    const ScaffoldParts parts =
        scaffold_parts(mesh_, state.fractions[scaffold_index], least_, scaffold_.ends);
    if (parts.n_loose > on_day_0_.n_loose)
      tell(has_said_loose_, "scaffold-loose",
           fmt::format("day {:g}: parts of the scaffold have come loose, {} of {:.3g} mm^3 in all (day 0: {} "
                       "of {:.3g})",
                       state.day, parts.n_loose, parts.loose_volume, on_day_0_.n_loose,
                       on_day_0_.loose_volume));
    if (!parts.are_connected && on_day_0_.are_connected)
      tell(has_said_apart_, "scaffold-apart",
           fmt::format("day {:g}: the scaffold no longer connects its ends, {:.3g} mm^3 of it are left",
                       state.day, volume_of(mesh_, state.fractions[scaffold_index])));
  }

private:
  void tell(bool &has_said, const std::string &name, const std::string &what) const
  {
    if (scaffold_.stops_when_apart)
      throw Fault(Exit::model, "scaffold-apart", "Materials/Scaffold degradation/When it falls apart", what)
          .found("stop")
          .wanted("a scaffold that lasts, or warn")
          .hint("Start with more solid or a slower law");
    if (!has_said && scaffold_.warn) scaffold_.warn(name, what);
    has_said = true;
  }

  const CellMesh &mesh_;
  const ScaffoldDegradation &scaffold_;
  CellField least_;
  ScaffoldParts on_day_0_;
  bool has_said_loose_ = false, has_said_apart_ = false;
};

} // namespace

CellField least_solid(const ScaffoldDegradation &scaffold, const std::size_t n_cells)
{
  CellField least(n_cells, 0.0);
  for (std::size_t i = 0; i < scaffold.envelope_share.size(); ++i)
    least[i] = scaffold.pinch_off * scaffold.envelope_share[i];
  return least;
}

void update_scaffold_density(const CellField &solid_on_day_0, TissueState &state)
{
  for (std::size_t i = 0; i < solid_on_day_0.size(); ++i)
    if (solid_on_day_0[i] > 0)
      state.scaffold_density[i] = std::min(1.0, state.fractions[scaffold_index][i] / solid_on_day_0[i]);
}

double degrade(const CellMesh &mesh, const ScaffoldDegradation &scaffold, const double days,
               TissueState &state)
{
  const double ratio = molar_mass(mesh, scaffold, state),
               depth = material::front_depth(ratio, days, scaffold.law),
               kept = material::bulk_kept(days, scaffold.law);
  CellField solid = state.fractions[scaffold_index];
  for (double &share : solid) share *= kept;
  if (!scaffold.envelope_share.empty()) {
    for (std::size_t i = 0; i < solid.size(); ++i)
      if (const double within = scaffold.envelope_share[i]; solid[i] > 0 && depth > 0 && scaffold.curve)
        solid[i] = within * scaffold.curve->density_after(solid[i] / within, depth);
  } else
    erode_surface(mesh, depth, solid);

  const double before = volume_of(mesh, state.fractions[scaffold_index]);
  for (std::size_t i = 0; i < solid.size(); ++i) {
    if (scaffold.solid_on_day_0[i] == 0) continue;
    state.mw_ratio[i] = material::molar_mass_after(state.mw_ratio[i], days, scaffold.law);
    double &free = state.fractions[free_index][i]; // the rounding of many steps must not take it above one
    free = std::min(1.0, free + (state.fractions[scaffold_index][i] - solid[i]));
    state.fractions[scaffold_index][i] = solid[i];
  }
  update_scaffold_density(scaffold.solid_on_day_0, state);
  return before - volume_of(mesh, state.fractions[scaffold_index]);
}

Regenerate with_degradation(const CellMesh &mesh, Regenerate backend, ScaffoldDegradation scaffold)
{
  struct Course
  {
    ScaffoldDegradation scaffold;
    Watch watch;
    double volume_on_day_0;
    Course(const CellMesh &of, ScaffoldDegradation &&what)
        : scaffold(std::move(what)), watch(of, scaffold),
          volume_on_day_0(volume_of(of, scaffold.solid_on_day_0))
    {
    }
  };
  // Shared, because functions are copied and what has been said is said for all copies.
  const auto course = std::make_shared<Course>(mesh, std::move(scaffold));
  return [&mesh, backend = std::move(backend), course](
             const TissueState &before, const std::vector<stimulus::Response> &response, const double days) {
    Regenerated result = backend(before, response, days);
    const double lost = degrade(mesh, course->scaffold, days, result.after);
    if (course->scaffold.say && course->volume_on_day_0 > 0)
      course->scaffold.say(fmt::format(
          "  scaffold: {:.4g} mm^3 lost, {:.2f} % of day 0 left, molar mass {:.3g} of day 0", lost,
          100 * volume_of(mesh, result.after.fractions[scaffold_index]) / course->volume_on_day_0,
          molar_mass(mesh, course->scaffold, result.after)));
    if (lost > 0) course->watch.look(result.after);
    return result;
  };
}

} // namespace wolff::regeneration
