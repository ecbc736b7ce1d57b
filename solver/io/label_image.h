// Label images: one label a voxel, and on request a Young's modulus, from a .vti, .nii or .nii.gz file. Rank
// 0 reads and keeps the arrays; the others ask for the blocks of 8 x 8 x 8 voxels that are their bricks. What
// a label means is not known here.
//
// Of a .vti two cell arrays are decoded at most, by name; of a NIfTI file the one image: moduli if a name for
// them is given (any name), else labels. Where there are no labels, 1 stands for a modulus above 0 and 0 for
// void.
//
// Voxel axes are x, y, z as stored. A .vti puts its own origin; in a NIfTI file the origin is the outer
// corner of the first voxel, because its frame is that of a scanner.
#pragma once

#include "base/tensor.h"
#include "io/data_array.h"
#include "io/input_file.h"

#include <mpi.h>

#include <array>
#include <limits>
#include <map>
#include <optional>

namespace wolff::io {

struct LabelImageOptions
{
  std::string file{};
  std::string labels_array = "phase"; ///< cell array of a .vti; empty: no labels
  std::string modulus_array{};        ///< Young's moduli [MPa], 0 is void; empty: none
  double voxel_edge = 0;              ///< [mm] instead of the one in the file; 0: that of the file
  bool accept_units = false;          ///< take edges and moduli outside the plausible bands as they are
  std::size_t most_labels = 65536;    ///< more look like grey values and are refused
  ReadLimits limits{};
};

/// What every rank knows of an image.
struct ImageHeader
{
  std::array<std::int64_t, 3> voxels{};
  Vector3 origin = Vector3::Zero();            ///< outer corner of the first voxel [mm]
  double edge = 0;                             ///< of a voxel [mm]
  std::vector<std::string> arrays;             ///< names of all cell arrays of a .vti
  std::map<std::int32_t, std::int64_t> labels; ///< number of voxels of each label
  bool has_moduli = false;
  std::vector<std::string> warnings;

  bool operator==(const ImageHeader &) const = default;
};

/// Voxel (i, j, k) of block b stands at 512 b + (8 k + j) 8 + i, as in a brick.
struct ImageBlocks
{
  std::vector<std::int32_t> labels; ///< LabelImage::outside where a block reaches beyond the image
  std::vector<float> moduli;        ///< [MPa], 0 there and in void; empty if the image has none
};

class LabelImage
{
public:
  /// Label of what lies outside the image; no file may hold it.
  static constexpr std::int32_t outside = std::numeric_limits<std::int32_t>::min();
  /// Block (i, j, k) begins at voxel (8 i, 8 j, 8 k).
  using Block = std::array<std::int64_t, 3>;

  /**
   * Read the file on rank 0. Collective.
   * @throws Fault on all ranks. Exit 2: file not sound, array missing, voxels that are no cubes, labels that
   * are no whole numbers of 32 bits or scaled. Exit 3: implausible unit of length or modulus, moduli negative
   * or not finite, all of them 0. Exit 7: too large.
   */
  LabelImage(const LabelImageOptions &options, MPI_Comm comm);

  const ImageHeader &header() const { return header_; }

  /// The voxels of the blocks that this rank asks for, any number in any order. Collective: all ranks must
  /// call. The answers travel in rounds of some MB, so that no rank but 0 holds more than what it asked for.
  ImageBlocks read_blocks(const std::vector<Block> &blocks) const;

private:
  void read(const LabelImageOptions &options);
  void read_vti(const LabelImageOptions &options);
  void read_nifti_image(const LabelImageOptions &options);
  void set_frame(const LabelImageOptions &options, const std::array<double, 3> &spacing,
                 const Vector3 &origin);
  void check_moduli(const LabelImageOptions &options) const;
  void count_labels(const std::string &path, std::size_t most_labels);
  std::array<std::int64_t, 3> place(std::size_t voxel) const;
  std::vector<std::uint32_t> labels_of(const std::vector<std::int64_t> &blocks) const;
  std::vector<float> moduli_of(const std::vector<std::int64_t> &blocks) const;

  MPI_Comm comm_;
  ImageHeader header_;
  std::optional<DataArray> labels_, moduli_; ///< on rank 0, in the type of the file
  double slope_ = 1, intercept_ = 0;         ///< of the moduli
};

} // namespace wolff::io
