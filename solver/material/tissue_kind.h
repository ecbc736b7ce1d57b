// The kinds of tissue that share a voxel, and their shares.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace wolff::material {

/// Shares of cancellous and necrotic bone are bone volume fractions of a homogenised skeleton; its pores are
/// counted under what fills them (marrow, granulation tissue, new bone).
enum class Tissue : std::uint8_t
{
  granulation, ///< the space that healing may fill
  fibrous,
  cartilage, ///< callus cartilage
  immature_bone,
  mature_bone,
  marrow,
  cancellous_bone, ///< viable trabecular skeleton
  cortical_bone,
  articular_cartilage,
  necrotic_bone, ///< dead trabecular skeleton
  scaffold
};
constexpr std::size_t n_tissues = 11;

constexpr std::size_t index(const Tissue tissue)
{
  return static_cast<std::size_t>(tissue);
}

/// One number a tissue, in the order of Tissue: volume fractions, which sum to one.
using TissueFractions = std::array<double, n_tissues>;

/// In the order of Tissue. VTK arrays are called "fraction_" + name, tables in materials/ name + ".json".
inline const std::array<std::string, n_tissues> &tissue_names()
{
  static const std::array<std::string, n_tissues> names{
      {"granulation", "fibrous", "cartilage", "immature_bone", "mature_bone", "marrow", "cancellous_bone",
       "cortical_bone", "articular_cartilage", "necrotic_bone", "scaffold"}};
  return names;
}

} // namespace wolff::material
