// What the voxels of an image are made of: by their labels, or by an array of moduli.
#pragma once

#include "coupling/box_material.h"
#include "coupling/case.h"
#include "io/label_image.h"
#include "material/elastic.h"

#include <map>
#include <optional>

namespace wolff::coupling {

/// What the labels of an image are: elastic constants, or nothing for void.
using Phases = std::map<std::int64_t, std::optional<material::Elastic>>;

/**
 * Read the phases of the image, "0 void; 1 15000 0.3; 2 Ti6Al4V".
 * @throws Fault, FaultList: exit 2 for the form or an unknown material, exit 3 for constants outside their
 * range
 */
Phases read_phases(const Case &input);

/// Moduli of an image. Voxels of its bricks beyond the image are void. @throws Fault: exit 2 from the file,
/// exit 3 `phase-undefined` and as above; on all ranks. Collective.
BoxMaterial image_material(const discretisation::BrickForest &forest, const io::LabelImage &image,
                           const VoxelBox &box, const Case &input, const Problem &problem, bool keep_labels);

} // namespace wolff::coupling
