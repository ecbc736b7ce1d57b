#include "regeneration/tissue_state.h"

#include "base/errors.h"
#include "regeneration/necrosis.h"

#include <cmath>

namespace wolff::regeneration {

const std::array<std::string, n_regions> &region_names()
{
  static const std::array<std::string, n_regions> names{"host", "lesion", "track", "scaffold pore"};
  return names;
}

StateLayout layout_of(const TissueState &state)
{
  return {state.youngs_modulus_history.size(), !state.implanted_msc.empty()};
}

std::vector<StateArray> state_arrays(const StateLayout &layout)
{
  std::vector<StateArray> arrays;
  const auto add = [&](const std::string &name, const std::string &unit, const std::string &meaning,
                       const Range &range, std::function<CellField &(TissueState &)> access) {
    arrays.push_back({name, unit, meaning, range, std::move(access), {}});
  };
  const auto add_label = [&](const std::string &name, const std::string &meaning, const double greatest,
                             std::function<Labels &(TissueState &)> access) {
    arrays.push_back({name, "-", meaning, between(0, greatest), {}, std::move(access)});
  };

  for (std::size_t i = 0; i < material::n_tissues; ++i)
    add("fraction_" + material::tissue_names()[i], "-", "volume fraction; all fractions sum to one",
        fraction(), [i](TissueState &s) -> CellField & { return s.fractions[i]; });
  for (std::size_t i = 0; i < tissue::n_cells; ++i)
    add(tissue::cell_names()[i] + "_per_mm3", "1/mm^3", "cells per volume of the voxel", non_negative(),
        [i](TissueState &s) -> CellField & { return s.cells[i]; });
  const auto add_signal = [&](const std::string &name, const std::string &unit, const std::string &meaning,
                              CellField TissueState::*member) {
    add(name, unit, meaning + "; zero where it is not computed", non_negative(),
        [member](TissueState &s) -> CellField & { return s.*member; });
  };
  add_signal("oxygen_mol_per_m3", "mol/m^3", "oxygen at rest, in the healing domain", &TissueState::oxygen);
  add_signal("vegf_ng_per_mm3", "ng/mm^3", "vascular endothelial growth factor", &TissueState::vegf);
  add_signal("vessel_tips_per_mm3", "1/mm^3", "sprouts of vessels", &TissueState::vessel_tips);
  add_signal("vessel_density_mm_per_mm3", "mm/mm^3", "length of vessels per volume",
             &TissueState::vessel_density);
  add_signal("growth_factor_ng_per_mm3", "ng/mm^3", "factor from carriers, such as BMP-2",
             &TissueState::growth_factor);
  add_signal("vesicles_unit_per_mm3", "unit/mm^3", "extracellular vesicles, in the unit of their doses",
             &TissueState::vesicles);
  add_signal("carried_msc_per_mm3", "1/mm^3", "stromal cells that are still in their carrier",
             &TissueState::carried_msc);
  if (layout.has_implanted)
    for (std::size_t i = 0; i < tissue::n_msc_stages; ++i)
      add("implanted_" + tissue::cell_names()[i] + "_per_mm3", "1/mm^3",
          "those of them that come from doses; written if a case tells them apart", non_negative(),
          [i](TissueState &s) -> CellField & { return s.implanted_msc[i]; });
  add_signal("debris", "-", "dead matter, over that of the day of surgery", &TissueState::debris);
  add_signal("m1_macrophages_per_mm3", "1/mm^3", "pro-inflammatory macrophages",
             &TissueState::m1_macrophages);
  add_signal("m2_macrophages_per_mm3", "1/mm^3", "anti-inflammatory macrophages",
             &TissueState::m2_macrophages);
  add("activity_factor", "-", "on division and differentiation of cells on this day, in the healing domain",
      fraction(), [](TissueState &s) -> CellField & { return s.activity; });

  add("scaffold_density", "-",
      "solid of the scaffold that is left over that of day 0; zero where there was none", fraction(),
      [](TissueState &s) -> CellField & { return s.scaffold_density; });
  add("mw_ratio", "-", "molar mass of that solid over that of day 0; zero where there was none", fraction(),
      [](TissueState &s) -> CellField & { return s.mw_ratio; });

  // Void is no cell of the mesh, so a modulus is positive; incompressible material has no place in the
  // solver.
  const Range poisson{-1, 0.5, true, true};
  add("youngs_modulus_MPa", "MPa", "drained, smoothed in time", positive(),
      [](TissueState &s) -> CellField & { return s.youngs_modulus; });
  add("poisson_ratio", "-", "drained, smoothed in time", poisson,
      [](TissueState &s) -> CellField & { return s.poisson_ratio; });
  for (std::size_t i = 0; i < layout.history_length; ++i) {
    const std::string number = std::to_string(i + 1);
    add("youngs_modulus_history_" + number + "_MPa", "MPa",
        "of the mixture at an earlier update, oldest first", positive(),
        [i](TissueState &s) -> CellField & { return s.youngs_modulus_history[i]; });
    add("poisson_ratio_history_" + number, "-", "of the mixture at an earlier update, oldest first", poisson,
        [i](TissueState &s) -> CellField & { return s.poisson_ratio_history[i]; });
  }

  add_label("region", "0 host, 1 lesion, 2 track, 3 scaffold pore", n_regions - 1,
            [](TissueState &s) -> Labels & { return s.region; });
  add_label("healing_domain", "1 where tissue may change", 1,
            [](TissueState &s) -> Labels & { return s.healing_domain; });
  add_label("lesion_state", "0 no lesion, 1 necrotic, 2 front of resorption, 3 resorbed, 4 sclerotic rim",
            greatest_lesion_state, [](TissueState &s) -> Labels & { return s.lesion_state; });
  add_label("marrow_state",
            "0 no marrow, 1 red, 2 fatty, 3 ablated, 4 necrotic, 5 reconstituting; a label only",
            greatest_marrow_state, [](TissueState &s) -> Labels & { return s.marrow_state; });
  return arrays;
}

TissueState make_tissue_state(const std::size_t n_cells, const StateLayout &layout)
{
  TissueState state;
  state.youngs_modulus_history.resize(layout.history_length);
  state.poisson_ratio_history.resize(layout.history_length);
  if (layout.has_implanted) state.implanted_msc.resize(tissue::n_msc_stages);
  for (const StateArray &array : state_arrays(layout)) {
    if (array.is_label())
      array.labels(state).assign(n_cells, 0);
    else
      array.numbers(state).assign(n_cells, 0.0);
  }
  state.fractions[material::index(material::Tissue::granulation)].assign(n_cells, 1.0);
  return state;
}

namespace {

void require_valid_here(const discretisation::CellMesh &mesh, const TissueState &state,
                        const std::string &place)
{
  const std::size_t n = mesh.n_owned();
  if (state.poisson_ratio_history.size() != state.youngs_modulus_history.size())
    throw Fault(Exit::model, "value-range", place, "histories of modulus and Poisson ratio differ in length");
  const auto cell = [&](const std::size_t i) { return "cell " + std::to_string(mesh.cell(i).id); };
  for (const StateArray &array : state_arrays(layout_of(state))) {
    const std::size_t size =
        array.is_label() ? array.labels_of(state).size() : array.numbers_of(state).size();
    if (size != n)
      throw Fault(Exit::input, "array-shape", place, "array \"" + array.name + "\"")
          .found(std::to_string(size) + " values")
          .wanted(std::to_string(n) + ", one for each cell");
    for (std::size_t i = 0; i < n; ++i) {
      const double value = array.is_label() ? array.labels_of(state)[i] : array.numbers_of(state)[i];
      if (std::isfinite(value) && array.range.contains(value)) continue;
      throw Fault(std::isfinite(value) ? Exit::model : Exit::not_converged,
                  std::isfinite(value) ? "value-range" : "not-finite", place,
                  "array \"" + array.name + "\", " + cell(i))
          .found(value)
          .wanted(array.range.description());
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    double sum = 0;
    for (const CellField &fractions : state.fractions) sum += fractions[i];
    if (!(std::abs(sum - 1) <= 1e-9))
      throw Fault(Exit::not_converged, "fractions-off", place, "sum of the volume fractions, " + cell(i))
          .found(sum)
          .wanted("1 to 1e-9");
  }
}

} // namespace

void require_valid(const discretisation::CellMesh &mesh, const TissueState &state, const std::string &place)
{
  together(mesh.comm(), [&] { require_valid_here(mesh, state, place); });
}

} // namespace wolff::regeneration
