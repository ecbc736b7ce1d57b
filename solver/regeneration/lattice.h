// The lattice of cells: sites, cells and elements on this rank, and what is asked of them. How a day passes
// is lattice_day.h.
#pragma once

#include "regeneration/lattice_elements.h"
#include "regeneration/lattice_slab.h"
#include "tissue/lattice_rules.h"

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

namespace wolff::regeneration {

/// A cell in the lists of its rank. `none` as a site: the cell is gone, its entry not yet removed.
struct LatticeCell
{
  LatticeSlab::Index site;
  std::uint8_t age; ///< [day], at most 255; 0 stays 0
};

/// What happened in a day, all ranks together.
struct LatticeReport
{
  std::array<std::int64_t, tissue::n_occupants> born{}, differentiated{},
      died{};                      ///< by what they are or were
  std::int64_t lost_divisions = 0; ///< no free neighbour
  std::int64_t jumps = 0, blocked_jumps = 0;
  std::int64_t left = 0;   ///< ended the day outside of tissue and marrow
  std::int64_t eroded = 0; ///< sites of scaffold
  double seconds_fate = 0, seconds_division = 0, seconds_migration = 0, seconds_lists = 0; ///< slowest rank
};

/// A cell as it is put in or read out: for seeding, files and tests.
struct PlacedCell
{
  std::int64_t x = 0, y = 0, z = 0;
  tissue::Occupant kind = tissue::Occupant::msc;
  std::uint8_t age = 1;
  auto operator<=>(const PlacedCell &) const = default;
};

/// A site where nothing lives, as eroded scaffold is put in and read out.
struct SitePlace
{
  std::int64_t x = 0, y = 0, z = 0;
  auto operator<=>(const SitePlace &) const = default;
};

class Lattice
{
public:
  using GroundAt = std::function<tissue::Ground(std::int64_t x, std::int64_t y, std::int64_t z)>;

  /**
   * A lattice without cells. @param ground of each site, called for the sites of this rank
   * @param layer_weight expected work of each layer, for the cuts between ranks; empty: all alike
   * @throws Fault as LatticeSlab and LatticeElements. Collective.
   */
  Lattice(MPI_Comm comm, const LatticeExtent &extent, const GroundAt &ground, const ElementGrid &elements,
          const tissue::LatticeOptions &options, const std::vector<double> &layer_weight = {});

  /**
   * Put cells on free sites of this rank's slab; cells elsewhere in the lattice are left to their ranks.
   * Returns how many were put, all ranks together; those on sites that are taken or solid are not.
   * Collective.
   */
  std::int64_t place(const std::vector<PlacedCell> &cells);
  /**
   * Make tissue of sites of scaffold in this rank's slab, as erosion has in days before: all that a restart
   * needs beside the cells, which come after. Returns how many, all ranks together; sites that are not
   * scaffold in an element are not. Collective.
   */
  std::int64_t erode(const std::vector<SitePlace> &sites);
  /// A cell on each site where @p who says so, called for the free sites of this rank.
  std::int64_t
  seed(const std::function<bool(std::int64_t x, std::int64_t y, std::int64_t z, PlacedCell &)> &who);

  /// One day under @p stimulus, one entry for each of elements().ids(). @throws Fault (exit 3) if their
  /// number differs. Collective.
  LatticeReport advance(int day, const std::vector<tissue::Window> &stimulus);

  const LatticeSlab &slab() const { return slab_; }
  const LatticeElements &elements() const { return elements_; }
  const tissue::LatticeOptions &options() const { return options_; }

  /// Cells of each kind on this rank's sites of each element: n_occupants numbers an element, the first the
  /// free sites. Elements that other ranks share must be added up by the caller.
  std::vector<std::uint32_t> element_counts() const;
  /// Sites of scaffold in each element that erosion has left; empty without erosion.
  const std::vector<std::uint32_t> &element_scaffold() const { return element_scaffold_; }
  /// All eroded sites of this rank, in no order.
  std::vector<SitePlace> eroded() const;
  /// Sites of tissue and graft by their occupant, all ranks together. Collective.
  std::array<std::int64_t, tissue::n_occupants> counts() const;
  /// Stromal cells wherever they are, all ranks together. Collective.
  std::int64_t n_stromal() const;
  /// All cells of this rank, in no order: as a list, or one by one without the memory of one.
  std::vector<PlacedCell> cells() const;
  template <typename Visit>
  void for_each_cell(const Visit &visit) const
  {
    for (const std::vector<LatticeCell> *const list : {&stromal_, &formed_})
      for (const LatticeCell &c : *list) {
        const auto [x, y, z] = slab_.place(c.site);
        visit(PlacedCell{x, y, z, tissue::occupant_of(slab_.code(c.site)), c.age});
      }
  }
  /// Cells of this rank.
  std::size_t n_local() const { return stromal_.size() + formed_.size(); }
  /// Fingerprint of all cells with place, kind and age, and of eroded sites, the same on any number of ranks.
  /// Collective.
  std::uint64_t checksum() const;
  /// Memory of this rank that stays between days: sites, and lists of cells [byte].
  std::size_t site_bytes() const;
  std::size_t list_bytes() const;

private:
  friend class LatticeStep;
  /// On its site of this rank's slab, if that is free for it.
  bool put(const PlacedCell &cell);
  /// After cells were put: neighbours, order, and how many of @p n they were on all ranks. Collective.
  std::int64_t settle(std::int64_t n);
  /// A site of scaffold becomes empty tissue; neighbours are told by the slab's next exchange.
  void make_tissue_of(LatticeSlab::Index scaffold);
  /// Without the entries of cells that are gone, in the order of memory, nearly.
  void sort_cells(std::vector<LatticeCell> &list) const;

  tissue::LatticeOptions options_;
  LatticeSlab slab_;
  LatticeElements elements_;
  std::vector<std::uint32_t> element_sites_; ///< tissue and graft sites of each element
  std::vector<LatticeCell> stromal_, formed_;
  // With erosion only: sites of scaffold in elements that are left, and those that are gone (4 bytes each).
  std::vector<std::uint32_t> element_scaffold_;
  std::vector<LatticeSlab::Index> scaffold_, eroded_;
};

} // namespace wolff::regeneration
