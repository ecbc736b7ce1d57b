// What one site of the cell lattice is: the ground it lies on and the cell on it, as a code of five bits,
// with the sets of codes that the rules ask for. Three bits of the byte are left to whoever moves the cells.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace wolff::tissue {

/// What fills a site beside cells. On tissue and graft every cell may live; on marrow and outside (neither
/// tissue nor marrow) stromal cells only; the others are solid.
enum class Ground : std::uint8_t
{
  tissue,
  graft, ///< tissue with bone graft
  marrow,
  outside,
  host_bone,
  scaffold,
  plate, ///< steel: no surface that cells hold to
  wall   ///< beyond the lattice
};
constexpr std::size_t n_grounds = 8;

/// Who sits on a site; at most one cell does.
enum class Occupant : std::uint8_t
{
  none,
  msc,
  mature_osteoblast,
  immature_osteoblast,
  chondrocyte,
  fibroblast
};
constexpr std::size_t n_occupants = 6;

constexpr std::size_t index(const Occupant occupant)
{
  return static_cast<std::size_t>(occupant);
}

/// In files and states, after the occupants: a site of scaffold that has become tissue.
constexpr std::uint8_t eroded_scaffold = 6;

inline const std::array<std::string, n_occupants> &occupant_names()
{
  static const std::array<std::string, n_occupants> names{
      "empty", "msc", "mature_osteoblast", "immature_osteoblast", "chondrocyte", "fibroblast"};
  return names;
}

/// Tissue and graft 0 ... 11, marrow and outside 12 ... 15, then the solids.
using SiteCode = std::uint8_t;
constexpr SiteCode site_code_bits = 31;

constexpr SiteCode site_code(const Ground ground, const Occupant occupant = Occupant::none)
{
  const auto o = static_cast<SiteCode>(occupant);
  switch (ground) {
  case Ground::tissue:
    return o;
  case Ground::graft:
    return static_cast<SiteCode>(6 + o);
  case Ground::marrow:
    return static_cast<SiteCode>(12 + (o != 0));
  case Ground::outside:
    return static_cast<SiteCode>(14 + (o != 0));
  default:
    return static_cast<SiteCode>(12 + static_cast<SiteCode>(ground));
  }
}

constexpr Ground ground_of(const SiteCode code)
{
  if (code < 6) return Ground::tissue;
  if (code < 12) return Ground::graft;
  if (code < 14) return Ground::marrow;
  return code < 16 ? Ground::outside : static_cast<Ground>(code - 12);
}

constexpr Occupant occupant_of(const SiteCode code)
{
  if (code < 12) return static_cast<Occupant>(code % 6);
  return code == 13 || code == 15 ? Occupant::msc : Occupant::none;
}

/// The codes of a ground with each occupant, for with_occupant.
inline constexpr auto codes_with_occupant = [] {
  std::array<std::array<SiteCode, 32>, n_occupants> codes{};
  for (std::size_t o = 0; o < n_occupants; ++o)
    for (SiteCode c = 0; c < 32; ++c)
      codes[o][c] = c < 20 ? site_code(ground_of(c), static_cast<Occupant>(o)) : c;
  return codes;
}();

/// The same ground with another cell, or none, on it.
constexpr SiteCode with_occupant(const SiteCode code, const Occupant occupant)
{
  return codes_with_occupant[index(occupant)][code];
}

/// A set of codes, one bit each.
using CodeSet = std::uint32_t;

constexpr bool contains(const CodeSet set, const SiteCode code)
{
  return (set >> (code & site_code_bits)) & 1U;
}

constexpr CodeSet set_of(const Ground ground, const Occupant occupant = Occupant::none)
{
  return CodeSet{1} << site_code(ground, occupant);
}

namespace sites {

constexpr CodeSet free_in_tissue = set_of(Ground::tissue) | set_of(Ground::graft);
constexpr CodeSet free_in_graft = set_of(Ground::graft);
/// Where a new stromal cell may be put.
constexpr CodeSet free_for_birth = free_in_tissue | set_of(Ground::marrow);
/// Where a stromal cell may jump; who ends a day outside is lost.
constexpr CodeSet free_for_jump = free_for_birth | set_of(Ground::outside);

constexpr CodeSet stromal = set_of(Ground::tissue, Occupant::msc) | set_of(Ground::graft, Occupant::msc) |
                            set_of(Ground::marrow, Occupant::msc) | set_of(Ground::outside, Occupant::msc);
constexpr CodeSet in_elements = 0xFFF; ///< tissue and graft, whoever sits there
/// Cells other than stromal ones.
constexpr CodeSet formed = in_elements & ~(stromal | free_in_tissue);
/// What cells hold to: formed tissue, host bone, scaffold; not steel.
constexpr CodeSet surface = formed | set_of(Ground::host_bone) | set_of(Ground::scaffold);

} // namespace sites

} // namespace wolff::tissue
