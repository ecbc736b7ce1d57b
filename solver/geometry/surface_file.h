// Surfaces from STL, PLY and VTP files, and bad edges to a VTP file. VTK stays in the source file.
#pragma once

#include "geometry/triangle_surface.h"

namespace wolff::geometry {

/**
 * Read a surface; points with equal coordinates are merged, polygons become triangles.
 *
 * Only regular files are opened, and what the header declares is compared with the size of the file before
 * VTK reads it. Coordinates are taken as millimetres.
 * @throws Fault (exit 2): file-missing, file-not-regular, file-unreadable, file-empty, surface-format,
 *         surface-unreadable, surface-not-finite
 */
TriangleSurface read_surface(const std::string &file);

/// Write @p edges as lines with the cell array "facets". @throws Fault (exit 5) if the file cannot be written
void write_edges(const TriangleSurface &surface, const std::vector<BadEdge> &edges, const std::string &file);

} // namespace wolff::geometry
