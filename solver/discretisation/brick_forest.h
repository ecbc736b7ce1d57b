// A forest of octrees whose leaves are bricks of n x n x n voxels. This header knows bricks only as boxes
// with a key; deal.II stays behind it. Cells (non-void voxels) are in cell_mesh.h, unknowns in brick_nodes.h.
#pragma once

#include "base/ghost_exchange.h"
#include "discretisation/cell_mesh.h"

#include <array>
#include <functional>
#include <limits>
#include <memory>
#include <vector>

namespace wolff::discretisation {

constexpr int voxels_per_edge = 8; ///< n: voxels along a brick's edge
constexpr std::size_t brick_voxels = 512;

/// Voxel (i,j,k) of a brick stands at (k * 8 + j) * 8 + i.
inline std::size_t voxel_index(const int i, const int j, const int k)
{
  return static_cast<std::size_t>((k * voxels_per_edge + j) * voxels_per_edge + i);
}

/**
 * Name of a brick, the same on any number of ranks: coarse tree (20 bits), path of octants padded to level 10
 * (30 bits), level (4 bits). Sorted keys run along a space-filling curve within each tree.
 */
struct BrickKey
{
  std::uint64_t bits;
  static BrickKey make(unsigned tree, unsigned level, std::uint64_t path);
  unsigned tree() const { return static_cast<unsigned>(bits >> 34); }
  unsigned level() const { return static_cast<unsigned>(bits & 15U); }
  BrickKey parent() const;
  /// Which child of its parent: bit 0 x, bit 1 y, bit 2 z.
  unsigned octant() const;
  auto operator<=>(const BrickKey &) const = default;
};
constexpr unsigned greatest_level = 10;

struct Brick
{
  Vector3 corner; ///< least x, y, z [mm]
  double edge;    ///< of the whole brick [mm]
  BrickKey key;

  double voxel_edge() const { return edge / voxels_per_edge; }
  Vector3 centre() const { return corner + Vector3::Constant(edge / 2); }
  double half_diagonal() const { return edge * 0.8660254037844387; }
  Vector3 voxel_centre(int i, int j, int k) const
  {
    const double h = voxel_edge();
    return corner + h * Vector3(i + 0.5, j + 0.5, k + 0.5);
  }
};

/// What lies beyond a face of a brick.
struct BrickNeighbour
{
  enum class Kind : std::uint8_t
  {
    none,
    same,
    coarser,
    finer
  };
  Kind kind = Kind::none;
  /// Local brick numbers; finer: four, first tangential axis fastest. Otherwise the first one only.
  std::array<std::uint32_t, 4> bricks{};
  /// coarser: which quarter of the coarse face this brick covers (first tangential axis fastest).
  std::uint8_t quarter = 0;
};

class BrickForest
{
public:
  /// @p counts bricks of @p brick_edge [mm] from @p origin; the coarsest mesh. Collective.
  BrickForest(MPI_Comm comm, const Vector3 &origin, const std::array<unsigned, 3> &counts, double brick_edge);
  ~BrickForest();
  BrickForest(BrickForest &&) noexcept;

  /// Refine, with 2:1 balance, every brick that @p wanted names; repeated until none does.
  /// @throws Fault (exit 7) on all ranks before there are more than @p most_bricks. Collective.
  void refine(const std::function<bool(const Brick &)> &wanted,
              std::int64_t most_bricks = std::numeric_limits<std::int64_t>::max());

  /// The next coarser forest (every complete family joined once), or an empty pointer when this is the
  /// coarsest. It has its own partition. Collective.
  std::unique_ptr<BrickForest> coarsened() const;

  /// Distribute again so that the sum of @p weight over bricks is balanced. Collective.
  void repartition(const std::function<unsigned(const Brick &)> &weight);

  /// The box repeats along these axes: nodes on its opposite sides are one (periodic_parts.h). Bricks of a
  /// periodic forest are of one size. Coarser forests made from now on are periodic as well.
  void set_periodic(const std::array<bool, 3> &axes);
  const std::array<bool, 3> &periodic() const;
  const Vector3 &origin() const; ///< least corner of all bricks [mm]
  Vector3 extent() const;        ///< of all bricks together [mm]

  MPI_Comm comm() const;
  std::size_t n_owned() const; ///< bricks of this rank, sorted by key
  std::size_t n_local() const; ///< and the neighbours that other ranks own, behind them
  const Brick &brick(std::size_t index) const;
  const std::array<BrickNeighbour, 6> &neighbours(std::size_t owned_brick) const;
  std::int64_t n_global() const;
  double smallest_voxel() const; ///< [mm], over all ranks

  /// Copy @p n bytes a brick from owners to ghosts; @p bytes holds n_local() * n entries. Collective.
  void update_ghosts(std::vector<std::uint8_t> &bytes, std::size_t n) const;

  struct Implementation;
  const Implementation &implementation() const { return *implementation_; }

private:
  explicit BrickForest(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

/**
 * The cells of a forest: the voxels with solid[brick * 512 + voxel] != 0 of the owned bricks. Collective.
 * @p solid has n_owned() * 512 entries.
 */
CellMesh make_cell_mesh(const BrickForest &forest, const std::vector<std::uint8_t> &solid);

} // namespace wolff::discretisation
