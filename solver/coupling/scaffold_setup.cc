#include "coupling/scaffold_setup.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace wolff::coupling {

using geometry::Phase;
using material::Tissue;

void homogenise_scaffold(Model &model, const Voxels &voxels, Log &log)
{
  const geometry::ScaffoldOptions &scaffold = model.input.geometry.scaffold;
  const material::HomogenisedOptions &options = model.input.materials.homogenised;
  const double density = model.geometry.scaffold->solid_fraction;
  together(model.comm, [&] {
    model.scaffold_stiffness.lattice.emplace(scaffold.type, options, density,
                                             model.elasticity[material::index(Tissue::scaffold)]);
  });
  for (const PhaseShares &shares : voxels.shares)
    model.scaffold_stiffness.envelope_share.push_back(
        std::min(shares[static_cast<std::size_t>(Phase::scaffold_pore)], 1.0));

  const material::LatticeStiffness &lattice = *model.scaffold_stiffness.lattice;
  const material::Elastic elastic = lattice(density);
  log.line(
      fmt::format("homogenised scaffold: modulus {:.4g} MPa, Poisson ratio {:.3f} at solid fraction {:.3f}, "
                  "{}; stress in its voxels is that of lattice and pore together",
                  elastic.youngs_modulus, elastic.poisson_ratio, density,
                  options.apparent_modulus > 0
                      ? std::string("as stated")
                      : fmt::format("unit cells [C] times a knock-down of {:g}", options.knock_down)));
  if (options.apparent_modulus == 0 && options.knock_down == 1)
    log.line("  no knock-down: the modulus is that of the ideal cell; measured titanium gyroids of 20 % "
             "solid have "
             "0.38 of it (network) or 0.16 (sheet) [C]");
  if (options.apparent_modulus == 0)
    log.warning(
        "homogenised",
        fmt::format("the operator is isotropic: shear along the cube axes of the cell is {:.2f} times as "
                    "stiff as computed, and its orientation does not count.",
                    lattice.anisotropy(density)));
  if (const double across = scaffold.diameter / scaffold.cell_size; scaffold.type != "foam" && across < 10)
    log.warning("homogenised",
                fmt::format("{:.3g} unit cells across the scaffold: with four the homogenisation "
                            "errs by 10 to 30 % at its surface.",
                            across));
}

void set_degradation_law(Model &model)
{
  const geometry::ScaffoldOptions &scaffold = model.input.geometry.scaffold;
  together(model.comm, [&] {
    const material::DegradationLaw law =
        material::degradation_law(model.input.materials.degradation, model.materials.back());
    if (law.front_speed > 0 && scaffold.type == "foam")
      throw Fault(Exit::input, "option-contradicts", "Materials/Scaffold degradation/Law",
                  "the surface of a foam, which would recede, is not known")
          .found(model.input.materials.degradation.law)
          .wanted("a lattice, or Law = none");
    model.scaffold_stiffness.law = law;
    model.scaffold_stiffness.degrades = true;
  });
}

namespace {

/// Cells at the two ends of the scaffold: within a unit cell of the first and the last cell that has solid.
regeneration::ScaffoldEnds ends_of(const Model &model)
{
  const regeneration::CellField &solid = model.initial.fractions[material::index(Tissue::scaffold)];
  regeneration::ScaffoldEnds ends{std::vector<std::uint16_t>(solid.size(), 0), 1};
  std::vector<double> along(solid.size(), 0.0);
  // Least and greatest place along the axis, the second with the other sign, and minus the largest voxel.
  constexpr double nowhere = std::numeric_limits<double>::infinity();
  std::array<double, 3> extent{nowhere, nowhere, 0};
  for (std::size_t i = 0; i < solid.size(); ++i) {
    if (solid[i] == 0) continue;
    const discretisation::Cell &cell = model.mesh->cell(i);
    along[i] = (model.geometry.scaffold_tip - cell.centre).dot(model.geometry.scaffold_axis);
    extent = {std::min(extent[0], along[i]), std::min(extent[1], -along[i]), std::min(extent[2], -cell.edge)};
  }
  MPI_Allreduce(MPI_IN_PLACE, extent.data(), 3, MPI_DOUBLE, MPI_MIN, model.comm);
  const double first = extent[0], last = -extent[1],
               depth = std::min(std::max(model.input.geometry.scaffold.cell_size, -extent[2]),
                                (last - first) / 4);
  for (std::size_t i = 0; i < solid.size(); ++i) {
    if (solid[i] == 0) continue;
    ends.of_cell[i] = along[i] <= first + depth ? 1 : along[i] >= last - depth ? 2 : 0;
  }
  return ends;
}

std::string text_of(const material::DegradationLaw &law)
{
  std::string text;
  const auto add = [&](const bool is_there, const std::string &part) {
    if (is_there) text += (text.empty() ? "" : ", ") + part;
  };
  add(law.front_speed > 0,
      fmt::format("surface recedes {:.4g} um a day{}", 1000 * law.front_speed,
                  std::isfinite(law.critical_ratio)
                      ? fmt::format(" below {:.3g} of the molar mass of day 0", law.critical_ratio)
                      : std::string()));
  add(law.bulk_rate > 0, fmt::format("bulk loses {:.4g} % a day", -100 * std::expm1(-law.bulk_rate)));
  add(law.hydrolysis_rate > 0,
      fmt::format(
          "molar mass falls by {:.4g} % a day, half in {:.4g} days; modulus of the solid with its power {:g}",
          -100 * std::expm1(-law.hydrolysis_rate), std::log(2.0) / law.hydrolysis_rate,
          law.modulus_exponent));
  add(law.hydrolysis_rate > 0 && law.front_speed == 0, "no mass is lost");
  return text.empty() ? "nothing changes" : text;
}

} // namespace

void prepare_degradation(Model &model, Log &log)
{
  const geometry::ScaffoldOptions &scaffold = model.input.geometry.scaffold;
  regeneration::ScaffoldDegradation &course = model.degradation.emplace();
  course.law = model.scaffold_stiffness.law;
  course.solid_on_day_0 = model.initial.fractions[material::index(Tissue::scaffold)];
  course.envelope_share = model.scaffold_stiffness.envelope_share;
  course.ends = ends_of(model);
  course.stops_when_apart = model.input.materials.degradation.when_apart == "stop";
  if (scaffold.is_homogenised() && scaffold.type != "foam") {
    geometry::ErosionSamples samples = geometry::sample_erosion(scaffold);
    course.pinch_off = samples.pinch_off;
    const bool is_sheet = samples.pinch_off == 0;
    course.curve.emplace(std::move(samples.solid_fraction), std::move(samples.specific_area),
                         is_sheet ? 0 : 2.0 / 3);
  }
  log.line(fmt::format("scaffold degradation: {}, {}", model.input.materials.degradation.law,
                       text_of(course.law)));

  const regeneration::ScaffoldParts parts =
      regeneration::scaffold_parts(*model.mesh, course.solid_on_day_0,
                                   regeneration::least_solid(course, model.mesh->n_owned()), course.ends);
  if (!parts.are_connected)
    log.warning("scaffold-apart",
                "the scaffold does not connect its ends on day 0: refine the voxels, or use more "
                "solid.");
  if (parts.n_loose > 0)
    log.line(fmt::format(
        "  {} loose part(s) of {:.3g} mm^3 on day 0, such as the rim of a lattice that is cut to a "
        "cylinder has",
        parts.n_loose, parts.loose_volume));
  if (scaffold.is_homogenised()) return;
  std::vector<bool> in_scaffold(model.mesh->n_owned());
  for (std::size_t i = 0; i < in_scaffold.size(); ++i)
    in_scaffold[i] =
        course.solid_on_day_0[i] > 0 ||
        model.initial.region[i] == static_cast<std::uint8_t>(regeneration::Region::scaffold_pore);
  if (const double closed = regeneration::closed_pore_volume(*model.mesh, course.solid_on_day_0, in_scaffold);
      closed > 0)
    log.warning("scaffold-pores",
                fmt::format("{:.3g} mm^3 of its pores are closed: nothing can grow there.", closed));
}

regeneration::HomogenisedSurface homogenised_surface(const Model &model)
{
  const regeneration::SurfaceGuidanceOptions &guidance = model.input.regeneration.surfaces;
  if (!guidance.is_on() || !model.input.geometry.scaffold.is_homogenised()) return {};
  regeneration::HomogenisedSurface surface{model.scaffold_stiffness.envelope_share, {}};
  if (guidance.specific_area > 0)
    surface.area_of_solid_fraction = [area = guidance.specific_area](double) { return area; };
  else if (model.degradation && model.degradation->curve)
    surface.area_of_solid_fraction = [curve = *model.degradation->curve](const double density) {
      return curve.area(density);
    };
  else
    surface.area_of_solid_fraction = [area = model.geometry.scaffold->specific_area](double) { return area; };
  return surface;
}

} // namespace wolff::coupling
