#include "io/contract.h"

#include "base/errors.h"

#include <algorithm>
#include <map>

namespace wolff::io {

namespace {

bool belongs_to(const ContractArray &array, const std::string &kind)
{
  return std::find(array.files.begin(), array.files.end(), kind) != array.files.end();
}

const char *place_name(const Place place)
{
  return place == Place::cell ? "cell" : place == Place::point ? "point" : "field";
}

class ContractCheck
{
public:
  ContractCheck(const std::string &path, const Contract &contract, const ReadLimits &limits)
      : path_(path), contract_(contract)
  {
    ReadRequest request;
    request.limits = limits;
    grid_ = read_vtk_grid(path, request);
  }

  ContractReport run()
  {
    report_.n_cells = grid_.n_cells;
    report_.n_points = grid_.n_points;
    find_kind();
    for (const ContractArray &wanted : contract_.arrays)
      if (belongs_to(wanted, report_.kind)) check(wanted);
    check_cells();
    check_unknown();
    throw_if_any(std::move(faults_));
    return report_;
  }

private:
  const std::vector<DataArray> &arrays(const Place place) const
  {
    return place == Place::cell    ? grid_.cell_arrays
           : place == Place::point ? grid_.point_arrays
                                   : grid_.field_arrays;
  }

  /// What the file is decides what it must hold: without it nothing else can be checked.
  void find_kind()
  {
    const DataArray &kind = need_array(grid_.field_arrays, kind_field, 1, path_, "field data");
    const std::vector<std::string> kinds = contract_.kinds();
    if (kind.texts.size() != 1 || std::find(kinds.begin(), kinds.end(), kind.texts.front()) == kinds.end())
      throw Fault(Exit::input, "file-kind", path_, std::string("field data \"") + kind_field + '"')
          .found(kind.texts.empty() ? "no text" : kind.texts.front())
          .wanted("one of " + join(kinds));
    report_.kind = kind.texts.front();
    const DataArray &version = need_array(grid_.field_arrays, version_field, 1, path_, "field data");
    if (!is_integer(version.type) || version.n_numbers() != 1 ||
        version.integer(0) != contract_.format_version)
      throw Fault(Exit::input, "format-version", path_, "format version of the file")
          .found(version.n_numbers() == 1 && version.type != NumberType::text ? to_text(version.real(0))
                                                                              : "no number")
          .wanted(std::to_string(contract_.format_version));
  }

  void check(const ContractArray &wanted)
  {
    const DataArray *found = find_array(arrays(wanted.place), wanted.name);
    if (found == nullptr && !wanted.required) return;
    try {
      if (found == nullptr || wanted.components > 0)
        found = &need_array(
            arrays(wanted.place), wanted.name, wanted.place == Place::field ? 1 : wanted.components, path_,
            std::string(place_name(wanted.place)) + (wanted.place == Place::field ? " data" : " array"));
    } catch (const Fault &fault) {
      faults_.push_back(fault);
      return;
    }
    const std::string what = std::string(place_name(wanted.place)) + " array \"" + wanted.name + '"';
    const bool coarser =
        wanted.type == NumberType::float64 && found->type == NumberType::float32 && report_.kind == "view";
    const bool other_integer = is_integer(wanted.type) && is_integer(found->type) && wanted.name != "cell_id";
    if (found->type != wanted.type && !coarser && !other_integer) {
      faults_.push_back(Fault(Exit::input, "array-type", path_, "number type of " + what)
                            .found(vtk_name(found->type))
                            .wanted(vtk_name(wanted.type)));
      return;
    }
    if (wanted.place == Place::field && wanted.components > 0 &&
        found->n_numbers() != static_cast<std::size_t>(wanted.components)) {
      faults_.push_back(Fault(Exit::input, "array-length", path_, "number of values of " + what)
                            .found(std::to_string(found->n_numbers()))
                            .wanted(std::to_string(wanted.components)));
      return;
    }
    check_values(wanted, *found, what);
  }

  void check_values(const ContractArray &wanted, const DataArray &found, const std::string &what)
  {
    const auto components = static_cast<std::size_t>(found.components);
    if (const NotFinite bad = not_finite(found); bad.count > 0) {
      faults_.push_back(Fault(Exit::input, "not-finite", path_,
                              what + " holds " + std::to_string(bad.count) +
                                  " values that are not finite, first at " +
                                  std::to_string(bad.first / components))
                            .found(found.real(bad.first)));
      return;
    }
    if (found.type == NumberType::text) return;
    const std::vector<double> values = found.reals();
    const auto outside = [&](const double value) { return !wanted.range.contains(value); };
    const auto first = std::find_if(values.begin(), values.end(), outside);
    if (first == values.end()) return;
    const auto count = std::count_if(first, values.end(), outside);
    faults_.push_back(Fault(Exit::model, "array-range", path_,
                            what + ": " + std::to_string(count) + " values out of range, first at " +
                                std::to_string(static_cast<std::size_t>(first - values.begin()) / components))
                          .found(*first)
                          .wanted(wanted.range.description() + " [" + wanted.unit + "]"));
  }

  void check_cells()
  {
    if (grid_.n_cells == 0)
      faults_.push_back(Fault(Exit::input, "cells-none", path_, "the file holds no cells"));
    if (grid_.image || std::any_of(grid_.types.begin(), grid_.types.end(),
                                   [](const std::uint8_t t) { return t != vtk_hexahedron; }))
      faults_.push_back(Fault(Exit::input, "cell-type", path_, "cells that are no hexahedra")
                            .wanted("hexahedra only (VTK type 12)"));
    const DataArray *ids = find_array(grid_.cell_arrays, "cell_id");
    if (ids == nullptr || ids->type != NumberType::int64)
      return; // reported as an array of the contract, if it is one
    std::vector<std::int64_t> sorted = ids->integers();
    std::sort(sorted.begin(), sorted.end());
    std::size_t twice = 0;
    for (std::size_t i = 1; i < sorted.size(); ++i) twice += sorted[i] == sorted[i - 1] ? 1 : 0;
    const auto first = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice > 0)
      faults_.push_back(Fault(Exit::input, "cells-twice", path_,
                              std::to_string(twice) + " cells stand in the file more than once")
                            .found("cell_id " + std::to_string(*first)));
  }

  void check_unknown()
  {
    for (const Place place : {Place::cell, Place::point, Place::field}) {
      std::vector<std::string> known;
      for (const ContractArray &array : contract_.arrays)
        if (array.place == place && belongs_to(array, report_.kind)) known.push_back(array.name);
      for (const DataArray &array : arrays(place)) {
        if (std::find(known.begin(), known.end(), array.name) != known.end() ||
            (place == Place::field && (array.name == kind_field || array.name == version_field)))
          continue;
        const std::string nearest = nearest_name(array.name, known);
        report_.warnings.push_back(std::string(place_name(place)) + " array \"" + array.name +
                                   "\" is not part of the contract and is not read" +
                                   (nearest.empty() ? "" : "; is \"" + nearest + "\" meant?"));
      }
    }
    for (const DataArray &array : grid_.point_arrays)
      if (find_array(grid_.cell_arrays, array.name) != nullptr)
        report_.warnings.push_back("\"" + array.name +
                                   "\" is the name of a point and of a cell array; ParaView mixes them up");
  }

  const std::string &path_;
  const Contract &contract_;
  VtkGrid grid_;
  ContractReport report_;
  std::vector<Fault> faults_;
};

} // namespace

std::vector<std::string> Contract::kinds() const
{
  std::vector<std::string> all;
  for (const ContractArray &array : arrays)
    for (const std::string &kind : array.files)
      if (std::find(all.begin(), all.end(), kind) == all.end()) all.push_back(kind);
  return all;
}

std::vector<std::string> contract_texts(const std::string &path, const std::string &field,
                                        const ReadLimits &limits)
{
  ReadRequest request;
  request.geometry = false;
  request.cell_arrays.emplace();
  request.point_arrays.emplace();
  request.limits = limits;
  const VtkGrid grid = read_vtk_grid(path, request);
  const DataArray *own = find_array(grid.field_arrays, field);
  return own == nullptr ? std::vector<std::string>() : own->texts;
}

std::string contract_kind(const std::string &path, const ReadLimits &limits)
{
  const std::vector<std::string> texts = contract_texts(path, kind_field, limits);
  return texts.empty() ? "" : texts.front();
}

ContractReport check_contract_file(const std::string &path, const Contract &contract,
                                   const ReadLimits &limits)
{
  return ContractCheck(path, contract, limits).run();
}

std::string contract_markdown(const Contract &contract)
{
  std::string text;
  for (const std::string &kind : contract.kinds()) {
    text += "### " + kind +
            "\n\n| name | on | components | type | unit | range | needed | meaning |\n| --- | --- | --- | "
            "--- | --- | --- | --- | --- |\n";
    for (const ContractArray &array : contract.arrays) {
      if (!belongs_to(array, kind)) continue;
      text += "| `" + array.name + "` | " + place_name(array.place) + " | " +
              (array.components == 0 ? "any" : std::to_string(array.components)) + " | " +
              vtk_name(array.type) + " | " + array.unit + " | " +
              (array.type == NumberType::text ? "text" : array.range.description()) + " | " +
              (array.required ? "yes" : "no") + " | " + array.meaning + " |\n";
    }
    text += "\n";
  }
  return text;
}

} // namespace wolff::io
