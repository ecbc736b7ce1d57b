#include "coupling/lattice_files.h"

#include "base/ghost_exchange.h"
#include "coupling/checkpoint_folder.h"
#include "coupling/record.h"
#include "io/cell_file.h"
#include "io/cell_reading.h"
#include "io/checksum.h"
#include "io/site_file.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <tuple>

namespace wolff::coupling {

using discretisation::Cell;
using regeneration::Lattice;
using regeneration::LatticeElements;

namespace {

constexpr std::size_t n_kinds = tissue::n_occupants;

/// A box to draw, and its element.
struct DrawnBox
{
  Cell cell;
  std::uint32_t element;
};

/// The boxes that begin in this rank's slab and belong to an element with sites: each on one rank only.
std::vector<DrawnBox> own_boxes(const Lattice &lattice, const LatticeGroups &groups,
                                const std::vector<std::int64_t> &counts)
{
  const regeneration::ElementGrid &grid = groups.grid;
  const std::vector<std::int64_t> &ids = lattice.elements().ids();
  const auto &slab = lattice.slab();
  std::vector<DrawnBox> boxes;
  for (std::int64_t layer = slab.z_begin(); layer < slab.z_end(); ++layer) {
    const std::int32_t z = grid.z[static_cast<std::size_t>(layer)];
    if (z < 0 || (layer > 0 && grid.z[static_cast<std::size_t>(layer) - 1] == z)) continue;
    for (std::int64_t y = 0; y < grid.boxes_y; ++y)
      for (std::int64_t x = 0; x < grid.boxes_x; ++x) {
        const std::int64_t box = x + grid.boxes_x * (y + grid.boxes_y * z);
        const std::int64_t label = grid.label ? grid.label(x, y, z) : box;
        const auto found = std::lower_bound(ids.begin(), ids.end(), label);
        if (found == ids.end() || *found != label) continue;
        const auto e = static_cast<std::size_t>(found - ids.begin());
        const auto begin = counts.begin() + static_cast<std::ptrdiff_t>(e * n_kinds);
        if (std::all_of(begin, begin + n_kinds, [](const std::int64_t n) { return n == 0; })) continue;
        const Vector3 middle(static_cast<double>(x) + 0.5, static_cast<double>(y) + 0.5, z + 0.5);
        boxes.push_back(
            {{groups.corner + groups.edge * middle, groups.edge, box}, static_cast<std::uint32_t>(e)});
      }
  }
  return boxes;
}

} // namespace

void write_element_view(const Lattice &lattice, const LatticeGroups &groups,
                        const std::vector<tissue::Window> &stimulus, const int day, const std::string &path)
{
  const MPI_Comm comm = lattice.slab().comm();
  const std::vector<std::uint32_t> own = lattice.element_counts();
  std::vector<std::int64_t> counts(own.begin(), own.end());
  lattice.elements().sum_over_ranks(comm, n_kinds, counts);
  const std::vector<DrawnBox> boxes = own_boxes(lattice, groups, counts);

  std::vector<Cell> cells;
  std::vector<std::int64_t> elements;
  std::vector<std::uint8_t> phenotypes;
  std::vector<double> sites;
  std::array<std::vector<double>, n_kinds> shares, densities;
  for (const DrawnBox &box : boxes) {
    cells.push_back(box.cell);
    const std::int64_t element = lattice.elements().ids()[box.element];
    elements.push_back(element);
    phenotypes.push_back(static_cast<std::uint8_t>(stimulus[box.element]));
    double n = 0, voxels = 1;
    for (std::size_t k = 0; k < n_kinds; ++k) n += static_cast<double>(counts[box.element * n_kinds + k]);
    sites.push_back(n);
    if (groups.are_labelled)
      voxels = static_cast<double>(groups.voxels_of.at(static_cast<std::int32_t>(element)));
    const double volume = voxels * groups.edge * groups.edge * groups.edge;
    for (std::size_t k = 0; k < n_kinds; ++k) {
      const auto number = static_cast<double>(counts[box.element * n_kinds + k]);
      shares[k].push_back(number / n);
      densities[k].push_back(number / volume);
    }
  }
  io::CellFile file(cells, io::Precision::float32);
  file.add_field("kind", std::string("cell lattice"));
  file.add_field("day", static_cast<double>(day));
  file.add_cell_array("element", elements);
  file.add_cell_array("tissue_sites", 1, sites);
  file.add_cell_array("phenotype", phenotypes);
  for (std::size_t k = 0; k < n_kinds; ++k) file.add_cell_array(lattice_quantities()[k], 1, shares[k]);
  for (std::size_t k = 1; k < n_kinds; ++k)
    file.add_cell_array(tissue::occupant_names()[k] + "s_per_mm3", 1, densities[k]);
  file.write(path, comm);
}

void write_cells(const Lattice &lattice, const LatticeBody &body, const std::string &path)
{
  std::vector<io::SitePoint> points;
  const auto add = [&](const auto &place, const std::uint8_t kind, const std::uint8_t age) {
    points.push_back({{static_cast<std::int32_t>(place.x), static_cast<std::int32_t>(place.y),
                       static_cast<std::int32_t>(place.z)},
                      kind,
                      age});
  };
  for (const regeneration::PlacedCell &c : lattice.cells()) add(c, static_cast<std::uint8_t>(c.kind), c.age);
  for (const regeneration::SitePlace &site : lattice.eroded()) add(site, tissue::eroded_scaffold, 0);
  const auto order = [](const io::SitePoint &p) {
    return std::tuple(p.site[2], p.site[1], p.site[0], p.kind);
  };
  std::sort(points.begin(), points.end(), [&](const auto &a, const auto &b) { return order(a) < order(b); });
  io::write_sites(path, points, {body.place(0, 0, 0), lattice.options().spacing}, lattice.slab().comm());
}

std::map<std::string, std::string> lattice_options(const Case &input)
{
  std::map<std::string, std::string> values = deciding_options(input);
  for (const std::string &name : {input.cell_lattice.stimulus_file, input.cell_lattice.element_file})
    if (!name.empty())
      values["Cell lattice, SHA-256 of " + name] =
          io::sha256_of_file((std::filesystem::path(input.folder) / name).string());
  return values;
}

void write_lattice_checkpoint(const Lattice &lattice, const LatticeBody &body, const Case &input,
                              const LatticeProgress &progress, const int days, const std::string &folder)
{
  const MPI_Comm comm = lattice.slab().comm();
  const std::int64_t step = static_cast<std::int64_t>(progress.seed_number) * days + progress.day;
  const std::string checkpoint = begin_checkpoint(folder, step, comm);
  write_cells(lattice, body, checkpoint + "/cells.pvtp");
  nlohmann::json manifest{{"seed_number", progress.seed_number},
                          {"seed", lattice.options().seed},
                          {"day", progress.day},
                          {"days", days},
                          {"checksum", io::hexadecimal(lattice.checksum())},
                          {"ensemble", progress.ensemble.to_json()},
                          {"members", progress.members},
                          {"views", progress.views}};
  std::map<std::string, std::string> options;
  together(comm, [&] {
    if (is_first(comm)) options = lattice_options(input);
  });
  finish_checkpoint(checkpoint, std::move(manifest), options, comm);
}

LatticeProgress read_lattice_checkpoint(const std::string &checkpoint, const Case &input, const int days,
                                        const std::vector<std::string> &allowed, Log &log,
                                        const MPI_Comm comm)
{
  std::string text;
  together(comm, [&] {
    if (!is_first(comm)) return;
    std::vector<Fault> faults;
    const nlohmann::json manifest = sound_manifest(checkpoint, lattice_options(input), allowed, log, faults);
    const int day = manifest.at("day"), before = manifest.at("days"), number = manifest.at("seed_number");
    // Seeds that are finished have ended on the former last day.
    if (day > days || (number > 0 && before != days))
      faults.push_back(
          Fault(Exit::checkpoint, "checkpoint-options", checkpoint,
                "option Regeneration/Duration [day] differs, and the run is beyond its first seed "
                "or that day")
              .found(days)
              .wanted(std::to_string(before) + ", as in the run that wrote the checkpoint"));
    throw_if_any(std::move(faults));
    text = manifest.dump();
  });
  unsigned long length = text.size();
  MPI_Bcast(&length, 1, MPI_UNSIGNED_LONG, 0, comm);
  text.resize(length);
  MPI_Bcast(text.data(), static_cast<int>(length), MPI_CHAR, 0, comm);
  LatticeProgress progress;
  together(comm, [&] {
    try {
      const nlohmann::json manifest = nlohmann::json::parse(text);
      progress.seed_number = manifest.at("seed_number");
      progress.day = manifest.at("day");
      progress.ensemble = Ensemble::from_json(manifest.at("ensemble"));
      progress.members = manifest.at("members");
      manifest.at("views").get_to(progress.views);
    } catch (const nlohmann::json::exception &problem) {
      throw Fault(Exit::checkpoint, "checkpoint-damaged", checkpoint,
                  std::string("its manifest is not that of a lattice of cells: ") + problem.what());
    }
  });
  return progress;
}

void place_cells(const std::string &checkpoint, Lattice &lattice)
{
  const MPI_Comm comm = lattice.slab().comm();
  io::SiteFrame frame;
  const std::vector<io::SitePoint> points = io::read_sites(checkpoint + "/cells.pvtp", frame, comm);
  // Any rank may have read any cell: each goes to the rank of its slab, all that are nowhere to none.
  const auto &slab = lattice.slab();
  const regeneration::LatticeExtent &extent = slab.extent();
  int size = 1;
  MPI_Comm_size(comm, &size);
  std::vector<std::int64_t> ends(static_cast<std::size_t>(size));
  const std::int64_t end = slab.z_end();
  MPI_Allgather(&end, 1, MPI_INT64_T, ends.data(), 1, MPI_INT64_T, comm);
  std::vector<std::vector<std::int64_t>> sent(ends.size());
  for (const io::SitePoint &p : points) {
    if (p.site[0] < 0 || p.site[0] >= extent.nx || p.site[1] < 0 || p.site[1] >= extent.ny || p.site[2] < 0 ||
        p.site[2] >= extent.nz)
      continue;
    const auto owner = std::upper_bound(ends.begin(), ends.end(), std::int64_t{p.site[2]}) - ends.begin();
    auto &list = sent[static_cast<std::size_t>(owner)];
    list.insert(list.end(), {p.site[0], p.site[1], p.site[2], p.kind << 8 | p.age});
  }
  std::vector<regeneration::PlacedCell> cells;
  std::vector<regeneration::SitePlace> eroded;
  for (const std::vector<std::int64_t> &list : exchange_lists(comm, sent))
    for (std::size_t i = 0; i < list.size(); i += 4)
      if (list[i + 3] >> 8 == tissue::eroded_scaffold)
        eroded.push_back({list[i], list[i + 1], list[i + 2]});
      else
        cells.push_back({list[i], list[i + 1], list[i + 2], static_cast<tissue::Occupant>(list[i + 3] >> 8),
                         static_cast<std::uint8_t>(list[i + 3] & 255)});
  const std::int64_t placed = lattice.erode(eroded) + lattice.place(cells);
  auto stated = static_cast<std::int64_t>(points.size());
  MPI_Allreduce(MPI_IN_PLACE, &stated, 1, MPI_INT64_T, MPI_SUM, comm);
  if (placed != stated)
    throw Fault(Exit::model, "lattice-cells", checkpoint,
                "cells of the checkpoint lie on sites that are solid, taken or not there")
        .found(static_cast<double>(stated - placed))
        .wanted("0 of them: the lattice of the same case");
}

} // namespace wolff::coupling
