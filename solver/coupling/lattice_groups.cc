#include "coupling/lattice_groups.h"

#include "base/errors.h"
#include "io/label_image.h"
#include "io/vtk_grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>

namespace wolff::coupling {

using regeneration::ElementGrid;
using regeneration::Lattice;
using regeneration::LatticeExtent;

namespace {

constexpr std::int64_t block_edge = 8; ///< of LabelImage::read_blocks

std::int64_t nanometres(const double millimetres)
{
  return std::llround(1e6 * millimetres);
}

/// Boxes of the layers that this rank's slab meets: first, and one past the last.
std::pair<std::int64_t, std::int64_t> own_boxes(const ElementGrid &grid, const std::vector<double> &weight,
                                                const MPI_Comm comm)
{
  int rank = 0, size = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &size);
  const std::vector<std::int64_t> cuts = regeneration::slab_cuts(weight, grid.alignment(), size);
  std::pair<std::int64_t, std::int64_t> boxes{0, 0};
  for (std::int64_t z = cuts[static_cast<std::size_t>(rank)]; z < cuts[static_cast<std::size_t>(rank) + 1];
       ++z) {
    const std::int32_t box = grid.z[static_cast<std::size_t>(z)];
    if (box < 0) continue;
    if (boxes.second == 0) boxes.first = box;
    boxes.second = box + 1;
  }
  return boxes;
}

/// The image's labels in the layers @p boxes, x fastest. Collective.
std::vector<std::int32_t> labels_in(const io::LabelImage &image,
                                    const std::pair<std::int64_t, std::int64_t> &boxes)
{
  const auto &n = image.header().voxels;
  std::vector<std::int32_t> labels(static_cast<std::size_t>(n[0] * n[1] * (boxes.second - boxes.first)));
  const auto blocks_of = [](const std::int64_t voxels) { return (voxels + block_edge - 1) / block_edge; };
  std::vector<io::LabelImage::Block> blocks;
  if (!labels.empty())
    for (std::int64_t k = boxes.first / block_edge; k < blocks_of(boxes.second); ++k)
      for (std::int64_t j = 0; j < blocks_of(n[1]); ++j)
        for (std::int64_t i = 0; i < blocks_of(n[0]); ++i) blocks.push_back({i, j, k});
  const io::ImageBlocks values = image.read_blocks(blocks);
  for (std::size_t b = 0; b < blocks.size(); ++b)
    for (std::int64_t v = 0; v < block_edge * block_edge * block_edge; ++v) {
      const std::int64_t x = block_edge * blocks[b][0] + v % block_edge,
                         y = block_edge * blocks[b][1] + v / block_edge % block_edge,
                         z = block_edge * blocks[b][2] + v / (block_edge * block_edge);
      if (x >= n[0] || y >= n[1] || z < boxes.first || z >= boxes.second) continue;
      labels[static_cast<std::size_t>(x + n[0] * (y + n[1] * (z - boxes.first)))] =
          values.labels[b * 512 + static_cast<std::size_t>(v)];
    }
  return labels;
}

LatticeGroups labelled(const LatticeBodyOptions &options, const LatticeBody &body, const double spacing,
                       const std::string &folder, const std::vector<double> &weight, const MPI_Comm comm)
{
  io::LabelImageOptions request;
  request.file = (std::filesystem::path(folder) / options.element_file).string();
  request.labels_array = options.element_array;
  request.accept_units = true;                // elements may be of any size
  request.most_labels = std::size_t{1} << 24; // and there are many of them
  const io::LabelImage image(request, comm);
  const io::ImageHeader &header = image.header();

  const LatticeExtent &extent = body.extent();
  const Vector3 first = body.place(-0.5, -0.5, -0.5); // where the first site begins
  LatticeGroups groups;
  groups.are_labelled = true;
  groups.warnings = header.warnings;
  groups.corner = io::has_ending(request.file, ".vti") ? header.origin : first;
  groups.edge = header.edge;
  const std::int64_t step = nanometres(spacing), edge = nanometres(header.edge);
  const auto along = [&](const Eigen::Index axis, const std::int64_t n, const std::int64_t voxels) {
    const std::int64_t begin = nanometres(first[axis] - groups.corner[axis]);
    groups.are_in_register = groups.are_in_register && edge % step == 0 && begin % step == 0;
    const std::vector<std::int32_t> elements = regeneration::elements_along(n, step, begin, edge, voxels);
    if (std::all_of(elements.begin(), elements.end(), [](const std::int32_t e) { return e < 0; }))
      throw Fault(Exit::model, "lattice-elements", request.file,
                  "the image of the elements and the lattice have no site in common")
          .hint("Coordinates of a .vti are measured from the middle of the lattice, in mm.");
    return elements;
  };
  groups.grid.x = along(0, extent.nx, header.voxels[0]);
  groups.grid.y = along(1, extent.ny, header.voxels[1]);
  groups.grid.z = along(2, extent.nz, header.voxels[2]);
  groups.grid.boxes_x = header.voxels[0];
  groups.grid.boxes_y = header.voxels[1];
  groups.grid.boxes_z = header.voxels[2];
  groups.voxels_of = header.labels;
  for (const auto &[label, count] : header.labels) groups.n_labels += label > 0;

  groups.grid.label = [](auto, auto, auto) { return std::int64_t{-1}; }; // cuts may lie anywhere
  const auto boxes = own_boxes(groups.grid, weight, comm);
  const auto labels = std::make_shared<const std::vector<std::int32_t>>(labels_in(image, boxes));
  groups.grid.label = [labels, begin = boxes.first, nx = header.voxels[0], ny = header.voxels[1]](
                          const std::int64_t x, const std::int64_t y, const std::int64_t z) {
    const std::int32_t label = (*labels)[static_cast<std::size_t>(x + nx * (y + ny * (z - begin)))];
    return label > 0 ? std::int64_t{label} : std::int64_t{-1};
  };
  return groups;
}

/// Call visit(element or none, x, y, z) for each site of tissue or graft of this rank.
template <typename Visit>
void visit_tissue(const Lattice &lattice, const Visit &visit)
{
  const auto &slab = lattice.slab();
  const LatticeExtent &extent = slab.extent();
  for (std::int64_t z = slab.z_begin(); z < slab.z_end(); ++z)
    for (std::int64_t y = 0; y < extent.ny; ++y)
      for (std::int64_t x = 0; x < extent.nx; ++x) {
        const auto site = slab.index(x, y, z);
        if (tissue::contains(tissue::sites::in_elements, slab.code(site)))
          visit(lattice.elements().of(slab, site), x, y, z);
      }
}

} // namespace

LatticeGroups lattice_groups(const LatticeBodyOptions &options, const LatticeBody &body, const double spacing,
                             const std::string &folder, const std::vector<double> &layer_weight,
                             const MPI_Comm comm)
{
  if (!options.element_file.empty()) return labelled(options, body, spacing, folder, layer_weight, comm);
  LatticeGroups groups;
  groups.grid = ElementGrid::blocks(body.extent(), options.element_edge);
  groups.corner = body.place(-0.5, -0.5, -0.5);
  groups.edge = spacing * options.element_edge;
  groups.edge_sites = options.element_edge;
  return groups;
}

std::vector<tissue::Window> stimulus_of(const Lattice &lattice, const LatticeBody &body,
                                        const LatticeGroups &groups)
{
  const MPI_Comm comm = lattice.slab().comm();
  const std::vector<std::int64_t> &ids = lattice.elements().ids();
  // Of each element the number of tissue sites, and the sums of their places: whole numbers, so that the mean
  // is the same however the sites are shared.
  std::vector<std::int64_t> sums(4 * ids.size(), 0);
  visit_tissue(lattice, [&](const std::uint32_t e, const auto x, const auto y, const auto z) {
    if (e == regeneration::LatticeElements::none) return;
    ++sums[4 * e];
    sums[4 * e + 1] += x;
    sums[4 * e + 2] += y;
    sums[4 * e + 3] += z;
  });
  lattice.elements().sum_over_ranks(comm, 4, sums);
  const auto edge = static_cast<double>(groups.edge_sites), half = 0.5 * (edge - 1);
  std::vector<tissue::Window> stimulus;
  together(comm, [&] {
    for (std::size_t e = 0; e < ids.size(); ++e) {
      const std::int64_t n = sums[4 * e];
      if (n == 0) {
        stimulus.push_back(tissue::Window::resorption);
        continue;
      }
      const auto mean = [&](const std::size_t k) {
        return static_cast<double>(sums[4 * e + k]) / static_cast<double>(n);
      };
      const std::int64_t bx = groups.grid.boxes_x, by = groups.grid.boxes_y;
      const auto middle = [&](const std::int64_t box) { return edge * static_cast<double>(box) + half; };
      stimulus.push_back(body.window(
          groups.are_labelled
              ? body.place(mean(1), mean(2), mean(3))
              : body.place(middle(ids[e] % bx), middle(ids[e] / bx % by), middle(ids[e] / bx / by))));
    }
  });
  return stimulus;
}

void report_groups(const Lattice &lattice, const LatticeGroups &groups, Log &log)
{
  if (!groups.are_labelled) return;
  const MPI_Comm comm = lattice.slab().comm();
  std::int64_t counts[3] = {0, 0, 0}; // sites in no element, sites in one, elements with sites
  std::vector<std::int64_t> sites(lattice.elements().size(), 0);
  visit_tissue(lattice, [&](const std::uint32_t e, auto, auto, auto) {
    const bool is_none = e == regeneration::LatticeElements::none;
    ++counts[is_none ? 0 : 1];
    if (!is_none) ++sites[e];
  });
  const std::vector<std::uint8_t> first = lattice.elements().are_first_seen(comm);
  lattice.elements().sum_over_ranks(comm, 1, sites);
  for (std::size_t e = 0; e < sites.size(); ++e) counts[2] += first[e] && sites[e] > 0;
  MPI_Allreduce(MPI_IN_PLACE, counts, 3, MPI_INT64_T, MPI_SUM, comm);
  if (counts[1] == 0)
    throw Fault(Exit::model, "lattice-empty", "Cell lattice/Element file",
                "no site of tissue lies in an element")
        .found(fmt::format("{} sites of tissue, {} elements", counts[0], groups.n_labels))
        .hint("Elements have labels above 0; coordinates of a .vti are measured from the lattice's middle.");
  for (const std::string &warning : groups.warnings) log.warning("label-image", warning);
  log.line(fmt::format("cell lattice: {} elements by the labels of an image", groups.n_labels));
  if (!groups.are_in_register)
    log.warning(
        "lattice-register",
        fmt::format("sites and voxels of the elements are out of register: a voxel of {:g} mm holds no "
                    "whole number of sites, or begins inside of one; centres of sites decide.",
                    groups.edge));
  if (counts[2] < groups.n_labels)
    log.warning("lattice-elements", fmt::format("{} of {} elements have no site of tissue.",
                                                groups.n_labels - counts[2], groups.n_labels));
  if (counts[0] > 0)
    log.warning(
        "lattice-elements",
        fmt::format("{} of {} sites of tissue are in no element: stromal cells walk there, and nothing "
                    "divides, differentiates, dies or is counted.",
                    counts[0], counts[0] + counts[1]));
}

} // namespace wolff::coupling
