// Points with small numbers, one for each cell of a lattice, as parallel VTK poly data: a .vtp piece for each
// rank and a .pvtp index, which ParaView opens beside the tissue. What the numbers mean is not known here.
//
// The pieces of "tissue_0003_cells.pvtp" are "tissue_0003_cells/piece_0000.vtp" and so on. Point arrays:
// `site` (three Int32), `kind` and `age_day` (UInt8); points are the places of the sites in Float32 [mm].
// Field data `frame_mm`: the place of site (0, 0, 0) and the spacing.
#pragma once

#include "base/tensor.h"

#include <mpi.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace wolff::io {

struct SitePoint
{
  std::array<std::int32_t, 3> site;
  std::uint8_t kind, age;
  bool operator==(const SitePoint &) const = default;
};

/// Where site (0, 0, 0) lies, and how far the next one is [mm].
struct SiteFrame
{
  Vector3 origin = Vector3::Zero();
  double spacing = 1;
};

/// Write @p points of this rank. An older file of the same name stays until all pieces are on the disk.
/// @throws Fault (exit 5) on all ranks. Collective.
void write_sites(const std::string &path, const std::vector<SitePoint> &points, const SiteFrame &frame,
                 MPI_Comm comm);

/// Read on any number of ranks; each gets some of the points, all together every one, and
/// the frame.
/// @throws Fault (exit 2) on all ranks: missing, not sound, or an array is not there. Collective.
std::vector<SitePoint> read_sites(const std::string &path, SiteFrame &frame, MPI_Comm comm);

} // namespace wolff::io
