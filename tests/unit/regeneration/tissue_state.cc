// ranks: 1 2
// links: discretisation
// The list of arrays of a state, and what makes a state inadmissible.
#include "regeneration/tissue_state.h"

#include "base/errors.h"
#include "support/box_cells.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

using namespace wolff;
using namespace wolff::regeneration;

namespace {

TissueState admissible(const discretisation::CellMesh &mesh, const std::size_t history = 0)
{
  TissueState state = make_tissue_state(mesh.n_owned(), history);
  state.youngs_modulus.assign(mesh.n_owned(), 0.2);
  for (CellField &values : state.youngs_modulus_history) values = state.youngs_modulus;
  return state;
}

/// Name and code of the fault, or empty and finished.
std::pair<std::string, Exit> fault_of(const discretisation::CellMesh &mesh, const TissueState &state)
{
  try {
    require_valid(mesh, state, "tissue_0000.pvtu");
  } catch (const Fault &fault) {
    BOOST_TEST(fault.place() == "tissue_0000.pvtu");
    return {fault.name(), fault.code()};
  }
  return {"", Exit::finished};
}

} // namespace

BOOST_AUTO_TEST_CASE(the_list_names_every_array_once_and_reaches_all_of_the_state)
{
  const std::vector<StateArray> arrays = state_arrays(2);
  std::set<std::string> names;
  for (const StateArray &array : arrays) names.insert(array.name);
  BOOST_TEST(names.size() == arrays.size());
  // 11 tissues, 7 kinds of cells, 11 signals, 2 of the scaffold, 2 constants with 2 earlier values each, 4
  // labels
  BOOST_TEST(arrays.size() == 11 + 7 + 11 + 2 + 2 + 4 + 4);
  for (const std::string name :
       {"fraction_granulation", "fraction_scaffold", "immature_msc_1_per_mm3", "osteoblasts_per_mm3",
        "oxygen_mol_per_m3", "vessel_density_mm_per_mm3", "youngs_modulus_MPa", "poisson_ratio",
        "youngs_modulus_history_2_MPa", "region", "healing_domain"})
    BOOST_TEST(names.count(name) == 1, name);

  // Filling through the list changes every member; a copy through the list is the same state.
  TissueState state = make_tissue_state(3, 2), copy = make_tissue_state(3, 2);
  std::set<const void *> places;
  std::uint8_t value = 0;
  for (const StateArray &array : arrays)
    if (array.is_label()) {
      array.labels(state).assign(3, ++value);
      places.insert(&array.labels(state));
    } else {
      array.numbers(state).assign(3, ++value);
      places.insert(&array.numbers(state));
    }
  BOOST_TEST(places.size() == arrays.size());
  for (const StateArray &array : arrays)
    if (array.is_label())
      array.labels(copy) = array.labels_of(state);
    else
      array.numbers(copy) = array.numbers_of(state);
  BOOST_TEST((copy == state));
}

BOOST_AUTO_TEST_CASE(an_admissible_state_passes_and_each_defect_has_its_fault)
{
  const discretisation::CellMesh mesh = tests::cells_of({});
  BOOST_TEST(fault_of(mesh, admissible(mesh, 3)).first == "");

  using Expected = std::pair<std::string, Exit>;
  const auto check = [&](const std::function<void(TissueState &)> &spoil, const Expected &expected) {
    TissueState state = admissible(mesh);
    if (mesh.n_owned() > 0) spoil(state); // the one brick lives on one rank; the others must learn of it
    const Expected found = fault_of(mesh, state);
    BOOST_TEST(found.first == expected.first);
    BOOST_TEST((found.second == expected.second));
  };
  check([](TissueState &s) { s.fractions[0][5] = 0.9; }, {"fractions-off", Exit::not_converged});
  check([](TissueState &s) { s.fractions[1][5] = -0.1; }, {"value-range", Exit::model});
  check([](TissueState &s) { s.cells[2][5] = std::nan(""); }, {"not-finite", Exit::not_converged});
  check([](TissueState &s) { s.youngs_modulus[5] = 0; }, {"value-range", Exit::model});
  check([](TissueState &s) { s.poisson_ratio[5] = 0.5; }, {"value-range", Exit::model});
  check([](TissueState &s) { s.region[5] = 4; }, {"value-range", Exit::model});
  check([](TissueState &s) { s.cells[0].pop_back(); }, {"array-shape", Exit::input});
}
