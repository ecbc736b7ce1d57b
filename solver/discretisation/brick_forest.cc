#include "discretisation/brick_forest.h"

#include "base/errors.h"
#include "discretisation/triangulation.h"

#include <deal.II/distributed/tria.h>
#include <deal.II/grid/grid_generator.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace wolff::discretisation {

using Triangulation = dealii::parallel::distributed::Triangulation<3>;

BrickKey BrickKey::make(const unsigned tree, const unsigned level, const std::uint64_t path)
{
  return {(static_cast<std::uint64_t>(tree) << 34) | (path << (3 * (greatest_level - level)) << 4) | level};
}

BrickKey BrickKey::parent() const
{
  const unsigned l = level();
  const std::uint64_t path = ((bits >> 4) & ((1ULL << 30) - 1)) >> (3 * (greatest_level - l));
  return make(tree(), l - 1, path >> 3);
}

unsigned BrickKey::octant() const
{
  return static_cast<unsigned>((bits >> 4) >> (3 * (greatest_level - level()))) & 7U;
}

struct BrickForest::Implementation
{
  MPI_Comm comm = MPI_COMM_SELF;
  Vector3 origin;
  std::array<unsigned, 3> counts{};
  double coarse_edge = 0;
  std::array<bool, 3> periodic{};
  std::vector<std::array<unsigned, 3>>
      tree_position; ///< in units of the coarse edge; deal.II chooses the order

  std::unique_ptr<Triangulation> triangulation;
  std::vector<Triangulation::active_cell_iterator> leaves; ///< in the order of bricks
  std::vector<Brick> bricks;
  std::size_t n_owned = 0;
  std::vector<std::array<BrickNeighbour, 6>> neighbours;
  GhostExchange exchange;

  Brick brick_of(const Triangulation::cell_iterator &leaf) const;
  void read_leaves();
};

namespace {

std::unique_ptr<Triangulation> empty_triangulation(const MPI_Comm comm)
{
  // limit_level_difference_at_vertices gives 2:1 balance over faces, edges and corners, as p4est does. Bricks
  // move between ranks only where this file says so: a copy inherits the setting, and when all its cells are
  // split for the mesh of voxels, the children stay where the brick is.
  return std::make_unique<Triangulation>(comm, dealii::Triangulation<3>::limit_level_difference_at_vertices,
                                         Triangulation::no_automatic_repartitioning);
}

} // namespace

Brick BrickForest::Implementation::brick_of(const Triangulation::cell_iterator &leaf) const
{
  const dealii::CellId id = leaf->id();
  const auto tree = static_cast<unsigned>(id.get_coarse_cell_id());
  std::array<unsigned, 3> position = tree_position[tree];
  std::uint64_t path = 0;
  unsigned level = 0;
  for (const std::uint8_t child : id.get_child_indices()) {
    path = (path << 3) | child;
    for (unsigned d = 0; d < 3; ++d) position[d] = 2 * position[d] + ((child >> d) & 1U);
    ++level;
  }
  // From integers, so that every rank finds the same bits for the same brick.
  Brick brick;
  brick.edge = coarse_edge / static_cast<double>(1U << level);
  brick.key = BrickKey::make(tree, level, path);
  for (unsigned d = 0; d < 3; ++d) brick.corner[d] = origin[d] + brick.edge * position[d];
  return brick;
}

void BrickForest::Implementation::read_leaves()
{
  struct Leaf
  {
    unsigned owner;
    Brick brick;
    Triangulation::active_cell_iterator cell;
  };
  std::vector<Leaf> owned, ghosts;
  for (const auto &cell : triangulation->active_cell_iterators())
    if (cell->is_locally_owned())
      owned.push_back({cell->subdomain_id(), brick_of(cell), cell});
    else if (cell->is_ghost())
      ghosts.push_back({cell->subdomain_id(), brick_of(cell), cell});

  const auto by_owner_and_key = [](const Leaf &a, const Leaf &b) {
    return std::pair(a.owner, a.brick.key) < std::pair(b.owner, b.brick.key);
  };
  std::sort(owned.begin(), owned.end(), by_owner_and_key);
  std::sort(ghosts.begin(), ghosts.end(), by_owner_and_key);

  n_owned = owned.size();
  leaves.clear();
  bricks.clear();
  std::unordered_map<std::uint64_t, std::uint32_t> index;
  std::vector<std::uint64_t> owned_keys, ghost_keys;
  for (const auto *list : {&owned, &ghosts})
    for (const Leaf &leaf : *list) {
      index.emplace(leaf.brick.key.bits, static_cast<std::uint32_t>(bricks.size()));
      bricks.push_back(leaf.brick);
      leaves.push_back(leaf.cell);
      (list == &owned ? owned_keys : ghost_keys).push_back(leaf.brick.key.bits);
    }
  exchange = GhostExchange(comm, n_owned, find_owners(comm, owned_keys, ghost_keys));

  neighbours.assign(n_owned, {});
  for (std::size_t b = 0; b < n_owned; ++b)
    for (unsigned face = 0; face < 6; ++face) {
      BrickNeighbour &neighbour = neighbours[b][face];
      if (leaves[b]->at_boundary(face)) continue;
      const Triangulation::cell_iterator there = leaves[b]->neighbor(face);
      const unsigned axis = face / 2, first = axis == 0 ? 1 : 0, second = axis == 2 ? 1 : 2;
      if (there->has_children()) {
        neighbour.kind = BrickNeighbour::Kind::finer;
        for (unsigned quarter = 0; quarter < 4; ++quarter) {
          const unsigned octant =
              ((face % 2 == 0 ? 1U : 0U) << axis) | ((quarter & 1U) << first) | ((quarter >> 1) << second);
          neighbour.bricks[quarter] = index.at(brick_of(there->child(octant)).key.bits);
        }
      } else {
        neighbour.bricks[0] = index.at(brick_of(there).key.bits);
        if (there->level() < leaves[b]->level()) {
          neighbour.kind = BrickNeighbour::Kind::coarser;
          const unsigned octant = bricks[b].key.octant();
          neighbour.quarter =
              static_cast<std::uint8_t>(((octant >> first) & 1U) | (((octant >> second) & 1U) << 1));
        } else
          neighbour.kind = BrickNeighbour::Kind::same;
      }
    }
}

BrickForest::BrickForest(const MPI_Comm comm, const Vector3 &origin, const std::array<unsigned, 3> &counts,
                         const double brick_edge)
    : implementation_(std::make_unique<Implementation>())
{
  if (static_cast<std::uint64_t>(counts[0]) * counts[1] * counts[2] >= (1U << 20))
    throw Fault(Exit::too_large, "coarse-bricks", "", "more coarse bricks than a cell id can name")
        .found(std::to_string(counts[0]) + " x " + std::to_string(counts[1]) + " x " +
               std::to_string(counts[2]))
        .wanted("fewer than 1048576 in all");
  Implementation &self = *implementation_;
  self.comm = comm;
  self.origin = origin;
  self.counts = counts;
  self.coarse_edge = brick_edge;
  self.triangulation = empty_triangulation(comm);
  dealii::Point<3> least, greatest;
  for (unsigned d = 0; d < 3; ++d) {
    least[d] = origin[d];
    greatest[d] = origin[d] + brick_edge * counts[d];
  }
  dealii::GridGenerator::subdivided_hyper_rectangle(*self.triangulation, {counts[0], counts[1], counts[2]},
                                                    least, greatest);
  self.tree_position.resize(self.triangulation->n_cells(0));
  for (const auto &cell : self.triangulation->cell_iterators_on_level(0))
    for (unsigned d = 0; d < 3; ++d)
      self.tree_position[cell->id().get_coarse_cell_id()][d] =
          static_cast<unsigned>(std::lround((cell->vertex(0)[d] - origin[d]) / brick_edge));
  self.read_leaves();
}

BrickForest::BrickForest(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation))
{
}
BrickForest::~BrickForest() = default;
BrickForest::BrickForest(BrickForest &&) noexcept = default;

void BrickForest::refine(const std::function<bool(const Brick &)> &wanted, const std::int64_t most_bricks)
{
  Implementation &self = *implementation_;
  for (;;) {
    unsigned long flagged = 0;
    for (std::size_t b = 0; b < self.n_owned; ++b)
      if (wanted(self.bricks[b])) {
        if (self.bricks[b].key.level() == greatest_level)
          throw Fault(Exit::too_large, "refinement-depth", "",
                      "more than 10 levels of refinement are asked for")
              .hint("Coarsen the finest voxel or choose a smaller coarsest voxel");
        self.leaves[b]->set_refine_flag();
        ++flagged;
      }
    MPI_Allreduce(MPI_IN_PLACE, &flagged, 1, MPI_UNSIGNED_LONG, MPI_SUM, self.comm);
    if (flagged == 0) return;
    // Seven bricks more for each that is split; said before the memory is taken.
    if (const std::int64_t next = n_global() + 7 * static_cast<std::int64_t>(flagged); next > most_bricks)
      throw Fault(Exit::too_large, "model-size", "Mesh", "bricks that the voxel sizes ask for")
          .found("at least " + std::to_string(next))
          .wanted("at most " + std::to_string(most_bricks) + ", from \"Mesh/Largest model [-]\"")
          .hint("Coarsen the finest or the interface voxel");
    self.triangulation->execute_coarsening_and_refinement();
    self.triangulation->repartition();
    self.read_leaves();
  }
}

std::unique_ptr<BrickForest> BrickForest::coarsened() const
{
  const Implementation &self = *implementation_;
  if (self.triangulation->n_global_levels() == 1) return {};
  auto copy = std::make_unique<Implementation>();
  copy->comm = self.comm;
  copy->origin = self.origin;
  copy->counts = self.counts;
  copy->coarse_edge = self.coarse_edge;
  copy->periodic = self.periodic;
  copy->tree_position = self.tree_position;
  copy->triangulation = empty_triangulation(self.comm);
  copy->triangulation->copy_triangulation(*self.triangulation);
  copy->triangulation->coarsen_global();
  copy->triangulation->repartition();
  copy->read_leaves();
  return std::unique_ptr<BrickForest>(new BrickForest(std::move(copy)));
}

void BrickForest::repartition(const std::function<unsigned(const Brick &)> &weight)
{
  Implementation &self = *implementation_;
  const auto connection = self.triangulation->signals.cell_weight.connect(
      [&](const Triangulation::cell_iterator &cell, const Triangulation::CellStatus) {
        return weight(self.brick_of(cell));
      });
  self.triangulation->repartition();
  connection.disconnect();
  self.read_leaves();
}

void BrickForest::set_periodic(const std::array<bool, 3> &axes)
{
  implementation_->periodic = axes;
}
const std::array<bool, 3> &BrickForest::periodic() const
{
  return implementation_->periodic;
}
const Vector3 &BrickForest::origin() const
{
  return implementation_->origin;
}
Vector3 BrickForest::extent() const
{
  const std::array<unsigned, 3> &n = implementation_->counts;
  return implementation_->coarse_edge * Vector3(n[0], n[1], n[2]);
}

MPI_Comm BrickForest::comm() const
{
  return implementation_->comm;
}
std::size_t BrickForest::n_owned() const
{
  return implementation_->n_owned;
}
std::size_t BrickForest::n_local() const
{
  return implementation_->bricks.size();
}
const Brick &BrickForest::brick(const std::size_t index) const
{
  return implementation_->bricks[index];
}
const std::array<BrickNeighbour, 6> &BrickForest::neighbours(const std::size_t owned_brick) const
{
  return implementation_->neighbours[owned_brick];
}
std::int64_t BrickForest::n_global() const
{
  return static_cast<std::int64_t>(implementation_->triangulation->n_global_active_cells());
}

double BrickForest::smallest_voxel() const
{
  return implementation_->coarse_edge /
         static_cast<double>(1U << (implementation_->triangulation->n_global_levels() - 1)) / voxels_per_edge;
}

void BrickForest::update_ghosts(std::vector<std::uint8_t> &bytes, const std::size_t n) const
{
  implementation_->exchange.update_ghosts(bytes.data(), n);
}

const dealii::parallel::distributed::Triangulation<3> &triangulation(const BrickForest &forest)
{
  return *forest.implementation().triangulation;
}

const std::vector<LeafIterator> &leaves(const BrickForest &forest)
{
  return forest.implementation().leaves;
}

} // namespace wolff::discretisation
