#include "io/model_file.h"

#include "base/errors.h"
#include "geometry/anatomy.h"
#include "io/hexahedra.h"
#include "io/image_checks.h"
#include "io/islands.h"
#include "io/vtk_grid.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace wolff::io {

namespace {

constexpr double nearly_incompressible = 0.49;

std::string first_ten(const std::vector<std::int64_t> &cells, const std::size_t count)
{
  std::string text;
  for (const std::int64_t cell : cells) text += (text.empty() ? "" : ", ") + std::to_string(cell);
  return text + (count > cells.size() ? ", ..." : "");
}

class ModelCheck
{
public:
  ModelCheck(const std::string &path, const ModelFileOptions &options) : path_(path), options_(options) {}

  ModelFileSummary run()
  {
    refuse_other_formats();
    ReadRequest request;
    request.cell_arrays = std::nullopt; // all, so that a message can list the names present
    request.point_arrays.emplace();
    request.limits = options_.limits;
    grid_ = read_vtk_grid(path_, request);
    summary_.n_cells = grid_.n_cells;
    summary_.n_points = grid_.n_points;
    check_form();
    check_phases();
    check_values();
    if (grid_.image)
      check_image();
    else
      check_shapes();
    throw_if_any(std::move(faults_));
    return summary_;
  }

private:
  void refuse_other_formats() const
  {
    if (has_ending(path_, ".vtu") || has_ending(path_, ".pvtu") || has_ending(path_, ".vti")) return;
    throw Fault(Exit::input, "file-format", path_,
                has_ending(path_, ".vtk") ? "legacy VTK files are not read"
                                          : "the ending names no format of a model file")
        .wanted(".vtu, .pvtu or .vti")
        .hint(has_ending(path_, ".vtk") ? "Save the data from ParaView as .vtu or .vti." : "");
  }

  /// What makes the file unreadable as a model: thrown at once, the other checks need it.
  void check_form()
  {
    if (grid_.n_cells == 0) throw Fault(Exit::input, "cells-none", path_, "the file holds no cells");
    if (grid_.n_cells > std::numeric_limits<std::int32_t>::max())
      throw Fault(Exit::too_large, "cells-many", path_, "number of cells")
          .found(std::to_string(grid_.n_cells))
          .wanted("at most 2147483647 on one rank")
          .hint("Coarsen the image, or crop it.");
    std::map<int, std::int64_t> types;
    for (const std::uint8_t type : grid_.types) ++types[type];
    if (!types.empty() && (types.size() > 1 || types.begin()->first != vtk_hexahedron)) {
      std::string list;
      for (const auto &[type, count] : types)
        list += (list.empty() ? "" : ", ") + std::to_string(count) + " of VTK type " + std::to_string(type);
      throw Fault(Exit::input, "cell-type", path_, "cells that are no hexahedra")
          .found(list)
          .wanted("hexahedra only (VTK type 12)");
    }
    const std::string hint_array = grid_.image ? "cell array of the image" : "cell array";
    phase_ = &need_array(grid_.cell_arrays, "phase", 1, path_, hint_array);
    if (grid_.image) {
      for (const auto &[name, member] :
           {std::pair{"youngs_modulus_MPa", &modulus_}, std::pair{"poisson_ratio", &poisson_}})
        if (find_array(grid_.cell_arrays, name) != nullptr)
          *member = &need_array(grid_.cell_arrays, name, 1, path_);
      check_image_frame(*grid_.image, path_);
    } else {
      modulus_ = &need_array(grid_.cell_arrays, "youngs_modulus_MPa", 1, path_);
      poisson_ = &need_array(grid_.cell_arrays, "poisson_ratio", 1, path_);
    }
  }

  void check_phases()
  {
    std::vector<std::int64_t> bad;
    std::size_t n_bad = 0;
    double first = 0;
    solid_.resize(phase_->n_numbers());
    for (std::size_t cell = 0; cell < solid_.size(); ++cell) {
      const double value = phase_->real(cell);
      if (value >= 0 && value < static_cast<double>(geometry::n_phases) && value == std::floor(value)) {
        const auto phase = static_cast<std::int64_t>(value);
        ++summary_.cells[phase];
        solid_[cell] = phase != static_cast<std::int64_t>(geometry::Phase::outside);
        continue;
      }
      if (n_bad++ == 0) first = value;
      if (bad.size() < 10) bad.push_back(static_cast<std::int64_t>(cell));
    }
    if (n_bad > 0) {
      std::vector<std::string> defined;
      for (std::size_t i = 0; i < geometry::n_phases; ++i)
        defined.push_back(std::to_string(i) + " " + geometry::phase_names()[i]);
      faults_.push_back(Fault(Exit::model, "phase-undefined", path_,
                              std::to_string(n_bad) + " cells have a phase that is not defined (cells " +
                                  first_ten(bad, n_bad) + ")")
                            .found(first)
                            .wanted("one of " + join(defined)));
    } else if (std::none_of(solid_.begin(), solid_.end(), [](const std::uint8_t s) { return s != 0; }))
      faults_.push_back(Fault(Exit::model, "all-void", path_,
                              "all " + std::to_string(solid_.size()) + " cells are void (phase 0)"));
  }

  /// Count the solid cells whose value fails @p sound; at most one fault.
  template <typename Sound>
  bool check_array(const DataArray &array, const char *name, const Sound &sound, const std::string &wanted,
                   const std::string &hint = "")
  {
    std::vector<std::int64_t> bad;
    std::size_t n_bad = 0;
    double first = 0;
    for (std::size_t cell = 0; cell < array.n_numbers(); ++cell) {
      if (solid_[cell] == 0 || sound(array.real(cell))) continue;
      if (n_bad++ == 0) first = array.real(cell);
      if (bad.size() < 10) bad.push_back(static_cast<std::int64_t>(cell));
    }
    if (n_bad == 0) return true;
    faults_.push_back(
        Fault(Exit::model, name, path_,
              array.name + " of " + std::to_string(n_bad) + " cells (cells " + first_ten(bad, n_bad) + ")")
            .found(first)
            .wanted(wanted)
            .hint(hint));
    return false;
  }

  void check_values()
  {
    const auto finite = [](const double value) { return std::isfinite(value); };
    if (modulus_ != nullptr && check_array(*modulus_, "not-finite", finite, "finite numbers") &&
        check_array(
            *modulus_, "modulus-range", [](const double e) { return e > 0; }, "numbers greater than 0") &&
        !options_.accept_units) {
      check_array(
          *modulus_, "units", [](const double e) { return e <= greatest_modulus; }, "1e-3 to 3e5 MPa",
          "This looks like Pa: divide by 1e6, or give --accept-units.");
      check_array(
          *modulus_, "units", [](const double e) { return e >= least_modulus; }, "1e-3 to 3e5 MPa",
          "This looks like another unit (TPa?): multiply, or give --accept-units.");
    }
    if (poisson_ != nullptr && check_array(*poisson_, "not-finite", finite, "finite numbers") &&
        check_array(
            *poisson_, "poisson-range", [](const double nu) { return nu > -1 && nu < 0.5; },
            "numbers in (-1, 0.5)")) {
      std::size_t near = 0;
      for (std::size_t cell = 0; cell < poisson_->n_numbers(); ++cell)
        if (solid_[cell] != 0 && poisson_->real(cell) > nearly_incompressible) ++near;
      if (near > 0)
        summary_.warnings.push_back(std::to_string(near) +
                                    " cells have a Poisson ratio in (0.49, 0.5): trilinear cells lock there");
    }
  }

  /// Is the edge of a voxel plausible? At most one fault.
  bool check_edge(const double edge)
  {
    if (options_.accept_units) return true;
    const auto fault = implausible_edge(edge, path_);
    if (fault) faults_.push_back(*fault);
    return !fault;
  }

  void check_shapes()
  {
    const HexahedraReport report = check_hexahedra(grid_);
    summary_.edge = report.mean_edge;
    if (report.n_bad > 0)
      faults_.push_back(
          Fault(Exit::model, "cell-shape", path_,
                std::to_string(report.n_bad) +
                    " cells are inverted, twisted or flat, or repeat a point (cells " +
                    first_ten(report.first_bad, report.n_bad) + ")")
              .found("scaled Jacobian " + to_text(report.worst))
              .wanted("greater than 0 at all eight corners")
              .hint("VTK counts the lower four points of a hexahedron anticlockwise, then the upper four."));
    if (report.mean_edge > 0) check_edge(report.mean_edge);
  }

  void check_image()
  {
    const ImageGeometry &image = *grid_.image;
    summary_.edge = image.spacing[0];
    const auto [least, greatest] = std::minmax_element(image.spacing.begin(), image.spacing.end());
    if (check_edge(*least)) check_edge(*greatest);
    const std::array<std::int64_t, 3> size{image.extent[1] - image.extent[0],
                                           image.extent[3] - image.extent[2],
                                           image.extent[5] - image.extent[4]};
    const Islands islands = find_islands(size, solid_);
    if (islands.parts.size() < 2) return;
    std::string list;
    for (std::size_t i = 0; i < std::min<std::size_t>(islands.parts.size(), 5); ++i) {
      list += i == 0 ? "" : "; ";
      list += std::to_string(islands.parts[i].voxels) + " voxels around (";
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const double centre =
            image.origin[axis] + image.spacing[axis] * (static_cast<double>(image.extent[2 * axis]) +
                                                        islands.parts[i].centre[axis] + 0.5);
        if (axis > 0) list += ' ';
        list += to_text(std::round(centre * 1e3) / 1e3);
      }
      list += ") mm";
    }
    std::string problem = "the solid falls into " + std::to_string(islands.parts.size()) +
                          " parts that are not connected through faces";
    if (islands.edge_contacts + islands.corner_contacts > 0)
      problem += " (they touch at " + std::to_string(islands.edge_contacts) + " edges and " +
                 std::to_string(islands.corner_contacts) + " corners, which does not count)";
    const Fault fault = Fault(Exit::model, "islands", path_, problem)
                            .found(list)
                            .wanted("one part")
                            .hint("Connect them, or give --drop-islands to keep the largest.");
    if (options_.drop_islands)
      summary_.warnings.push_back(fault.message());
    else
      faults_.push_back(fault);
  }

  const std::string &path_;
  const ModelFileOptions &options_;
  VtkGrid grid_;
  ModelFileSummary summary_;
  std::vector<Fault> faults_;
  std::vector<std::uint8_t> solid_; ///< one entry per cell: 1 where the phase is not void
  const DataArray *phase_ = nullptr, *modulus_ = nullptr, *poisson_ = nullptr;
};

} // namespace

ModelFileSummary check_model_file(const std::string &path, const ModelFileOptions &options)
{
  try {
    return ModelCheck(path, options).run();
  } catch (const std::bad_alloc &) {
    throw Fault(Exit::too_large, "memory", path, "checking the file needs more memory than there is");
  }
}

} // namespace wolff::io
