#include "regeneration/continuum.h"

#include "base/errors.h"
#include "regeneration/domain_roles.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace wolff::regeneration {

using material::Tissue;

void RegenerationOptions::declare(Options &options)
{
  const Options::Section section(options, "Regeneration");
  options.add("Step [day]", step, "Longest step of the regeneration; the mechanics is solved less often.",
              positive(), "daily in the programs of Perier-Metz et al. [V]");
  options.add_choice("Splitting", splitting, {"Lie", "Strang"},
                     "Migration, then reaction (order 1); or half, reaction, half (order 2).");
  options.add("MSC diffusivity [mm^2/day]", msc_diffusivity,
              "D of stromal cells in granulation tissue. Models range from 0.0012 to 0.7: calibrate it.",
              non_negative(), "7 jumps of 0.1 mm a day, Perier-Metz et al. 2020 [V], D = N l^2/6 [C]");
  options.add("Guidance factor in scaffold pores [-]", pore_guidance,
              "Factor on D where a scaffold guides the cells.", non_negative(),
              "no measured value exists [U]: 1 is off");
  options.add("Crowding of migration [-]", crowding,
              "chi in D (1 + chi c/capacity), c all cells: above 0 where cells jump to any free neighbour.",
              non_negative(), "0 for the classical exclusion process [C]; to be fitted to a lattice model");
  options.add("Fibroblast diffusivity [mm^2/day]", fibroblast_diffusivity,
              "D of fibroblasts in granulation tissue; 0: they do not move.", non_negative(),
              "not used in the programs of Perier-Metz et al. [V]; of the order of D of stromal cells [U]");
  options.add("Chemotaxis of stromal cells [mm^5/(ng day)]", msc_chemotaxis,
              "Speed of stromal cells up the gradient of the growth factor, which must be computed.",
              non_negative(), "no defensible number exists [U]: off unless stated");
  options.add("Supply from host marrow", host_supply,
              "Stromal cells enter from viable marrow around the domain.");
  options.add("Host MSC share of capacity [-]", host_share, "Density of stromal cells in viable marrow.",
              fraction(), "30 % of lattice sites, Perier-Metz et al. 2020 [V]");
  {
    const Options::Section therapy(options, "Cell therapy");
    doses.declare(options);
  }
  {
    const Options::Section migration(options, "Transport");
    transport.declare(options);
  }
  {
    const Options::Section reaction(options, "Kinetics");
    kinetics.declare(options);
  }
  signals.declare(options);
  {
    const Options::Section guidance(options, "Surface guidance");
    surfaces.declare(options);
  }
  {
    const Options::Section gel(options, "Hydrogel");
    hydrogel.declare(options);
  }
  {
    const Options::Section lesion(options, "Lesion");
    necrosis.declare(options);
  }
  {
    const Options::Section patient(options, "Host");
    host.declare(options);
  }
  const Options::Section remodelling(options, "Host bone");
  host_bone.declare(options);
}

double RegenerationReport::relative_error() const
{
  const double scale = std::max(std::abs(cells_before), std::abs(cells_after));
  return scale > 0 ? std::abs(cells_before + supplied + dosed + reacted - cells_after) / scale : 0;
}

namespace {

constexpr std::size_t n_migrating = tissue::index(tissue::Cell::mature_msc) + 1;

/// One call of regenerate: the state on its way, and what happened to it.
class Course
{
public:
  Course(const CellMesh &mesh, const TissueState &before, const std::vector<stimulus::Response> &stimulus,
         const RegenerationOptions &options, const HomogenisedSurface &scaffold)
      : mesh_(mesh), stimulus_(stimulus), options_(options), transport_(mesh, roles_of(before)),
        state_(before), surfaces_(mesh, before, options.surfaces, scaffold)
  {
    if (options.doses.are_told_apart() && state_.implanted_msc.empty())
      state_.implanted_msc.assign(tissue::n_msc_stages, CellField(state_.n_cells(), 0.0));
    report_.cells_before = number_of_cells();
    if (options.necrosis.front_speed > 0) distance_ = distance_from_rim(mesh, before);
  }

  void dose(const Dose &dose)
  {
    const double stayed = apply_dose(mesh_, dose, options_.doses, state_);
    if (!(options_.doses.release_half_time > 0)) report_.dosed += stayed; // else they count when they join
  }

  void advance(const double days)
  {
    const bool strang = options_.splitting == "Strang";
    advance_inflammation(mesh_, transport_, options_.signals.inflammation, options_.kinetics.capacity, days,
                         state_);
    advance_signals(mesh_, transport_, options_.signals, options_.transport, stimulus_, days, state_,
                    report_.signals);
    report_.dosed += release_cells(mesh_, options_.doses, days, state_);
    migrate(strang ? days / 2 : days);
    react(days);
    if (strang) migrate(days / 2);
    resorb(mesh_, options_.necrosis, distance_, days, state_);
    state_.day += days;
    ++report_.steps;
  }

  Regenerated finish(const double day)
  {
    state_.day = day;
    report_.cells_after = number_of_cells();
    report_.supplied = supplied_;
    report_.reacted = reacted_;
    report_.iterations += report_.signals.iterations();
    measure();
    update_activity(transport_, options_.signals, options_.kinetics, state_);
    return {std::move(state_), report_};
  }

private:
  const CellField &free_volume() const { return state_.fractions[material::index(Tissue::granulation)]; }

  void migrate(const double days)
  {
    const CellField &theta = free_volume();
    CellField diffusivity(mesh_.n_owned(), 0.0), supply(mesh_.n_owned(), -1.0);
    for (const std::uint32_t i : transport_.domain_cells()) {
      const bool pore = state_.region[i] == static_cast<std::uint8_t>(Region::scaffold_pore);
      diffusivity[i] = options_.msc_diffusivity * theta[i] * (pore ? options_.pore_guidance : 1) *
                       surfaces_.migration(state_, i);
      if (options_.crowding > 0) {
        double all = 0;
        for (const CellField &densities : state_.cells) all += densities[i];
        diffusivity[i] *= 1 + options_.crowding * all / options_.kinetics.capacity;
      }
    }
    const double supplied_share = options_.host_share * host_factor(options_.host, state_.day) *
                                  marrow_factor(options_.host, host_marrow(options_.necrosis, state_.day));
    for (std::size_t row = 0; row < transport_.domain_cells().size(); ++row) {
      if (transport_.supply_area()[row] == 0) continue;
      const std::uint32_t i = transport_.domain_cells()[row];
      double others = 0;
      for (std::size_t k = 1; k < n_migrating; ++k) others += state_.cells[k][i];
      const double wanted = supplied_share * options_.kinetics.capacity * theta[i] - others;
      if (wanted > state_.cells[0][i]) supply[i] = wanted;
    }

    CellField mobility;
    if (options_.msc_chemotaxis > 0) {
      mobility = theta;
      for (double &value : mobility) value *= options_.msc_chemotaxis;
    }
    const Transport::Conductances conductances = transport_.conductances(diffusivity);
    const auto spread = [&](CellField &densities, const Transport::Conductances &of, const CellField *from) {
      const TransportBalance balance = transport_.advance(densities, of, days, options_.transport, from);
      supplied_ += balance.supplied;
      report_.clipped += balance.clipped;
      report_.iterations += balance.iterations;
    };
    for (std::size_t k = 0; k < n_migrating; ++k) {
      if (!mobility.empty()) transport_.drift(state_.cells[k], state_.growth_factor, mobility, days);
      spread(state_.cells[k], conductances, k == 0 && options_.host_supply ? &supply : nullptr);
    }
    migrate_implanted(conductances, supply, mobility, days);
    if (options_.fibroblast_diffusivity > 0) {
      for (const std::uint32_t i : transport_.domain_cells())
        diffusivity[i] = options_.fibroblast_diffusivity * theta[i];
      spread(state_.cells[tissue::index(tissue::Cell::fibroblast)], transport_.conductances(diffusivity),
             nullptr);
    }
  }

  /// The implanted among them move as all do. What comes in at open faces is the host's, so that implanted
  /// cells are absent there; what goes out takes its share of them along. They are never more than all.
  void migrate_implanted(const Transport::Conductances &conductances, const CellField &supply,
                         const CellField &mobility, const double days)
  {
    if (state_.implanted_msc.empty()) return;
    CellField none = supply;
    for (double &density : none) density = std::min(density, 0.0); // open where the supply is
    for (std::size_t k = 0; k < n_migrating; ++k) {
      CellField &densities = state_.implanted_msc[k];
      if (!mobility.empty()) transport_.drift(densities, state_.growth_factor, mobility, days);
      report_.iterations += transport_
                                .advance(densities, conductances, days, options_.transport,
                                         k == 0 && options_.host_supply ? &none : nullptr)
                                .iterations;
      for (const std::uint32_t i : transport_.domain_cells())
        densities[i] = std::min(densities[i], state_.cells[k][i]);
    }
  }

  /// Cells without life: no tissue that could change, and so few cells that they are the solver's rounding.
  bool is_empty(const tissue::PointState &point) const
  {
    double cells = 0;
    for (const double density : point.cells) cells += density;
    if (cells > 1e-14 * options_.kinetics.capacity) return false;
    return point.fractions[material::index(Tissue::fibrous)] == 0 &&
           point.fractions[material::index(Tissue::cartilage)] == 0 &&
           point.fractions[material::index(Tissue::immature_bone)] == 0 &&
           point.fractions[material::index(Tissue::mature_bone)] == 0;
  }

  void react(const double days)
  {
    long double gained = 0;
    together(mesh_.comm(), [&] {
      for (const std::uint32_t i : transport_.domain_cells()) {
        tissue::PointState point;
        for (std::size_t k = 0; k < tissue::n_cells; ++k) point.cells[k] = state_.cells[k][i];
        for (std::size_t k = 0; k < material::n_tissues; ++k) point.fractions[k] = state_.fractions[k][i];
        if (is_empty(point)) continue;
        for (std::size_t k = 0; k < state_.implanted_msc.size(); ++k)
          point.implanted[k] = std::min(state_.implanted_msc[k][i], point.cells[k]);
        CellConditions here = conditions(state_, i, stimulus_[i].windows, options_.signals);
        here.signals.differentiation *= surfaces_.differentiation(state_, i);
        here.signals.osteogenic *= surfaces_.osteogenic(i);
        here.signals.implanted_osteogenic = options_.doses.osteogenic_factor;
        const tissue::PointState after =
            tissue::advance(point, here.windows, state_.day, days, options_.kinetics, here.signals);
        double change = 0;
        for (std::size_t k = 0; k < tissue::n_cells; ++k) {
          change += after.cells[k] - point.cells[k];
          state_.cells[k][i] = after.cells[k];
        }
        for (std::size_t k = 0; k < material::n_tissues; ++k) state_.fractions[k][i] = after.fractions[k];
        for (std::size_t k = 0; k < state_.implanted_msc.size(); ++k)
          state_.implanted_msc[k][i] = after.implanted[k];
        gained += mesh_.volume(i) * change;
      }
    });
    MPI_Allreduce(MPI_IN_PLACE, &gained, 1, MPI_LONG_DOUBLE, MPI_SUM, mesh_.comm());
    reacted_ += static_cast<double>(gained);
  }

  double number_of_cells() const
  {
    long double number = 0;
    for (const std::uint32_t i : transport_.domain_cells())
      for (const CellField &densities : state_.cells) number += mesh_.volume(i) * densities[i];
    MPI_Allreduce(MPI_IN_PLACE, &number, 1, MPI_LONG_DOUBLE, MPI_SUM, mesh_.comm());
    return static_cast<double>(number);
  }

  void measure()
  {
    double largest[3] = {
        0, 0, -std::numeric_limits<double>::infinity()}; // sum error, edge, minus the least density
    for (const std::uint32_t i : transport_.domain_cells()) {
      double sum = 0;
      for (const CellField &fractions : state_.fractions) sum += fractions[i];
      largest[0] = std::max(largest[0], std::abs(sum - 1));
      largest[1] = std::max(largest[1], mesh_.cell(i).edge);
      for (const CellField &densities : state_.cells) largest[2] = std::max(largest[2], -densities[i]);
    }
    MPI_Allreduce(MPI_IN_PLACE, largest, 3, MPI_DOUBLE, MPI_MAX, mesh_.comm());
    const double division = options_.kinetics.msc_division;
    report_.fraction_sum_error = largest[0];
    report_.smallest_density = -largest[2];
    report_.front_voxels = division > 0 && largest[1] > 0
                               ? std::sqrt(options_.msc_diffusivity / division) / largest[1]
                               : std::numeric_limits<double>::infinity();
  }

  const CellMesh &mesh_;
  const std::vector<stimulus::Response> &stimulus_;
  const RegenerationOptions &options_;
  Transport transport_;
  TissueState state_;
  SurfaceGuidance surfaces_;
  CellField distance_; ///< of the lesion from its rim [mm]; empty without a front
  RegenerationReport report_;
  double supplied_ = 0, reacted_ = 0;
};

} // namespace

Regenerated regenerate(const CellMesh &mesh, const TissueState &before,
                       const std::vector<stimulus::Response> &stimulus, const double days,
                       const RegenerationOptions &options, const HomogenisedSurface &scaffold)
{
  const auto start = std::chrono::steady_clock::now();
  const std::vector<Dose> doses = doses_of(options.doses);
  Course course(mesh, before, stimulus, options, scaffold);

  // Days are sums of steps: equal up to rounding, which must not make a step of its own.
  constexpr double same_day = 1e-9;
  const double end = before.day + days;
  double day = before.day;
  auto next_dose = doses.begin();
  while (next_dose != doses.end() && next_dose->day < day - same_day) ++next_dose;
  while (day < end - same_day) {
    for (; next_dose != doses.end() && next_dose->day <= day + same_day; ++next_dose) course.dose(*next_dose);
    double next_day = day + options.step;
    if (next_dose != doses.end()) next_day = std::min(next_day, next_dose->day);
    if (next_day > end - same_day) next_day = end;
    course.advance(next_day - day);
    day = next_day;
  }

  Regenerated result = course.finish(end);
  ++result.after.step;
  result.report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

Regenerate continuum(const CellMesh &mesh, const RegenerationOptions &options, HomogenisedSurface scaffold)
{
  return [&mesh, options, scaffold = std::move(scaffold)](
             const TissueState &before, const std::vector<stimulus::Response> &stimulus, const double days) {
    return regenerate(mesh, before, stimulus, days, options, scaffold);
  };
}

} // namespace wolff::regeneration
