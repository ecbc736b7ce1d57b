// The body of a run of the cell lattice alone: a box, or a gap in a long bone with its marrow, bone ends and
// periosteum, as in the published set-up; and the stimulus that is given there. `subsection Cell lattice`.
#pragma once

#include "base/errors.h"
#include "base/options.h"
#include "regeneration/lattice.h"
#include "stimulus/stimulus_options.h"

#include <memory>
#include <string>
#include <vector>

namespace wolff::coupling {

/// Lengths of the long bone are those of the program of Perier-Metz et al. 2020 (sheep tibia).
struct LatticeBodyOptions
{
  std::string shape = "long bone"; ///< or "box"
  std::vector<double> sites{401, 401, 601};
  double gap = 40, bone_radius = 10, canal_radius = 7.5, inner_radius = 0, callus_radius = 10.7; ///< [mm]
  double marrow_depth = 2, periosteum_length = 10;                                               ///< [mm]
  int seeded_layer = 3;
  std::string constants, definitions, graft_where, scaffold_where, plate_where,
      cells_where;                     ///< empty: nowhere
  double cells_share = 1;              ///< of the sites of cells_where [-]
  double graft_cells = 0;              ///< share of free graft sites [-]
  std::string stimulus, stimulus_file; ///< S [-], expression of the place, or image; one of them
  int element_edge = 5;                ///< [sites]
  std::string element_file, element_array = "element"; ///< label image in place of boxes; empty: none
  int ensemble = 1;                                    ///< seeds

  void declare(Options &options);
};

/// The body, ready to be asked. x, y, z are measured from the middle of the lattice [mm]; z is the axis.
class LatticeBody
{
public:
  /// @p folder: a stimulus file is relative to it.
  /// @throws Fault, FaultList (exit 2, 3): all that is wrong with the options, and with a stimulus file
  LatticeBody(const LatticeBodyOptions &options, double spacing, const stimulus::StimulusOptions &stimulus,
              const std::string &folder);
  ~LatticeBody();
  LatticeBody(LatticeBody &&) noexcept;

  const regeneration::LatticeExtent &extent() const { return extent_; }

  /**
   * Ground of a site. Long bone, with r the distance from the axis and a that from the nearer end of the gap:
   * in the gap tissue where inner radius <= r <= callus radius, marrow within; beyond, for a growing, marrow
   * within the canal, host bone up to its radius, tissue up to the callus radius along the periosteum;
   * outside elsewhere. Plate, scaffold and graft (in this order) take the place of tissue. @throws Fault
   * (exit 2)
   */
  tissue::Ground ground(std::int64_t x, std::int64_t y, std::int64_t z) const;

  /**
   * The cells of the first morning, as published: in every third layer (the seeded layers) stromal cells fill
   * the marrow to a depth from each end of the gap, and the sites next to the bone along the periosteum;
   * on a share of the sites where cells_where is not zero; and a share of the graft at random. Age one day;
   * in legacy runs zero in the marrow of the far end (z > 0), where they then never mature.
   */
  bool is_seeded(std::int64_t x, std::int64_t y, std::int64_t z, const tissue::LatticeOptions &options,
                 regeneration::PlacedCell &cell) const;

  /// What the stimulus calls for in the element whose middle is at @p x [mm]: the value of the expression
  /// there, or of the image's voxel that holds it. @throws Fault (exit 2, 3, 4): outside of the image, no S
  tissue::Window window(const Vector3 &x) const;
  /// Place of a site, also between sites [mm].
  Vector3 place(double x, double y, double z) const;

private:
  struct Texts;
  LatticeBodyOptions options_;
  double spacing_;
  regeneration::LatticeExtent extent_;
  std::unique_ptr<Texts> texts_;
};

} // namespace wolff::coupling
