#include "regeneration/lattice_backend.h"

#include "base/errors.h"
#include "regeneration/cell_distance.h"
#include "regeneration/domain_roles.h"
#include "regeneration/lattice.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>

namespace wolff::regeneration {

using discretisation::CellMesh;
using geometry::Phase;
using material::Tissue;
using tissue::Ground;
using tissue::Occupant;

namespace {

constexpr std::array healing_tissues{Tissue::granulation, Tissue::fibrous, Tissue::cartilage,
                                     Tissue::immature_bone, Tissue::mature_bone};

LatticePoint packed(const PlacedCell &c)
{
  return {static_cast<std::uint16_t>(c.x), static_cast<std::uint16_t>(c.y), static_cast<std::uint16_t>(c.z),
          static_cast<std::uint8_t>(c.kind), c.age};
}

PlacedCell unpacked(const LatticePoint &c)
{
  return {c.x, c.y, c.z, static_cast<Occupant>(c.kind), c.age};
}

/// Lists for each rank, exchanged; what came is in the order of the ranks. Collective.
template <typename T>
std::vector<std::vector<T>> all_to_all(const MPI_Comm comm, const std::vector<std::vector<T>> &sent)
{
  static_assert(sizeof(T) % 8 == 0); // whole words
  constexpr int words = sizeof(T) / 8;
  const std::size_t n = sent.size();
  std::vector<int> counts(n), begins(n, 0), found(n), places(n, 0);
  for (std::size_t r = 0; r < n; ++r) counts[r] = words * static_cast<int>(sent[r].size());
  MPI_Alltoall(counts.data(), 1, MPI_INT, found.data(), 1, MPI_INT, comm);
  for (std::size_t r = 1; r < n; ++r) {
    begins[r] = begins[r - 1] + counts[r - 1];
    places[r] = places[r - 1] + found[r - 1];
  }
  std::vector<T> out, in(static_cast<std::size_t>(places.back() + found.back()) / words);
  for (const std::vector<T> &list : sent) out.insert(out.end(), list.begin(), list.end());
  MPI_Alltoallv(out.data(), counts.data(), begins.data(), MPI_UINT64_T, in.data(), found.data(),
                places.data(), MPI_UINT64_T, comm);
  std::vector<std::vector<T>> received(n);
  for (std::size_t r = 0; r < n; ++r) {
    const auto begin = in.begin() + places[r] / words;
    received[r].assign(begin, begin + found[r] / words);
  }
  return received;
}

std::int64_t reduced(std::int64_t value, const MPI_Op operation, const MPI_Comm comm)
{
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_INT64_T, operation, comm);
  return value;
}

double reduced(double value, const MPI_Op operation, const MPI_Comm comm)
{
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, operation, comm);
  return value;
}

/// A voxel of the mesh as the rank of a slab knows it; corner and size in finest voxels from the lattice's.
struct Voxel
{
  std::int64_t x, y, z, size;
  std::int64_t id;
  std::int64_t region; ///< -1 outside of the healing domain
};

/// Cells of a voxel on one slab.
struct VoxelCounts
{
  /// Sites; young and mature stromal cells; formed cells by kind; with erosion the sites of scaffold.
  std::array<std::int64_t, 8> numbers{};
};
constexpr std::size_t young = 1, mature = 2, formed = 3, solid = 7;

/// Mesh and lattice joined: built once, then asked for days.
class MeshLattice
{
public:
  MeshLattice(const CellMesh &mesh, const LatticeBackend &backend, const TissueState &state)
      : mesh_(mesh), backend_(backend)
  {
    if (!backend.options.graft_regions.empty())
      graft_ = regions_of(backend.options.graft_regions, "Regeneration/Lattice/Graft regions");
    measure(state);
    send_voxels(state);
    lattice_.emplace(
        mesh.comm(), extent_, [this](auto x, auto y, auto z) { return ground(x, y, z); }, grid_,
        backend_.options, weight_);
    find_elements();
    report(state);
  }

  Regenerated advance(const TissueState &before, const std::vector<stimulus::Response> &response,
                      const double days)
  {
    const auto start = std::chrono::steady_clock::now();
    restore(before);
    std::vector<std::int64_t> scaffold;
    if (backend_.options.erodes())
      for (const VoxelCounts &counts : voxel_counts()) scaffold.push_back(counts.numbers[solid]);
    Regenerated result{before, {}};
    RegenerationReport &report = result.report;
    report.front_voxels = std::numeric_limits<double>::quiet_NaN(); // no field whose front voxels could blur
    report.cells_before = number_of_cells();

    std::vector<tissue::Window> stimulus = stimulus_of(response);
    std::optional<Transport> transport;
    if (backend_.signals.is_any_on()) transport.emplace(mesh_, roles_of(before));
    const std::vector<Dose> doses = doses_of(backend_.doses);
    constexpr double same_day = 1e-9;
    const auto first = static_cast<int>(std::floor(before.day + same_day)),
               last = static_cast<int>(std::floor(before.day + days + same_day));
    for (int day = first + 1; day <= last; ++day) {
      for (std::size_t k = 0; k < doses.size(); ++k)
        if (doses[k].day > day - 2 + same_day && doses[k].day <= day - 1 + same_day)
          report.dosed += dose(doses[k], day, k, result.after);
      report.dosed += release(day, result.after);
      report.supplied += recover(day);
      if (transport) {
        write_voxels(result.after, scaffold);
        result.after.day = day - 1;
        advance_signals(mesh_, *transport, backend_.signals, backend_.transport, response, 1, result.after,
                        report.signals);
        stimulus = stimulus_of(response, &result.after);
      }
      const LatticeReport of_day = lattice_->advance(day, stimulus);
      for (const std::int64_t n : of_day.born) report.reacted += static_cast<double>(n);
      for (const std::int64_t n : of_day.died) report.reacted -= static_cast<double>(n);
      report.reacted -= static_cast<double>(of_day.left);
      ++report.steps;
    }
    report.cells_after = number_of_cells();
    report.iterations += report.signals.iterations();
    write_voxels(result.after, scaffold);
    write_cells(result.after);
    result.after.day = before.day + days;
    ++result.after.step;
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
  }

private:
  double number_of_cells() const
  {
    const auto counts = lattice_->counts();
    double n = static_cast<double>(lattice_->n_stromal());
    for (std::size_t k = 2; k < counts.size(); ++k) n += static_cast<double>(counts[k]);
    return n;
  }

  /// Finest voxels, the box of the lattice in them, and its sites.
  void measure(const TissueState &state)
  {
    const MPI_Comm comm = mesh_.comm();
    double finest = std::numeric_limits<double>::infinity();
    Vector3 corner = Vector3::Constant(finest);
    for (std::size_t i = 0; i < mesh_.n_owned(); ++i) {
      finest = std::min(finest, mesh_.cell(i).edge);
      for (int d = 0; d < 3; ++d)
        corner[d] = std::min(corner[d], mesh_.cell(i).centre[d] - mesh_.cell(i).edge / 2);
    }
    edge_ = reduced(finest, MPI_MIN, comm);
    for (int d = 0; d < 3; ++d) corner_[d] = reduced(corner[d], MPI_MIN, comm);

    const auto margin = static_cast<std::int64_t>(std::ceil(backend_.host_depth / edge_ - 1e-9));
    std::array<std::int64_t, 3> least, greatest;
    least.fill(std::numeric_limits<std::int64_t>::max());
    greatest.fill(std::numeric_limits<std::int64_t>::min());
    for (std::size_t i = 0; i < mesh_.n_owned(); ++i) {
      if (state.healing_domain[i] == 0) continue;
      const auto [at, size] = in_finest(i);
      for (std::size_t d = 0; d < 3; ++d) {
        least[d] = std::min(least[d], at[d]);
        greatest[d] = std::max(greatest[d], at[d] + size);
      }
    }
    const std::int64_t h = std::llround(1e6 * edge_), l = std::llround(1e6 * backend_.options.spacing);
    std::array<std::int64_t, 3> sites{};
    for (std::size_t d = 0; d < 3; ++d) {
      least[d] = reduced(least[d], MPI_MIN, comm);
      greatest[d] = reduced(greatest[d], MPI_MAX, comm);
      if (least[d] >= greatest[d])
        throw Fault(Exit::model, "lattice-empty", "Regeneration/Backend",
                    "no voxel heals, so there is no place for a lattice of cells");
      first_[d] = least[d] - margin;
      boxes_[d] = greatest[d] + margin - first_[d];
      sites[d] = boxes_[d] * h / l;
      if (sites[d] < 1 || sites[d] > 65535)
        throw Fault(Exit::too_large, "lattice-size", "Regeneration/Lattice/Spacing [mm]",
                    "sites of the lattice along one axis")
            .found(static_cast<double>(sites[d]))
            .wanted("1 to 65535");
    }
    extent_ = {sites[0], sites[1], sites[2]};
    grid_.x = elements_along(sites[0], l, 0, h, boxes_[0]);
    grid_.y = elements_along(sites[1], l, 0, h, boxes_[1]);
    grid_.z = elements_along(sites[2], l, 0, h, boxes_[2]);
    grid_.boxes_x = boxes_[0];
    grid_.boxes_y = boxes_[1];
    grid_.boxes_z = boxes_[2];
    in_register_ = h % l == 0;

    weight_.assign(static_cast<std::size_t>(extent_.nz), 0.0);
    std::vector<double> of_box(static_cast<std::size_t>(boxes_[2]), 0.0);
    for (std::size_t i = 0; i < mesh_.n_owned(); ++i) {
      if (state.healing_domain[i] == 0) continue;
      const auto [at, size] = in_finest(i);
      for (std::int64_t z = at[2]; z < at[2] + size; ++z)
        of_box[static_cast<std::size_t>(z - first_[2])] += static_cast<double>(size * size);
    }
    MPI_Allreduce(MPI_IN_PLACE, of_box.data(), static_cast<int>(of_box.size()), MPI_DOUBLE, MPI_SUM, comm);
    for (std::size_t z = 0; z < weight_.size(); ++z)
      weight_[z] = 1e-3 + (grid_.z[z] < 0 ? 0 : of_box[static_cast<std::size_t>(grid_.z[z])]);
  }

  std::pair<std::array<std::int64_t, 3>, std::int64_t> in_finest(const std::size_t i) const
  {
    const discretisation::Cell &cell = mesh_.cell(i);
    std::array<std::int64_t, 3> at;
    for (std::size_t d = 0; d < 3; ++d) {
      const auto axis = static_cast<Eigen::Index>(d);
      at[d] = std::llround((cell.centre[axis] - cell.edge / 2 - corner_[axis]) / edge_);
    }
    return {at, std::llround(cell.edge / edge_)};
  }

  /// The voxels that heal, and those of which a part lies within the depth of host around them.
  std::vector<bool> near_domain(const TissueState &state) const
  {
    std::vector<bool> heals(mesh_.n_owned()), host(mesh_.n_owned()), is_near(mesh_.n_owned());
    for (std::size_t i = 0; i < heals.size(); ++i) {
      heals[i] = state.healing_domain[i] != 0;
      host[i] = !heals[i];
    }
    const discretisation::CellField distance = distance_through(mesh_, host, heals);
    for (std::size_t i = 0; i < heals.size(); ++i)
      is_near[i] = heals[i] || distance[i] - mesh_.cell(i).edge / 2 < backend_.host_depth - 1e-6;
    return is_near;
  }

  /// Tell each rank the voxels that its slab will meet.
  void send_voxels(const TissueState &state)
  {
    const MPI_Comm comm = mesh_.comm();
    int size = 1, rank = 0;
    MPI_Comm_size(comm, &size);
    MPI_Comm_rank(comm, &rank);
    grid_.label = [this](auto x, auto y, auto z) { return label(x, y, z); };
    const std::vector<std::int64_t> cuts = slab_cuts(weight_, grid_.alignment(), size);
    const auto boxes_of = [&](const int r) { // first and one past the last
      const auto begin = static_cast<std::size_t>(cuts[static_cast<std::size_t>(r)]),
                 end = static_cast<std::size_t>(cuts[static_cast<std::size_t>(r) + 1]);
      std::pair<std::int64_t, std::int64_t> boxes{0, 0};
      for (std::size_t z = begin; z < end; ++z) {
        if (grid_.z[z] < 0) continue;
        if (boxes.second == 0) boxes.first = grid_.z[z];
        boxes.second = grid_.z[z] + 1;
      }
      return boxes;
    };
    const std::vector<bool> is_near = near_domain(state);
    std::vector<std::vector<Voxel>> sent(static_cast<std::size_t>(size));
    known_by_.resize(sent.size());
    for (int r = 0; r < size; ++r) {
      const auto [begin, end] = boxes_of(r);
      for (std::size_t i = 0; i < mesh_.n_owned(); ++i) {
        if (!is_near[i]) continue;
        const auto [at, edge] = in_finest(i);
        const Voxel voxel{at[0] - first_[0], at[1] - first_[1],
                          at[2] - first_[2], edge,
                          mesh_.cell(i).id,  state.healing_domain[i] ? state.region[i] : std::int64_t{-1}};
        if (voxel.z + edge <= begin || voxel.z >= end || voxel.x + edge <= 0 || voxel.x >= boxes_[0] ||
            voxel.y + edge <= 0 || voxel.y >= boxes_[1])
          continue;
        sent[static_cast<std::size_t>(r)].push_back(voxel);
        known_by_[static_cast<std::size_t>(r)].push_back(static_cast<std::uint32_t>(i));
      }
    }
    for (const std::vector<Voxel> &list : all_to_all(comm, sent)) {
      n_from_.push_back(list.size());
      voxels_.insert(voxels_.end(), list.begin(), list.end());
    }
    const auto [begin, end] = boxes_of(rank);
    box_begin_ = begin;
    voxel_of_box_.assign(static_cast<std::size_t>((end - begin) * boxes_[0] * boxes_[1]),
                         LatticeElements::none);
    for (std::size_t v = 0; v < voxels_.size(); ++v)
      for (std::int64_t z = std::max(voxels_[v].z, begin); z < std::min(voxels_[v].z + voxels_[v].size, end);
           ++z)
        for (std::int64_t y = std::max(voxels_[v].y, std::int64_t{0});
             y < std::min(voxels_[v].y + voxels_[v].size, boxes_[1]); ++y)
          for (std::int64_t x = std::max(voxels_[v].x, std::int64_t{0});
               x < std::min(voxels_[v].x + voxels_[v].size, boxes_[0]); ++x)
            voxel_of_box_[box(x, y, z)] = static_cast<std::uint32_t>(v);
  }

  std::size_t box(const std::int64_t x, const std::int64_t y, const std::int64_t z) const
  {
    return static_cast<std::size_t>(x + boxes_[0] * (y + boxes_[1] * (z - box_begin_)));
  }

  std::int64_t label(const std::int64_t x, const std::int64_t y, const std::int64_t z) const
  {
    const std::uint32_t v = voxel_of_box_[box(x, y, z)];
    return v == LatticeElements::none || voxels_[v].region < 0 ? -1 : voxels_[v].id;
  }

  Ground ground(const std::int64_t x, const std::int64_t y, const std::int64_t z) const
  {
    const std::array<std::int32_t, 3> at{grid_.x[static_cast<std::size_t>(x)],
                                         grid_.y[static_cast<std::size_t>(y)],
                                         grid_.z[static_cast<std::size_t>(z)]};
    if (at[0] < 0 || at[1] < 0 || at[2] < 0) return Ground::wall;
    const std::uint32_t v = voxel_of_box_[box(at[0], at[1], at[2])];
    if (v == LatticeElements::none) return Ground::wall;
    const bool heals = voxels_[v].region >= 0;
    const Ground tissue =
        heals ? (has_graft(voxels_[v].region) ? Ground::graft : Ground::tissue) : Ground::marrow;
    switch (backend_.phase(place(x, y, z))) {
    case Phase::scaffold:
      return Ground::scaffold;
    case Phase::cortical:
    case Phase::subchondral_plate:
      return Ground::host_bone;
    case Phase::cancellous:
    case Phase::lesion:
      if (draws(0)(key(x, y, z), tissue::Purpose::ground)[0] < chance_bound(backend_.bone_volume_fraction))
        return Ground::host_bone;
      return tissue;
    case Phase::track:
    case Phase::scaffold_pore:
    case Phase::marrow:
      return tissue;
    default:
      return Ground::wall;
    }
  }

  bool has_graft(const std::int64_t region) const
  {
    return std::any_of(graft_.begin(), graft_.end(), [&](const std::optional<Region> &named) {
      return !named || static_cast<std::int64_t>(*named) == region;
    });
  }

  Vector3 place(const std::int64_t x, const std::int64_t y, const std::int64_t z) const
  {
    const Vector3 sites(static_cast<double>(x) + 0.5, static_cast<double>(y) + 0.5,
                        static_cast<double>(z) + 0.5);
    const Vector3 boxes(static_cast<double>(first_[0]), static_cast<double>(first_[1]),
                        static_cast<double>(first_[2]));
    return corner_ + edge_ * boxes + backend_.options.spacing * sites;
  }
  std::uint64_t key(const std::int64_t x, const std::int64_t y, const std::int64_t z) const
  {
    return static_cast<std::uint64_t>(x + extent_.nx * (y + extent_.ny * z));
  }
  tissue::Draws draws(const int day) const
  {
    return {static_cast<std::uint64_t>(backend_.options.seed), static_cast<std::uint32_t>(day)};
  }

  void find_elements()
  {
    const std::vector<std::int64_t> &ids = lattice_->elements().ids();
    voxel_of_element_.resize(ids.size());
    for (std::size_t v = 0; v < voxels_.size(); ++v) {
      if (voxels_[v].region < 0) continue;
      const auto at = std::lower_bound(ids.begin(), ids.end(), voxels_[v].id);
      if (at != ids.end() && *at == voxels_[v].id)
        voxel_of_element_[static_cast<std::size_t>(at - ids.begin())] = static_cast<std::uint32_t>(v);
    }
  }

  void report(const TissueState &state)
  {
    const MPI_Comm comm = mesh_.comm();
    const std::vector<VoxelCounts> counts = voxel_counts();
    std::int64_t without = 0, sites = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (state.healing_domain[i] == 0) continue;
      sites += counts[i].numbers[0];
      without += counts[i].numbers[0] == 0 && fillable(state, i) > 0;
    }
    sites = reduced(sites, MPI_SUM, comm);
    without = reduced(without, MPI_SUM, comm);
    if (sites == 0)
      throw Fault(Exit::model, "lattice-empty", "Regeneration/Lattice/Spacing [mm]",
                  "no site of the lattice is tissue")
          .found(backend_.options.spacing)
          .hint("Use a smaller spacing");
    if (!backend_.say) return;
    backend_.say(std::to_string(extent_.nx) + " x " + std::to_string(extent_.ny) + " x " +
                 std::to_string(extent_.nz) + " sites of " + to_text(backend_.options.spacing) + " mm, " +
                 std::to_string(sites) + " of tissue in the healing domain");
    if (!in_register_)
      backend_.say("lattice and mesh are out of register: the finest voxel of " + to_text(edge_) +
                   " mm holds no whole number of sites");
    if (without > 0)
      backend_.say(std::to_string(without) +
                   " voxels of the healing domain hold no site of tissue and stay as they are");
  }

  /// The cells of @p before, unless they are on the lattice already.
  void restore(const TissueState &before)
  {
    const MPI_Comm comm = mesh_.comm();
    const bool is_current = known_ && *known_ == std::pair(before.step, checksum_of(before.lattice_cells));
    if (is_current) return;
    if (known_) // another state than the one left behind: an empty lattice first
      lattice_.emplace(
          comm, extent_, [this](auto x, auto y, auto z) { return ground(x, y, z); }, grid_, backend_.options,
          weight_);
    if (before.step == 0) {
      supply(0, backend_.host_share * host_factor(backend_.host, 0));
      return;
    }
    int size = 1;
    MPI_Comm_size(comm, &size);
    const std::vector<std::int64_t> cuts = slab_cuts(weight_, grid_.alignment(), size);
    std::vector<std::vector<LatticePoint>> sent(static_cast<std::size_t>(size));
    for (const LatticePoint &cell : before.lattice_cells) {
      const auto owner =
          std::upper_bound(cuts.begin() + 1, cuts.end() - 1, std::int64_t{cell.z}) - cuts.begin() - 1;
      sent[static_cast<std::size_t>(owner)].push_back(cell);
    }
    std::vector<PlacedCell> cells;
    std::vector<SitePlace> eroded;
    for (const std::vector<LatticePoint> &list : all_to_all(comm, sent))
      for (const LatticePoint &cell : list)
        if (cell.kind == tissue::eroded_scaffold)
          eroded.push_back({cell.x, cell.y, cell.z});
        else
          cells.push_back(unpacked(cell));
    const std::int64_t placed = lattice_->erode(eroded) + lattice_->place(cells);
    const auto stated = reduced(static_cast<std::int64_t>(before.lattice_cells.size()), MPI_SUM, comm);
    if (placed != stated)
      throw Fault(Exit::model, "lattice-cells", "lattice of step " + std::to_string(before.step),
                  "cells of the file lie on sites that are solid, taken or not there")
          .found(static_cast<double>(stated - placed))
          .wanted("0 of them: the lattice of the same case");
  }

  /// Stromal cells on a share of the sites of the host's marrow (those that are free). Returns how many.
  /// Collective.
  double supply(const int day, const double share)
  {
    return static_cast<double>(
        lattice_->seed([this, day, share](const auto x, const auto y, const auto z, PlacedCell &) {
          const auto &slab = lattice_->slab();
          const std::uint8_t code = slab.code(slab.index(x, y, z));
          const bool may = backend_.may_hold_stromal
                               ? (code == tissue::site_code(Ground::marrow) &&
                                  backend_.may_hold_stromal(place(x, y, z), Ground::marrow)) ||
                                     ((code == tissue::site_code(Ground::tissue) ||
                                       code == tissue::site_code(Ground::graft)) &&
                                      backend_.may_hold_stromal(place(x, y, z), Ground::tissue))
                               : code == tissue::site_code(Ground::marrow);
          return may && draws(day)(key(x, y, z), tissue::Purpose::seeding)[0] < chance_bound(share);
        }));
  }

  /// What a host factor gains on this day. Collective.
  double recover(const int day)
  {
    const double gain = host_factor(backend_.host, day) - host_factor(backend_.host, day - 1);
    return gain > 0 ? supply(day, backend_.host_share * gain) : 0;
  }

  std::uint64_t checksum_of(const std::vector<LatticePoint> &cells) const
  {
    std::uint64_t sum = 0;
    for (const LatticePoint &c : cells) {
      const auto words = philox({c.x, c.y, c.z, static_cast<std::uint32_t>(c.kind << 8 | c.age)}, {});
      sum += static_cast<std::uint64_t>(words[0]) << 32 | words[1];
    }
    MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_UINT64_T, MPI_SUM, mesh_.comm());
    return sum;
  }

  /// A number of each owned voxel, for each of this rank's elements. Collective.
  std::vector<std::uint64_t> of_elements(const std::vector<std::uint64_t> &of_owned) const
  {
    std::vector<std::vector<std::uint64_t>> sent(known_by_.size());
    for (std::size_t r = 0; r < sent.size(); ++r)
      for (const std::uint32_t i : known_by_[r]) sent[r].push_back(of_owned[i]);
    std::vector<std::uint64_t> of_voxel, numbers;
    for (const auto &list : all_to_all(mesh_.comm(), sent))
      of_voxel.insert(of_voxel.end(), list.begin(), list.end());
    for (const std::uint32_t v : voxel_of_element_) numbers.push_back(of_voxel[v]);
    return numbers;
  }

  /// What is called for in each element, with a state where its supply allows it. Collective.
  std::vector<tissue::Window> stimulus_of(const std::vector<stimulus::Response> &response,
                                          const TissueState *const state = nullptr) const
  {
    const tissue::SupplyGateOptions &gate = backend_.signals.gate;
    std::vector<std::uint64_t> phenotypes;
    for (std::size_t i = 0; i < mesh_.n_owned(); ++i) {
      auto window = static_cast<tissue::Window>(response[i].phenotype);
      const bool is_bone = window == tissue::Window::mature_bone || window == tissue::Window::immature_bone;
      if (state && is_bone && tissue::bone_gate({state->oxygen[i], state->vessel_density[i]}, gate) < 0.5)
        window = gate.without == "cartilage" ? tissue::Window::cartilage : tissue::Window::resorption;
      phenotypes.push_back(static_cast<std::uint64_t>(window));
    }
    std::vector<tissue::Window> stimulus;
    for (const std::uint64_t phenotype : of_elements(phenotypes))
      stimulus.push_back(static_cast<tissue::Window>(phenotype));
    return stimulus;
  }

  /// @p density of stromal cells in each voxel, on random free sites there, each with the same chance. What
  /// found no site, as far as that was to be expected, is left in it. Returns how many cells were put.
  /// Collective.
  double scatter(CellField &density, const int day, const std::uint32_t round)
  {
    const std::vector<VoxelCounts> counts = voxel_counts();
    std::vector<std::uint64_t> bounds;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const auto &n = counts[i].numbers;
      std::int64_t free = n[0] - n[young] - n[mature];
      for (std::size_t k = formed; k < formed + 4; ++k) free -= n[k];
      const double wanted = density[i] * mesh_.volume(i), put = std::min(wanted, static_cast<double>(free));
      density[i] = (wanted - put) / mesh_.volume(i);
      bounds.push_back(free > 0 ? chance_bound(put / static_cast<double>(free)) : 0);
    }
    const std::vector<std::uint64_t> chance = of_elements(bounds);
    return static_cast<double>(lattice_->seed([&](const auto x, const auto y, const auto z, PlacedCell &) {
      const auto &slab = lattice_->slab();
      const LatticeSlab::Index site = slab.index(x, y, z);
      if (!tissue::contains(tissue::sites::free_in_tissue, slab.code(site))) return false;
      const std::uint32_t e = lattice_->elements().of(slab, site);
      return e != LatticeElements::none &&
             draws(day)(key(x, y, z), tissue::Purpose::seeding, round)[0] < chance[e];
    }));
  }

  /// Cells that leave their carrier on this day. Collective.
  double release(const int day, TissueState &state)
  {
    if (!(backend_.doses.release_half_time > 0)) return 0;
    CellField &immature = state.cells[index(tissue::Cell::immature_msc)];
    CellField out(immature.size(), 0.0);
    immature.swap(out); // only what is released is wanted
    release_cells(mesh_, backend_.doses, 1, state);
    immature.swap(out);
    const double put = scatter(out, day, 1U << 22);
    for (std::size_t i = 0; i < out.size(); ++i) state.carried_msc[i] += out[i];
    return put;
  }

  /// N q cells on the free sites of the region, each with the same chance. Returns how many. Collective.
  double dose(const Dose &dose, const int day, const std::size_t number, TissueState &state)
  {
    if (backend_.doses.release_half_time > 0) {
      apply_dose(mesh_, dose, backend_.doses, state); // into the carrier
      return 0;
    }
    if (dose.distribution != Distribution::uniform) {
      CellField &immature = state.cells[index(tissue::Cell::immature_msc)];
      CellField added(immature.size(), 0.0);
      immature.swap(added); // only what the dose adds is wanted
      apply_dose(mesh_, dose, backend_.doses, state);
      immature.swap(added);
      return scatter(added, day, static_cast<std::uint32_t>(number + 1));
    }
    const auto &slab = lattice_->slab();
    const auto is_place = [&](const auto x, const auto y, const auto z) {
      if (!tissue::contains(tissue::sites::free_in_tissue, slab.code(slab.index(x, y, z)))) return false;
      const std::uint32_t e = lattice_->elements().of(slab, slab.index(x, y, z));
      return e != LatticeElements::none && (!dose.region || voxels_[voxel_of_element_[e]].region ==
                                                                static_cast<std::int64_t>(*dose.region));
    };
    std::int64_t free = 0;
    for (std::int64_t z = slab.z_begin(); z < slab.z_end(); ++z)
      for (std::int64_t y = 0; y < extent_.ny; ++y)
        for (std::int64_t x = 0; x < extent_.nx; ++x) free += is_place(x, y, z);
    free = reduced(free, MPI_SUM, mesh_.comm());
    if (free == 0)
      throw Fault(Exit::model, "value-range", "Regeneration/Cell therapy", "free sites of a dose's region")
          .found(0)
          .wanted("some free site of tissue to put the cells on");
    const std::uint64_t bound =
        chance_bound(std::min(1.0, dose.number * dose.retention / static_cast<double>(free)));
    return static_cast<double>(lattice_->seed([&](const auto x, const auto y, const auto z, PlacedCell &) {
      return is_place(x, y, z) && draws(day)(key(x, y, z), tissue::Purpose::seeding,
                                             static_cast<std::uint32_t>(number + 1))[0] < bound;
    }));
  }

  /// Of each owned voxel of the mesh, all slabs together.
  std::vector<VoxelCounts> voxel_counts() const
  {
    const auto &slab = lattice_->slab();
    std::vector<VoxelCounts> of_voxel(voxels_.size());
    const std::vector<std::uint32_t> counts = lattice_->element_counts();
    for (std::size_t e = 0; e < voxel_of_element_.size(); ++e) {
      auto &numbers = of_voxel[voxel_of_element_[e]].numbers;
      for (std::size_t k = 0; k < tissue::n_occupants; ++k) {
        numbers[0] += counts[e * tissue::n_occupants + k];
        if (k >= 2) numbers[formed + k - 2] += counts[e * tissue::n_occupants + k];
      }
      if (!lattice_->element_scaffold().empty()) numbers[solid] += lattice_->element_scaffold()[e];
    }
    lattice_->for_each_cell([&](const PlacedCell &c) {
      if (c.kind != Occupant::msc) return;
      const LatticeSlab::Index site = slab.index(c.x, c.y, c.z);
      if (!tissue::contains(tissue::sites::in_elements, slab.code(site))) return;
      const std::uint32_t e = lattice_->elements().of(slab, site);
      if (e != LatticeElements::none)
        ++of_voxel[voxel_of_element_[e]].numbers[c.age < backend_.options.maturation_age ? young : mature];
    });
    std::vector<std::vector<VoxelCounts>> sent;
    std::size_t begin = 0;
    for (const std::size_t n : n_from_) {
      sent.emplace_back(of_voxel.begin() + static_cast<std::ptrdiff_t>(begin),
                        of_voxel.begin() + static_cast<std::ptrdiff_t>(begin + n));
      begin += n;
    }
    std::vector<VoxelCounts> owned(mesh_.n_owned());
    const auto received = all_to_all(mesh_.comm(), sent);
    for (std::size_t r = 0; r < received.size(); ++r)
      for (std::size_t k = 0; k < received[r].size(); ++k)
        for (std::size_t j = 0; j < owned[0].numbers.size(); ++j)
          owned[known_by_[r][k]].numbers[j] += received[r][k].numbers[j];
    return owned;
  }

  /// What the other shares leave of a voxel, not the sum of those that fill it: that would gather rounding
  /// from step to step until a share is above one.
  static double fillable(const TissueState &state, const std::size_t i)
  {
    double others = 0;
    for (std::size_t k = 0; k < material::n_tissues; ++k)
      if (std::find(healing_tissues.begin(), healing_tissues.end(), static_cast<Tissue>(k)) ==
          healing_tissues.end())
        others += state.fractions[k][i];
    return std::max(0.0, 1 - others);
  }

  /// Shares and densities as the lattice stands. @p scaffold: sites of scaffold in each voxel when this was
  /// last done, which are brought up to date, or nothing where it does not erode. Collective.
  void write_voxels(TissueState &state, std::vector<std::int64_t> &scaffold) const
  {
    const std::vector<VoxelCounts> counts = voxel_counts();
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const auto &n = counts[i].numbers;
      if (state.healing_domain[i] == 0 || n[0] == 0) continue;
      if (!scaffold.empty() && n[solid] < scaffold[i]) {
        double &share = state.fractions[material::index(Tissue::scaffold)][i];
        const double left = share * static_cast<double>(n[solid]) / static_cast<double>(scaffold[i]);
        state.fractions[material::index(Tissue::granulation)][i] += share - left;
        share = left;
        scaffold[i] = n[solid];
      }
      const double room = fillable(state, i), sites = static_cast<double>(n[0]), volume = mesh_.volume(i);
      double filled = 0;
      const auto put = [&](const Tissue tissue, const std::int64_t cells) {
        const double share = room * static_cast<double>(cells) / sites;
        state.fractions[material::index(tissue)][i] = share;
        filled += share;
      };
      const std::int64_t mature_bone = n[formed], immature_bone = n[formed + 1], cartilage = n[formed + 2],
                         fibrous = n[formed + 3];
      put(Tissue::mature_bone, mature_bone);
      put(Tissue::immature_bone, immature_bone);
      put(Tissue::cartilage, cartilage);
      put(Tissue::fibrous, fibrous);
      state.fractions[material::index(Tissue::granulation)][i] = std::max(0.0, room - filled);
      for (CellField &density : state.cells) density[i] = 0;
      const auto density = [&](const tissue::Cell kind, const std::int64_t cells) {
        state.cells[index(kind)][i] = static_cast<double>(cells) / volume;
      };
      density(tissue::Cell::immature_msc, n[young]);
      density(tissue::Cell::mature_msc, n[mature]);
      density(tissue::Cell::fibroblast, fibrous);
      density(tissue::Cell::chondrocyte, cartilage);
      density(tissue::Cell::osteoblast, mature_bone + immature_bone);
    }
  }

  void write_cells(TissueState &state)
  {
    state.lattice_cells.clear();
    const std::vector<SitePlace> eroded = lattice_->eroded();
    state.lattice_cells.reserve(lattice_->n_local() + eroded.size());
    lattice_->for_each_cell([&](const PlacedCell &c) { state.lattice_cells.push_back(packed(c)); });
    for (const SitePlace &site : eroded)
      state.lattice_cells.push_back(
          packed({site.x, site.y, site.z, static_cast<Occupant>(tissue::eroded_scaffold), 0}));
    std::sort(state.lattice_cells.begin(), state.lattice_cells.end());
    const Vector3 origin = place(0, 0, 0);
    state.lattice_frame = {origin[0], origin[1], origin[2], backend_.options.spacing};
    known_ = {state.step + 1, checksum_of(state.lattice_cells)};
  }

  const CellMesh &mesh_;
  LatticeBackend backend_;
  double edge_ = 0;                     ///< of the finest voxels [mm]
  Vector3 corner_ = Vector3::Zero();    ///< of the mesh [mm]
  std::array<std::int64_t, 3> first_{}; ///< finest voxel of the lattice's corner, from the mesh's
  std::array<std::int64_t, 3> boxes_{}; ///< finest voxels of the lattice
  bool in_register_ = true;
  LatticeExtent extent_;
  ElementGrid grid_;
  std::vector<double> weight_;
  std::vector<std::optional<Region>> graft_;
  std::vector<std::vector<std::uint32_t>> known_by_; ///< owned voxels that each rank was told
  std::vector<std::size_t> n_from_;                  ///< voxels that each rank told
  std::vector<Voxel> voxels_;
  std::vector<std::uint32_t> voxel_of_box_, voxel_of_element_;
  std::int64_t box_begin_ = 0;
  std::optional<Lattice> lattice_;
  std::optional<std::pair<std::int64_t, std::uint64_t>> known_; ///< step and cells that the lattice holds
};

} // namespace

Regenerate lattice_agents(const CellMesh &mesh, LatticeBackend backend)
{
  auto joined = std::make_shared<std::unique_ptr<MeshLattice>>();
  return [&mesh, backend = std::move(backend), joined](
             const TissueState &before, const std::vector<stimulus::Response> &response, const double days) {
    if (!*joined) *joined = std::make_unique<MeshLattice>(mesh, backend, before);
    return (*joined)->advance(before, response, days);
  };
}

} // namespace wolff::regeneration
