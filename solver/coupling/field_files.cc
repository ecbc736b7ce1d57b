#include "coupling/field_files.h"

#include "base/errors.h"
#include "coupling/lattice_cells.h"
#include "coupling/marks.h"
#include "io/cell_file.h"
#include "io/cell_reading.h"
#include "io/checksum.h"
#include "regeneration/material_update.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace wolff::coupling {

using material::Tissue;
using regeneration::StateArray;
using regeneration::TissueState;

namespace {

constexpr int corners_of_cell = 8;

/// Which of the values of several load cases a cell shows.
enum class Worst
{
  largest,
  smallest,
  greatest_magnitude
};

/// What a mechanics file says about a cell beside its tensors: one table for writing, reading and the
/// contract.
struct Measure
{
  const char *name, *unit, *meaning;
  Range range;
  Worst worst;
  double (*value)(const Mechanics &, std::size_t);
};

const std::vector<Measure> &measures()
{
  static const Range any = any_number(), some = non_negative();
  static const std::vector<Measure> table{
      {"von_mises_stress_MPa", "MPa", "von Mises equivalent stress", some, Worst::largest,
       [](const Mechanics &m, std::size_t i) { return stimulus::von_mises_stress(m.stress[i]); }},
      {"hydrostatic_stress_MPa", "MPa", "mean normal stress, tension positive", any,
       Worst::greatest_magnitude,
       [](const Mechanics &m, std::size_t i) { return stimulus::hydrostatic_stress(m.stress[i]); }},
      {"octahedral_shear_stress_MPa", "MPa", "shear stress on the octahedral plane", some, Worst::largest,
       [](const Mechanics &m, std::size_t i) { return stimulus::octahedral_shear_stress(m.stress[i]); }},
      {"octahedral_shear_strain", "-",
       "engineering octahedral shear strain, 2/3 sqrt(sum of squared differences)", some, Worst::largest,
       [](const Mechanics &m, std::size_t i) { return stimulus::octahedral_shear_strain(m.strain[i]); }},
      {"von_mises_strain", "-", "equivalent deviatoric strain", some, Worst::largest,
       [](const Mechanics &m, std::size_t i) { return stimulus::von_mises_strain(m.strain[i]); }},
      {"largest_principal_strain", "-", "most tensile principal strain", any, Worst::largest,
       [](const Mechanics &m, std::size_t i) { return stimulus::principal_values(m.strain[i])[0]; }},
      {"smallest_principal_strain", "-", "most compressive principal strain", any, Worst::smallest,
       [](const Mechanics &m, std::size_t i) { return stimulus::principal_values(m.strain[i])[2]; }},
      {"largest_principal_stress_MPa", "MPa", "most tensile principal stress", any, Worst::largest,
       [](const Mechanics &m, std::size_t i) { return stimulus::principal_values(m.stress[i])[0]; }},
      {"smallest_principal_stress_MPa", "MPa", "most compressive principal stress", any, Worst::smallest,
       [](const Mechanics &m, std::size_t i) { return stimulus::principal_values(m.stress[i])[2]; }},
      {"strain_energy_density_MPa", "MPa", "half the product of stress and strain", some, Worst::largest,
       [](const Mechanics &m, std::size_t i) {
         return stimulus::strain_energy_density(m.stress[i], m.strain[i]);
       }},
      {"darcy_flux_mm_per_s", "mm/s",
       "speed of the interstitial fluid per total area at the end of the ramp; zero where pores are drained",
       some, Worst::largest,
       [](const Mechanics &m, std::size_t i) { return m.flux_size.empty() ? 0.0 : m.flux_size[i]; }},
  };
  return table;
}

/// What it says of the response to all load cases together.
struct ResponseMeasure
{
  const char *name, *unit, *meaning;
  Range range;
  double (*value)(const stimulus::Response &);
};

const std::vector<ResponseMeasure> &response_measures()
{
  using stimulus::Response;
  static const std::vector<ResponseMeasure> table{
      {"stimulus", "-", "mechanical stimulus S of the rule of the case, of all load cases together",
       non_negative(), [](const Response &r) { return r.stimulus; }},
      {"mechanostat_level", "-",
       "mechanostat_class of the peak principal strain of all load cases, and how far through it the strain "
       "is",
       between(0, stimulus::n_mechanostat_classes - 1),
       [](const Response &r) { return r.mechanostat_level; }},
      {"daily_energy_density_MPa", "MPa", "strain energy density, mean over the cycles of all load cases",
       non_negative(), [](const Response &r) { return r.energy_density; }},
  };
  return table;
}

/// Of several load cases the one that is worst for the cell.
double value_of(const Measure &measure, const LoadedMechanics &mechanics, const std::size_t cell)
{
  double value = measure.value(mechanics.front(), cell);
  for (std::size_t k = 1; k < mechanics.size(); ++k) {
    const double other = measure.value(mechanics[k], cell);
    const bool is_worse = measure.worst == Worst::largest    ? other > value
                          : measure.worst == Worst::smallest ? other < value
                                                             : std::abs(other) > std::abs(value);
    if (is_worse || std::isnan(other)) value = other;
  }
  return value;
}

/// Displacement, strain and stress of the first load case have plain names, those of further ones carry its
/// name.
struct CaseArrays
{
  std::string displacement = "displacement_mm", strain = "strain", stress = "stress_MPa",
              rigid = "rigid_displacement_mm", pressure = "pore_pressure_MPa",
              flux = "darcy_flux_vector_mm_per_s";
};

CaseArrays arrays_of_further(const std::string &case_name)
{
  const std::string part = loads::array_part(case_name);
  return {"displacement_" + part + "_mm",   "strain_" + part,
          "stress_" + part + "_MPa",        "rigid_displacement_" + part + "_mm",
          "pore_pressure_" + part + "_MPa", "darcy_flux_vector_" + part + "_mm_per_s"};
}

CaseArrays arrays_of_case(const Model &model, const std::size_t index)
{
  return index == 0 ? CaseArrays() : arrays_of_further(model.load_set[index].name);
}

std::string window_name(const std::size_t phenotype)
{
  std::string name = stimulus::phenotype_names()[phenotype];
  std::replace(name.begin(), name.end(), ' ', '_');
  return "window_" + name;
}

/// Fields that say what a file is and what it belongs to.
void add_fields(io::CellFile &file, const Model &model, const std::string &kind, const TissueState &state)
{
  file.add_field(io::kind_field, kind);
  file.add_field(io::version_field, std::int64_t{1});
  file.add_field("case", model.input.name);
  file.add_field("title", model.input.title);
  file.add_field("step", state.step);
  file.add_field("day", state.day);
  file.add_field("units", "mm, N, MPa, s; healing time in days; every other unit ends the name of its array");
  file.add_field("mesh_checksum", io::hexadecimal(model.mesh_checksum));
  file.add_field("parameter_hash", parameter_hash(model.input));
  std::vector<std::string> load_cases;
  for (const loads::LoadCase &load : model.load_set) load_cases.push_back(load.name);
  file.add_field("load_cases", load_cases);
  std::vector<std::string> marks;
  for (const MarkedValue &value : values_in_use(model.input))
    marks.push_back(value.path + " = " + value.value + " " + value.marks);
  file.add_field("parameter_marks", marks);
}

std::vector<discretisation::Cell> owned_cells(const Model &model)
{
  std::vector<discretisation::Cell> cells;
  cells.reserve(model.mesh->n_owned());
  for (std::size_t i = 0; i < model.mesh->n_owned(); ++i) cells.push_back(model.mesh->cell(i));
  return cells;
}

/// Hanging entries are current, as solve_equilibrium() and read_tissue() leave them. They are not filled
/// anew: a master that is no corner of any cell is in no file, so what was read would change.
void add_nodal(io::CellFile &file, const Model &model, const std::string &name, std::vector<double> nodal,
               const std::size_t block)
{
  model.solver->nodes().exchange().update_ghosts(nodal.data(), block);
  // VTK goes around a face where nodes go along x: swap the third and fourth corner of each layer.
  constexpr std::array<int, corners_of_cell> corner_of_vtk{0, 1, 3, 2, 4, 5, 7, 6};
  const std::vector<std::int32_t> &corners = file.points().corners;
  std::vector<double> values(block * file.points().n_points());
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const std::size_t node = model.solver->corner_node(model.mesh->voxel_of_cell()[i / corners_of_cell],
                                                       corner_of_vtk[i % corners_of_cell]);
    for (std::size_t c = 0; c < block; ++c)
      values[block * static_cast<std::size_t>(corners[i]) + c] = nodal[block * node + c];
  }
  file.add_point_array(name, static_cast<int>(block), values);
}

/// The part of the displacement that is the motion of the pilot node.
void add_rigid_motion(io::CellFile &file, const std::string &name, const loads::RigidMotion &motion)
{
  const std::vector<double> &xyz = file.points().xyz;
  std::vector<double> values(xyz.size());
  for (std::size_t i = 0; i < xyz.size(); i += 3) {
    const Vector3 u = motion.at(Vector3(xyz[i], xyz[i + 1], xyz[i + 2]));
    for (std::size_t c = 0; c < 3; ++c) values[i + c] = u[static_cast<Eigen::Index>(c)];
  }
  file.add_point_array(name, 3, values);
}

void add_nodal_fields(io::CellFile &file, const Model &model, const LoadedMechanics &mechanics)
{
  for (std::size_t k = 0; k < mechanics.size(); ++k) {
    add_nodal(file, model, arrays_of_case(model, k).displacement, mechanics[k].displacement, 3);
    if (mechanics[k].pilot)
      add_rigid_motion(file, arrays_of_case(model, k).rigid, mechanics[k].pilot->motion);
    if (!mechanics[k].pore_pressure.empty())
      add_nodal(file, model, arrays_of_case(model, k).pressure, mechanics[k].pore_pressure, 1);
  }
}

/// Sums over the load cases of a day, where the case asks for them.
void add_daily(io::CellFile &file, const Model &model, const TissueState &state,
               const LoadedMechanics &mechanics)
{
  const stimulus::DailyOptions &options = model.input.stimulus.daily;
  if (!options.are_written) return;
  std::vector<double> cycles, index, stress;
  for (const loads::LoadCase &load : model.load_set) cycles.push_back(load.cycles);
  std::vector<stimulus::PointMechanics> points(mechanics.size());
  for (std::size_t i = 0; i < state.n_cells(); ++i) {
    for (std::size_t k = 0; k < mechanics.size(); ++k) {
      points[k] = {.strain = mechanics[k].strain[i], .stress = mechanics[k].stress[i]};
      if (mechanics[k].cell_pressure.empty()) continue;
      points[k].pore_pressure = mechanics[k].cell_pressure[i];
      points[k].biot_coefficient = mechanics[k].biot[i];
    }
    index.push_back(stimulus::osteogenic_index(points, cycles, options.hydrostatic_weight));
    stress.push_back(
        stimulus::daily_stress_stimulus(points, cycles, state.youngs_modulus[i], options.exponent));
  }
  file.add_cell_array("osteogenic_index_MPa_per_day", 1, index);
  file.add_cell_array("daily_stress_stimulus_MPa_per_day", 1, stress);
}

std::vector<double> flat(const std::vector<SymmetricTensor> &tensors)
{
  std::vector<double> numbers;
  numbers.reserve(6 * tensors.size());
  for (const SymmetricTensor &t : tensors)
    numbers.insert(numbers.end(), t.components.begin(), t.components.end());
  return numbers;
}

void add_measures(io::CellFile &file, const LoadedMechanics &mechanics,
                  const std::vector<stimulus::Response> &response,
                  const std::vector<std::string> &chosen = {})
{
  std::vector<double> values(response.size());
  for (const Measure &measure : measures()) {
    if (!chosen.empty() && std::find(chosen.begin(), chosen.end(), measure.name) == chosen.end()) continue;
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = value_of(measure, mechanics, i);
    file.add_cell_array(measure.name, 1, values);
  }
  for (const ResponseMeasure &measure : response_measures()) {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = measure.value(response[i]);
    if (chosen.empty() || std::find(chosen.begin(), chosen.end(), measure.name) != chosen.end())
      file.add_cell_array(measure.name, 1, values);
  }
  std::vector<std::uint8_t> phenotypes, classes;
  for (const stimulus::Response &r : response) {
    phenotypes.push_back(static_cast<std::uint8_t>(r.phenotype));
    classes.push_back(static_cast<std::uint8_t>(stimulus::mechanostat_class(r.mechanostat_level)));
  }
  file.add_cell_array("phenotype_id", phenotypes);
  file.add_cell_array("mechanostat_class", classes);
}

/// Of one load case; empty if the file has none.
std::vector<double> read_displacement(const Model &model, const std::vector<io::DataArray> &arrays,
                                      const std::string &name)
{
  const io::DataArray *stored = io::find_array(arrays, name);
  if (stored == nullptr) return {};
  std::vector<double> displacement = model.solver->zero_vector();
  const auto &nodes = model.solver->nodes();
  // Not-a-number marks what this rank has not seen; the owner then takes the value of whoever has.
  std::fill(displacement.begin(), displacement.end(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; i < model.mesh->n_owned(); ++i)
    for (std::size_t corner = 0; corner < corners_of_cell; ++corner) {
      const std::size_t node =
          model.solver->corner_node(model.mesh->voxel_of_cell()[i], static_cast<int>(corner));
      for (std::size_t c = 0; c < 3; ++c)
        displacement[3 * node + c] = stored->real((i * corners_of_cell + corner) * 3 + c);
    }
  nodes.exchange().merge_to_owners(displacement.data(), 3, [](const double mine, const double other) {
    return std::isnan(mine) ? other : mine;
  });
  for (double &value : displacement)
    if (std::isnan(value)) value = 0; // a node without stiffness
  return displacement;
}

Displacements read_displacements(const Model &model, const std::vector<io::DataArray> &arrays)
{
  Displacements displacements;
  for (std::size_t k = 0; k < model.load_set.size(); ++k)
    displacements.push_back(read_displacement(model, arrays, arrays_of_case(model, k).displacement));
  return displacements;
}

/// Names of the arrays of a state, and the file as it stands on this rank's cells.
std::vector<io::DataArray> read_cells(const Model &model, const std::string &path, const std::string &kind,
                                      std::vector<std::string> names, io::FileCells &cells)
{
  std::vector<std::string> displacements;
  for (std::size_t k = 0; k < model.load_set.size(); ++k)
    displacements.push_back(arrays_of_case(model, k).displacement);
  cells = io::read_cell_file(path, model.comm, std::move(names), displacements);
  together(model.comm, [&] {
    if (const std::string found = io::field_text(cells, io::kind_field); found != kind)
      throw Fault(Exit::input, "file-kind", path, "not a " + kind + " file").found(found).wanted(kind);
    if (const double version = io::field_number(cells, io::version_field); version != 1)
      throw Fault(Exit::input, "format-version", path, "format version of the file")
          .found(version)
          .wanted("1");
    io::check_mesh_checksum(cells, model.mesh_checksum);
  });
  std::vector<std::int64_t> ids;
  for (std::size_t i = 0; i < model.mesh->n_owned(); ++i) ids.push_back(model.mesh->cell(i).id);
  return io::distribute_by_cell_id(ids, cells, model.comm);
}

const io::DataArray &array_of(const std::vector<io::DataArray> &arrays, const std::string &name,
                              const io::NumberType type, const std::string &path)
{
  const io::DataArray &array = io::need_array(arrays, name, 1, path);
  if (array.type != type)
    throw Fault(Exit::input, "array-type", path, "type of cell array \"" + name + "\"")
        .found(io::vtk_name(array.type))
        .wanted(io::vtk_name(type));
  return array;
}

} // namespace

io::Contract contract(const std::size_t history_length, const std::vector<std::string> &further_cases)
{
  io::Contract contract;
  const auto add = [&](const std::string &name, const io::Place place, const int components,
                       const io::NumberType type, const std::string &unit, const Range &range,
                       const std::string &meaning, const std::vector<std::string> &files,
                       const bool required = true) {
    contract.arrays.push_back({name, place, components, type, unit, range, meaning, files, required});
  };
  using io::NumberType;
  using io::Place;
  const std::vector<std::string> every{"tissue", "mechanics", "view"};
  add(io::kind_field, Place::field, 1, NumberType::text, "-", {},
      "what this file is: tissue, mechanics or view", every);
  add(io::version_field, Place::field, 1, NumberType::int64, "-", between(1, 1), "version of this contract",
      every);
  add("case", Place::field, 1, NumberType::text, "-", {}, "name of the case", every);
  add("title", Place::field, 1, NumberType::text, "-", {}, "title of the case", every);
  add("step", Place::field, 1, NumberType::int64, "-", non_negative(),
      "steps of regeneration before this state", every);
  add("day", Place::field, 1, NumberType::float64, "day", non_negative(), "healing time since surgery",
      every);
  add("units", Place::field, 1, NumberType::text, "-", {}, "units of all numbers", every, false);
  add("mesh_checksum", Place::field, 1, NumberType::text, "-", {}, "fingerprint of all cell ids of the mesh",
      every);
  add("parameter_hash", Place::field, 1, NumberType::text, "-", {},
      "fingerprint of the options that decide results", every);
  add("load_cases", Place::field, 0, NumberType::text, "-", {}, "names of the load cases", every);
  add("parameter_marks", Place::field, 0, NumberType::text, "-", {},
      "options in use that are physical numbers, with value and marks: [V] read in a source, [C] computed, "
      "[M] "
      "from memory, [U] the user's own",
      every, false);
  add("cell_id", Place::cell, 1, NumberType::int64, "-", non_negative(),
      "tree, octants and voxel of the cell; the same on any number of ranks", every);
  add("displacement_mm", Place::point, 3, NumberType::float64, "mm", any_number(),
      "displacement under the first load case; in a tissue file that of the last solve, from which the next "
      "one starts; on a pilot node relative to the rigid distal end",
      every, false);
  add("rigid_displacement_mm", Place::point, 3, NumberType::float64, "mm", any_number(),
      "motion of the femur with its pilot node under the first load case, to be added to displacement_mm; "
      "absent on "
      "other supports",
      {"mechanics", "view"}, false);
  for (const StateArray &array : regeneration::state_arrays({history_length, true})) {
    const bool seen = array.name.starts_with("fraction_") || array.is_label() ||
                      array.name == "youngs_modulus_MPa" || array.name == "mature_msc_per_mm3" ||
                      array.name == "osteoblasts_per_mm3" || array.name == "oxygen_mol_per_m3" ||
                      array.name == "vessel_density_mm_per_mm3" || array.name == "growth_factor_ng_per_mm3" ||
                      array.name == "activity_factor" || array.name == "scaffold_density" ||
                      array.name == "mw_ratio";
    add(array.name, Place::cell, 1, array.is_label() ? NumberType::uint8 : NumberType::float64, array.unit,
        array.range, array.meaning,
        seen ? std::vector<std::string>{"tissue", "view"} : std::vector<std::string>{"tissue"},
        !array.name.starts_with("implanted_"));
  }
  add("strain", Place::cell, 6, NumberType::float64, "-", any_number(),
      "small-strain tensor XX YY ZZ XY YZ XZ", {"mechanics"});
  add("stress_MPa", Place::cell, 6, NumberType::float64, "MPa", any_number(),
      "effective stress tensor XX YY ZZ XY YZ XZ, tension positive; the total stress where pores are drained",
      {"mechanics"});
  add("pore_pressure_MPa", Place::point, 1, NumberType::float64, "MPa", any_number(),
      "pressure of the fluid in the pores at the end of the ramp, positive in compression; zero in metal; "
      "absent "
      "where pores are drained",
      {"mechanics", "view"}, false);
  add("darcy_flux_vector_mm_per_s", Place::cell, 3, NumberType::float64, "mm/s", any_number(),
      "flux of the fluid per total area, -k grad p, at the end of the ramp; absent where pores are drained",
      {"mechanics"}, false);
  const std::vector<std::string> seen_measures{"von_mises_stress_MPa",
                                               "hydrostatic_stress_MPa",
                                               "octahedral_shear_strain",
                                               "largest_principal_strain",
                                               "smallest_principal_strain",
                                               "strain_energy_density_MPa",
                                               "stimulus"};
  const auto add_measure = [&](const auto &m) {
    const bool seen = std::find(seen_measures.begin(), seen_measures.end(), m.name) != seen_measures.end();
    add(m.name, Place::cell, 1, NumberType::float64, m.unit, m.range, m.meaning,
        seen ? std::vector<std::string>{"mechanics", "view"} : std::vector<std::string>{"mechanics"});
  };
  for (const Measure &m : measures()) add_measure(m);
  for (const ResponseMeasure &m : response_measures()) add_measure(m);
  add("phenotype_id", Place::cell, 1, NumberType::uint8, "-", between(0, stimulus::n_phenotypes - 1),
      "0 resorption, 1 mature bone, 2 immature bone, 3 cartilage, 4 fibrous tissue", {"mechanics", "view"});
  add("mechanostat_class", Place::cell, 1, NumberType::uint8, "-",
      between(0, stimulus::n_mechanostat_classes - 1),
      "peak strain as of formed bone: 0 disuse, 1 adapted, 2 formation, 3 overload, 4 fracture",
      {"mechanics", "view"});
  add("osteogenic_index_MPa_per_day", Place::cell, 1, NumberType::float64, "MPa/day", any_number(),
      "sum over the load cases of cycles a day times (octahedral shear stress + k mean total stress); "
      "written "
      "if asked for",
      {"mechanics", "view"}, false);
  add("daily_stress_stimulus_MPa_per_day", Place::cell, 1, NumberType::float64, "MPa/day", non_negative(),
      "(sum over the load cases of cycles a day times effective stress^m)^(1/m); written if asked for",
      {"mechanics", "view"}, false);
  for (const std::string &name : further_cases) {
    const CaseArrays of = arrays_of_further(name);
    add(of.displacement, Place::point, 3, NumberType::float64, "mm", any_number(),
        "as displacement_mm, of the load case " + name, every, false);
    add(of.rigid, Place::point, 3, NumberType::float64, "mm", any_number(),
        "as rigid_displacement_mm, of the load case " + name, {"mechanics", "view"}, false);
    add(of.strain, Place::cell, 6, NumberType::float64, "-", any_number(),
        "as strain, of the load case " + name, {"mechanics"}, false);
    add(of.stress, Place::cell, 6, NumberType::float64, "MPa", any_number(),
        "as stress_MPa, of the load case " + name, {"mechanics"}, false);
    add(of.pressure, Place::point, 1, NumberType::float64, "MPa", any_number(),
        "as pore_pressure_MPa, of the load case " + name, {"mechanics", "view"}, false);
    add(of.flux, Place::cell, 3, NumberType::float64, "mm/s", any_number(),
        "as darcy_flux_vector_mm_per_s, of the load case " + name, {"mechanics"}, false);
  }
  for (std::size_t p = 0; p < stimulus::n_phenotypes; ++p)
    add(window_name(p), Place::cell, 1, NumberType::float64, "-", fraction(),
        "weight of this phenotype under the stimulus; all sum to one", {"mechanics"});
  add("bone_fraction", Place::cell, 1, NumberType::float64, "-", fraction(), "immature and mature new bone",
      {"view"});
  return contract;
}

std::string exchange_reference()
{
  return "# Exchange through VTK\n\n"
         "Written by `wolff parameters --format exchange` from the table that the program writes and checks "
         "with; do not "
         "edit.\n\n"
         "A regeneration model is any program that reads the tissue file and the mechanics file of a step "
         "and writes the "
         "tissue file of the next one. `solve` reads `tissue_NNNN.pvtu` and writes `mechanics_NNNN.pvtu`; "
         "`regenerate` reads "
         "both and writes `tissue_NNNN+1.pvtu`; `view_NNNN.pvtu` and `wolff.pvd` are for the eye. Each index "
         "`NAME.pvtu` has "
         "its pieces in the folder `NAME/`; an answer may be one `.vtu` file. With the backend of single "
         "cells `tissue_NNNN_cells.pvtp` beside a tissue file holds every cell as a point with its `site`, "
         "`kind` (1 "
         "stromal, 2 mature and 3 immature osteoblast, 4 chondrocyte, 5 fibroblast; 6 a site of scaffold "
         "that has "
         "eroded) and `age_day`.\n\n"
         "* Cells are hexahedra (voxels), in any order and in any number of pieces: `cell_id` says which is "
         "which.\n"
         "* Tissue and mechanics files hold Float64 (Float32 is refused: it could not restart a run bit for "
         "bit); view files "
         "hold Float32.\n"
         "* Files of this program are little-endian with zlib compression. Readable are ascii, inline base64 "
         "and appended "
         "data, compressed or not.\n"
         "* Symmetric tensors have six components in the order XX YY ZZ XY YZ XZ; shear entries are tensor "
         "components.\n"
         "* A model that answers must keep `region`, `healing_domain`, all `cell_id` and the field data, "
         "advance `day`, and "
         "keep the sum of all `fraction_` arrays at one to 1e-9 in every cell. Arrays that it does not use "
         "are passed on.\n"
         "* Another smoothing of the moduli (moving average) adds `youngs_modulus_history_K_MPa` and "
         "`poisson_ratio_history_K` to tissue files.\n"
         "* Of several load cases, named in the field data `load_cases`, the first one's displacement, "
         "strain "
         "and stress are `displacement_mm`, `strain` and `stress_MPa`; those of a further one carry its name "
         "in lower case with underscores: `displacement_stairs_up_mm`, `strain_stairs_up`, "
         "`stress_stairs_up_MPa`. A tissue file holds the displacement of every case. Scalar measures are "
         "those of the load case that is worst for the cell: the largest, of compressive principal values "
         "the smallest, of the hydrostatic stress the one of greatest magnitude. `stimulus`, `phenotype_id` "
         "and `window_` arrays are of all cases together. On a day whose load factor is zero all of them are "
         "those of no load.\n"
         "* Symbols in use elsewhere: c_msc0 is the sum of `immature_msc_1` to `_3`, c_msc1 `mature_msc`, "
         "c_fib, c_chon "
         "and c_ost `fibroblasts`, `chondrocytes` and `osteoblasts`; m_fib, m_cart, m_bone and m_scaf "
         "`fraction_fibrous`, "
         "`fraction_cartilage`, the sum of `fraction_immature_bone` and `fraction_mature_bone`, "
         "`fraction_scaffold`; "
         "vessel, o2, vegf and bmp `vessel_density`, `oxygen`, `vegf` and `growth_factor`; activity "
         "`activity_factor`; "
         "gamma_oct, eps_max, eps_min `octahedral_shear_strain`, `largest_` and `smallest_principal_strain`; "
         "flux "
         "`darcy_flux`; sigma_h `hydrostatic_stress`; sed `strain_energy_density`. Units end the names.\n"
         "* Fields that a case does not compute (oxygen, vessels, factors, cells in a carrier) are there and "
         "zero.\n"
         "* `wolff check FILE.pvtu` validates a file against these tables.\n\n" +
         io::contract_markdown(contract());
}

regeneration::StateLayout state_layout(const Case &input)
{
  return {regeneration::history_length(input.materials.smoothing),
          input.course.backend == "continuum" && input.regeneration.doses.are_told_apart()};
}

std::string field_file_name(const std::string &kind, const std::int64_t step)
{
  return fmt::format("{}_{:04d}.pvtu", kind, step);
}

void write_tissue(const Model &model, const TissueState &state, const Displacements &displacements,
                  const std::string &path)
{
  io::CellFile file(owned_cells(model));
  add_fields(file, model, "tissue", state);
  for (const StateArray &array : regeneration::state_arrays(layout_of(state)))
    if (array.is_label())
      file.add_cell_array(array.name, array.labels_of(state));
    else
      file.add_cell_array(array.name, 1, array.numbers_of(state));
  for (std::size_t k = 0; k < model.load_set.size(); ++k) {
    const bool is_known = k < displacements.size() && !displacements[k].empty();
    add_nodal(file, model, arrays_of_case(model, k).displacement,
              is_known ? displacements[k] : model.solver->zero_vector(), 3);
  }
  write_lattice_cells(model, state, path); // first: a tissue file then has its cells
  file.write(path, model.comm);
}

void write_mechanics(const Model &model, const TissueState &state, const LoadedMechanics &mechanics,
                     const std::vector<stimulus::Response> &response, const std::string &path)
{
  io::CellFile file(owned_cells(model));
  add_fields(file, model, "mechanics", state);
  for (std::size_t k = 0; k < mechanics.size(); ++k) {
    const CaseArrays of = arrays_of_case(model, k);
    file.add_cell_array(of.strain, 6, flat(mechanics[k].strain));
    file.add_cell_array(of.stress, 6, flat(mechanics[k].stress));
  }
  add_measures(file, mechanics, response);
  std::vector<double> values(response.size());
  for (std::size_t p = 0; p < stimulus::n_phenotypes; ++p) {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = response[i].windows[p];
    file.add_cell_array(window_name(p), 1, values);
  }
  for (std::size_t k = 0; k < mechanics.size(); ++k)
    if (!mechanics[k].darcy_flux.empty()) {
      std::vector<double> flux;
      for (const Vector3 &q : mechanics[k].darcy_flux) flux.insert(flux.end(), q.data(), q.data() + 3);
      file.add_cell_array(arrays_of_case(model, k).flux, 3, flux);
    }
  add_daily(file, model, state, mechanics);
  add_nodal_fields(file, model, mechanics);
  file.write(path, model.comm);
}

void write_view(const Model &model, const TissueState &state, const LoadedMechanics &mechanics,
                const std::vector<stimulus::Response> &response, const std::string &path)
{
  io::CellFile file(owned_cells(model), io::Precision::float32);
  add_fields(file, model, "view", state);
  const io::Contract table = contract(state.youngs_modulus_history.size());
  std::vector<std::string> chosen;
  for (const io::ContractArray &array : table.arrays)
    if (std::find(array.files.begin(), array.files.end(), "view") != array.files.end())
      chosen.push_back(array.name);
  const auto is_chosen = [&](const std::string &name) {
    return std::find(chosen.begin(), chosen.end(), name) != chosen.end();
  };
  for (const StateArray &array : regeneration::state_arrays(layout_of(state))) {
    if (!is_chosen(array.name)) continue;
    if (array.is_label())
      file.add_cell_array(array.name, array.labels_of(state));
    else
      file.add_cell_array(array.name, 1, array.numbers_of(state));
  }
  add_measures(file, mechanics, response, chosen);
  std::vector<double> bone(state.n_cells());
  for (std::size_t i = 0; i < bone.size(); ++i)
    bone[i] = state.fractions[material::index(Tissue::immature_bone)][i] +
              state.fractions[material::index(Tissue::mature_bone)][i];
  file.add_cell_array("bone_fraction", 1, bone);
  add_daily(file, model, state, mechanics);
  add_nodal_fields(file, model, mechanics);
  file.write(path, model.comm);
}

StoredState read_tissue(const Model &model, const std::string &path)
{
  StoredState stored;
  const regeneration::StateLayout layout = state_layout(model.input);
  stored.state = regeneration::make_tissue_state(model.mesh->n_owned(), layout);
  std::vector<std::string> names;
  for (const StateArray &array : regeneration::state_arrays(layout)) names.push_back(array.name);
  io::FileCells cells;
  const std::vector<io::DataArray> arrays = read_cells(model, path, "tissue", names, cells);
  together(model.comm, [&] {
    stored.state.day = io::field_number(cells, "day");
    stored.state.step = static_cast<std::int64_t>(io::field_number(cells, "step"));
    for (const StateArray &array : regeneration::state_arrays(layout))
      if (array.is_label()) {
        regeneration::Labels &labels = array.labels(stored.state);
        const io::DataArray &values = array_of(arrays, array.name, io::NumberType::uint8, path);
        for (std::size_t i = 0; i < labels.size(); ++i)
          labels[i] = static_cast<std::uint8_t>(values.integer(i));
      } else
        array.numbers(stored.state) = array_of(arrays, array.name, io::NumberType::float64, path).reals();
  });
  read_lattice_cells(model, path, stored.state);
  regeneration::require_valid(*model.mesh, stored.state, path);
  stored.displacements = read_displacements(model, arrays);
  return stored;
}

StoredStimulus read_mechanics(const Model &model, const std::string &path)
{
  StoredStimulus stored;
  std::vector<std::string> names{"stimulus", "phenotype_id", "mechanostat_level", "daily_energy_density_MPa"};
  for (std::size_t p = 0; p < stimulus::n_phenotypes; ++p) names.push_back(window_name(p));
  std::vector<std::string> fluxes; // only where a case lets the flow carry something
  if (model.pores && model.input.regeneration.signals.factor.flow_share > 0)
    for (std::size_t k = 0; k < model.load_set.size(); ++k) fluxes.push_back(arrays_of_case(model, k).flux);
  names.insert(names.end(), fluxes.begin(), fluxes.end());
  io::FileCells cells;
  const std::vector<io::DataArray> arrays = read_cells(model, path, "mechanics", names, cells);
  together(model.comm, [&] {
    stored.day = io::field_number(cells, "day");
    stored.step = static_cast<std::int64_t>(io::field_number(cells, "step"));
    stored.response.resize(model.mesh->n_owned());
    const std::vector<double> s = array_of(arrays, "stimulus", io::NumberType::float64, path).reals();
    const std::vector<double> level =
        array_of(arrays, "mechanostat_level", io::NumberType::float64, path).reals();
    const std::vector<double> energy =
        array_of(arrays, "daily_energy_density_MPa", io::NumberType::float64, path).reals();
    const io::DataArray &phenotypes = array_of(arrays, "phenotype_id", io::NumberType::uint8, path);
    std::array<std::vector<double>, stimulus::n_phenotypes> windows;
    for (std::size_t p = 0; p < windows.size(); ++p)
      windows[p] = array_of(arrays, window_name(p), io::NumberType::float64, path).reals();
    for (std::size_t i = 0; i < stored.response.size(); ++i) {
      const std::int64_t phenotype = phenotypes.integer(i);
      double sum = 0;
      bool in_range = phenotype >= 0 && phenotype < static_cast<std::int64_t>(stimulus::n_phenotypes) &&
                      s[i] >= 0 && level[i] >= 0 && level[i] < stimulus::n_mechanostat_classes &&
                      energy[i] >= 0;
      for (std::size_t p = 0; p < windows.size(); ++p) {
        stored.response[i].windows[p] = windows[p][i];
        sum += windows[p][i];
        in_range = in_range && windows[p][i] >= 0 && windows[p][i] <= 1;
      }
      if (!in_range || std::abs(sum - 1) > 1e-9)
        throw Fault(Exit::model, "value-range", path,
                    fmt::format("cell {}: stimulus {}, phenotype_id {}, mechanostat_level {}, "
                                "daily_energy_density_MPa {}, windows that sum to {}",
                                model.mesh->cell(i).id, s[i], phenotype, level[i], energy[i], sum))
            .wanted("a stimulus and an energy of at least 0, a phenotype and a level of 0 to 4, windows in "
                    "[0, 1] "
                    "that sum to 1");
      stored.response[i].stimulus = s[i];
      stored.response[i].phenotype = static_cast<stimulus::Phenotype>(phenotype);
      stored.response[i].mechanostat_level = level[i];
      stored.response[i].energy_density = energy[i];
    }
    std::vector<const io::DataArray *> flux_arrays;
    for (const std::string &name : fluxes) flux_arrays.push_back(&io::need_array(arrays, name, 3, path));
    std::vector<Vector3> flux(fluxes.size());
    for (std::size_t i = 0; !fluxes.empty() && i < stored.response.size(); ++i) {
      for (std::size_t k = 0; k < flux.size(); ++k)
        for (std::size_t c = 0; c < 3; ++c)
          flux[k][static_cast<Eigen::Index>(c)] = flux_arrays[k]->real(3 * i + c);
      stored.response[i].darcy_flux = mean_flux(model, flux);
    }
  });
  stored.displacements = read_displacements(model, arrays);
  return stored;
}

std::string parameter_hash(const Case &input)
{
  Case copy = input;
  Options options;
  copy.declare(options);
  std::string text;
  for (const Option &option : options.all())
    if (is_deciding(option)) text += option.path() + "=" + option.get() + "\n";
  return io::sha256_of_text(text).substr(0, 16);
}

} // namespace wolff::coupling
