// One day of the cell lattice, for all ranks at once.
//
// The published program visits elements and cells in random order, one after the other: each sees the lattice
// as the ones before have left it. That order cannot be kept on several ranks. Here a day is a fixed number
// of rounds. In a round, the cells that take part look at the lattice as the round found it and each claims
// what it wants; a site goes to the claimant with the largest random priority, and all winners act at once.
// All draws are keyed by seed, day, round and site (tissue/lattice_draws.h), so the outcome depends neither
// on the number of ranks nor on the order of lists. To stay near the sequential model, cells take their turn
// in a round drawn at random, and losers try again:
//
//   erosion    sites of scaffold become tissue, each with its chance; all see the lattice of the morning.
//   fate       each mature stromal cell differentiates, each formed one dies, with its own chance p: their
//              numbers in an element are then binomial, Bin(n, p), and who is chosen is uniform. Where a
//              surface is asked for, in turns, since a cell that settles is a surface for the next ones.
//   division   who divides is drawn once; mothers draw one of LatticeOptions::turns turns, pick a pattern
//   among
//              those that their free neighbours allow, and try again in the next turn if they lose.
//   migration  stromal cells draw a turn. In its turn a cell makes its seven jumps, one a round, while the
//              cells of other turns rest; a blocked one stops for the day; a loser tries again in the next
//              round, of which there are a few to spare.
//   evening    cells outside of tissue and marrow are lost; ages grow by one.
//
// How far this is from the sequential model is measured in tests/unit/regeneration/lattice_sequential.cc.
#pragma once

#include "regeneration/lattice.h"

namespace wolff::regeneration {

/// Rounds beyond those that are needed without losers.
constexpr std::uint32_t spare_rounds = 4;

/// The parts of one day, in the order in which they are called. All are collective.
class LatticeStep
{
public:
  LatticeStep(Lattice &lattice, int day, const std::vector<tissue::Window> &stimulus);

  void erode();
  void fate();
  void divide();
  void migrate();
  /// Ends the day; the numbers in the report are those of all ranks then.
  LatticeReport evening();

private:
  /// A cell that may change: its list and place in it, its element, and the bound on its draw.
  struct Candidate
  {
    std::uint32_t entry;
    bool is_stromal;
    tissue::Occupant kind;
    std::uint32_t element;
    std::uint32_t bits; ///< its draw
    std::uint64_t bound;
  };

  /// A cell that divides. Stromal ones and formed ones have lists of their own.
  struct Mother
  {
    std::uint32_t entry;
    LatticeSlab::Index site;
    tissue::Occupant kind;
  };

  LatticeCell &cell(const Candidate &c)
  {
    return (c.is_stromal ? lattice_.stromal_ : lattice_.formed_)[c.entry];
  }
  /// The stimulus at a site, and its element; false where cells neither change nor divide.
  bool look_up(LatticeSlab::Index site, std::uint32_t &element, tissue::Window &window) const
  {
    if (!tissue::contains(tissue::sites::in_elements, slab_.code(site))) return false;
    element = lattice_.elements_.of(slab_, site);
    if (element == LatticeElements::none) return false;
    window = stimulus_[element];
    return true;
  }
  bool is_graft(const LatticeSlab::Index site) const
  {
    return tissue::ground_of(slab_.code(site)) == tissue::Ground::graft;
  }
  /// Who of the candidates changes: each with its own chance, or, in legacy runs, floor(chance x number) of
  /// each kind in each element, those with the smallest draws. In legacy runs all candidates must be given.
  std::vector<Candidate> chosen(std::vector<Candidate> candidates) const;
  std::vector<Candidate> fewest_draws(std::vector<Candidate> candidates) const;
  std::uint64_t division_bound(const LatticeSlab::Index site, const tissue::Occupant kind,
                               const tissue::Window window) const
  {
    return rules_.division[is_graft(site) ? 1 : 0][index(kind)][static_cast<std::size_t>(window)];
  }
  std::vector<Mother> legacy_mothers() const;
  /// Calls take(mother, bits) for each cell that divides today; bits say when.
  template <typename Take>
  void for_each_mother(const Take &take) const;
  bool takes_part(const Candidate &c) const { return options_.legacy || c.bits < c.bound; }
  void put(LatticeSlab::Index site, tissue::Occupant kind, std::uint8_t age);
  void receive();

  Lattice &lattice_;
  LatticeSlab &slab_;
  const tissue::LatticeOptions &options_;
  tissue::LatticeDay rules_;
  tissue::Draws draws_;
  const std::vector<tissue::Window> &stimulus_;
  LatticeReport report_;
};

} // namespace wolff::regeneration
