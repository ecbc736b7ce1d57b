// From the options of a case to the anatomy, and the figures about it that a user wants to see before
// computing.
#pragma once

#include "geometry/geometry_options.h"

#include <memory>

namespace wolff::geometry {

struct GeometryReport
{
  Landmarks landmarks;
  FemurFrame frame = FemurFrame();
  LesionMeasures lesion;
  std::vector<Track> tracks;
  std::optional<ScaffoldMeasures> scaffold;
  Vector3 scaffold_tip = Vector3::Zero();   ///< centre of one of its ends [mm]
  Vector3 scaffold_axis = Vector3::UnitZ(); ///< unit vector towards that end
  std::vector<std::string> warnings;        ///< sound, but not what most users want
  std::vector<std::string> lines;           ///< all of it as text, without the warnings
};

/**
 * Build the model of a case.
 *
 * What fills a point, first match: outside the body; cartilage; subchondral plate; scaffold or its pore
 * within the envelope, of a homogenised scaffold its pore throughout; track; cortical shell; lesion;
 * cancellous bone. So the track goes through the lateral cortex, never through the plate, and the lesion
 * leaves the cortical shell.
 *
 * @param case_folder paths of the case are relative to it
 * @param report filled if not null
 * @throws Fault, FaultList as check() and the makers of the parts
 */
std::unique_ptr<Anatomy> build_anatomy(const GeometryOptions &options, const std::string &case_folder,
                                       GeometryReport *report = nullptr);

} // namespace wolff::geometry
