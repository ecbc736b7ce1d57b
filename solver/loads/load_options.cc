#include "loads/load_options.h"

#include "loads/activity.h"
#include "loads/hip_contact.h"
#include "loads/muscles.h"
#include "loads/supports.h"

namespace wolff::loads {

void GaitOptions::declare(Options &options)
{
  options.add("File", file,
              "CSV file with the columns phase (or gait, cycle) [%] or time [s], Fx, Fy, Fz: the force on "
              "the head over one "
              "cycle. Lines that begin with # are remarks.");
  options.add(
      "Phases [%]", phases,
      "Phases of the cycle that become load cases; between two rows the force is interpolated "
      "linearly.",
      0,
      "17 and 50: the peaks of the shipped illustrative cycle [M]; studies of remodelling took 25, 45, "
      "65 and 85 [V]");
  options.add_choice("Frame", frame, {"stated in the file", "x medial", "x lateral"},
                     "Where Fx points; y is anterior, z proximal. Stated in the file: by a remark \"frame: x "
                     "medial\" or \"frame: x lateral\".");
  options.add_choice(
      "Unit", unit, {"stated in the file", "N", "%BW"},
      "Unit of the forces. Stated in the file: by a remark \"unit: N\" or \"unit: %BW\" (per cent "
      "of body weight).");
  options.add_choice("Direction check", direction_check, {"peak", "strict", "off"},
                     "What must push the head laterally, posteriorly and distally. Peak: the largest force "
                     "of the file, while "
                     "each phase must push it distally; strict: each phase; off: nothing. A measured force "
                     "points forward in "
                     "parts of a cycle, but not at its peak.");
}

void LoadOptions::declare(Options &options)
{
  options.add_choice(
      "Load set", set, {"one activity", "several activities", "ten subjects", "gait cycle"},
      "Which load cases there are. Ten subjects: level walking of the ten measured subjects, one "
      "case each. Every further case costs a solve.");
  options.add_choice("Activity", activity, loads::activities().names(),
                     "Of one activity: what the patient does; sets the force on the head, relative to body "
                     "weight.");
  options.add(
      "Activities", activities,
      "Of several activities: their names, each followed by cycles a day and, if wanted, its weight in "
      "a mean (1), separated by semicolons: level walking 6144; stairs up 100 0.5.");
  options.add("Walking cycles [1/day]", walking_cycles,
              "How often one hip is loaded by walking, that is once every two steps.", positive(),
              "6144: Kinkel 2009, 105 patients with hip replacement, sixfold spread [V]");
  options.add("Body weight [N]", body_weight, "Weight of the patient.", positive(),
              "[U]; the subjects of the measured activities weighed 760 to 1197 N [V]");
  options.add_choice(
      "Subject weights", subject_weights, {"patient", "own"},
      "Of ten subjects: each subject's force in per cent of body weight times the weight of the "
      "patient, or times its own.");
  options.add("Load factor [-]", load_factor,
              "Factor on the force: 0.5 is half weight bearing, above 1 for faster activities.", positive());
  options.add(
      "Schedule", schedule,
      "Days from which a further factor on all forces holds, separated by semicolons, the first of day "
      "0: 0 0; 42 0.5; 84 1 is no weight for six weeks, then half of it, then all. Empty: 1 on all "
      "days.");
  options.add(
      "Hip contact force [N]", hip_contact_force,
      "Of one activity: force on the head along medial, anterior, proximal; replaces activity and body "
      "weight. Empty: not used.");
  {
    const Options::Section part(options, "Gait cycle");
    gait.declare(options);
  }
  std::vector<std::string> choices{"none", "of the activity"};
  for (const auto &entry : muscle_sets()) choices.push_back(entry.name);
  options.add_choice(
      "Muscles", muscles, choices,
      "Muscle forces on trochanter and shaft beside the hip contact: none, the set that belongs "
      "to each activity, or one set for all.");
  options.add("Muscles left out", muscles_left_out,
              "Muscles of the set that do not act, by name, parted by semicolons: abductor.");
  options.add("Muscle disc radius [mm]", muscle_disc_radius,
              "Muscle forces are spread over the faces within this distance of their attachment.",
              between(2, 20), "5 to 10 mm, a numerical choice [U]");
  options.add(
      "Cap half angle [deg]", half_angle,
      "Half-angle of the contact cap, seen from the head centre; 60 is a lower bound of the pressure.",
      {5, 90, false, false}, "measured contact areas of 300 to 425 mm^2 give 25 to 30 [C from V]");
  options.add_choice("Distribution", distribution, pressure_laws().names(),
                     "How the contact pressure falls from the pole of the cap to its rim.");
  options.add_choice(
      "Support", support, support_rules().names(),
      "How the femur is held: rigidly, sliding in the plane of the cut but for one voxel's face "
      "at its middle, on springs under the whole cut, or by one point that its rigid end moves with.");
  options.add(
      "Clamp height [mm]", clamp_height,
      "Cells whose centre lies within this height above the distal cut are held, become the foundation "
      "or move with the pilot node.",
      positive(), "[U]");
  options.add("Foundation stiffness [N/mm^3]", foundation_stiffness,
              "Of an elastic foundation: stress along the shaft over settlement; across it is half as stiff. "
              "0: not stated.",
              non_negative(), "no default: to be stated [U]");
  {
    const Options::Section part(options, "Pilot node");
    pilot.declare(options);
  }
  const Options::Section part(options, "End load");
  end.declare(options);
}

} // namespace wolff::loads
