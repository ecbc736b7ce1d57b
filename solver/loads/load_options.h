// The options of section Loads: what loads the bone, how much and when, and how it is held.
#pragma once

#include "loads/end_load.h"
#include "loads/pilot_node.h"

#include "base/options.h"

#include <string>
#include <vector>

namespace wolff::loads {

/// Forces of a gait cycle from a file of the user.
struct GaitOptions
{
  std::string file;                         ///< CSV, relative to the case file
  std::vector<double> phases{17, 50};       ///< at which the cycle is sampled [% of the cycle]
  std::string frame = "stated in the file"; ///< x medial | x lateral
  std::string unit = "stated in the file";  ///< N | %BW
  std::string direction_check = "peak";     ///< peak | strict | off

  void declare(Options &options);
};

struct LoadOptions
{
  std::string set = "one activity";
  std::string activity = "level walking";
  std::string activities;                  ///< "name cycles; ...", of several activities
  double body_weight = 750;                ///< [N]
  double walking_cycles = 6144;            ///< of one hip [1/day]
  std::string subject_weights = "patient"; ///< whose weight the ten subjects' forces take: patient | own
  double load_factor = 1;                  ///< share of the full force that the patient puts on the leg [-]
  std::string schedule;                    ///< "day factor; ..."; empty: the same on all days
  std::vector<double> hip_contact_force;   ///< femur frame [N]; empty: from activity and body weight
  GaitOptions gait;
  std::string muscles = "none";
  std::string muscles_left_out;    ///< names parted by semicolons
  double muscle_disc_radius = 7.5; ///< [mm]
  double half_angle = 27.5;        ///< of the contact cap [deg]
  std::string distribution = "cosine";
  std::string support = "clamp at distal cut";
  double clamp_height = 5;         ///< [mm]
  double foundation_stiffness = 0; ///< [N/mm^3]; 0: not stated
  PilotOptions pilot;
  EndLoadOptions end; ///< of a long bone

  void declare(Options &options);
};

} // namespace wolff::loads
