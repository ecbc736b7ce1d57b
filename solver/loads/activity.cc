#include "loads/activity.h"

#include "loads/hip_contact.h"
#include "loads/supports.h"

#include "base/errors.h"

#include <fmt/format.h>

namespace wolff::loads {

namespace {

/// The ten-subject data set counts x lateral on both sides of the body; here x is medial. The only place
/// where the sign changes.
Activity from_lateral_x(const Vector3 &mean, const Vector3 &deviation)
{
  return {Vector3(-mean[0], mean[1], mean[2]), deviation};
}

} // namespace

const Table<Activity> &activities()
{
  const char *const hip_iii = "ten subjects of the OrthoLoad series Hip III as tabulated with Fischer et al. "
                              "2021 J Biomech, mean of the peak phase [C from V]";
  static const Table<Activity> table{
      {"level walking", "both peaks of walking at a self-chosen speed; 247 % of body weight", hip_iii,
       from_lateral_x({67.7, -23.6, -235.8}, {14.3, 14.5, 19.0})},
      {"one-leg stance", "plateau of standing on one leg; 261 % of body weight", hip_iii,
       from_lateral_x({73.6, -15.0, -248.8}, {19.5, 13.9, 27.3})},
      {"standing up", "peak of rising from a chair; 215 % of body weight", hip_iii,
       from_lateral_x({86.1, -23.4, -194.5}, {37.7, 15.8, 59.3})},
      {"stairs up",
       "peak of climbing stairs; 251 % of body weight",
       "components of the simplified load set of Heller et al. 2005 J Biomech 38, 1155 [M]; their resultant "
       "agrees with Bergmann 2001 J Biomech 34, 859 [V]",
       {Vector3(-59.3, -60.6, -236.3), Vector3::Zero()}},
  };
  return table;
}

void LoadOptions::declare(Options &options)
{
  options.add_choice("Activity", activity, activities().names(),
                     "What the patient does: sets the force on the head, relative to body weight.");
  options.add("Body weight [N]", body_weight, "Weight of the patient.", positive(),
              "[U]; the subjects of the measured activities weighed 760 to 1197 N [V]");
  options.add("Load factor [-]", load_factor,
              "Factor on the force: 0.5 is half weight bearing, above 1 for faster activities.", positive());
  options.add("Hip contact force [N]", hip_contact_force,
              "Force on the head along medial, anterior, proximal; replaces activity and body weight. Empty: "
              "not used.");
  options.add(
      "Cap half angle [deg]", half_angle,
      "Half-angle of the contact cap, seen from the head centre; 60 is a lower bound of the pressure.",
      {5, 90, false, false}, "measured contact areas of 300 to 425 mm^2 give 25 to 30 [C from V]");
  options.add_choice("Distribution", distribution, pressure_laws().names(),
                     "How the contact pressure falls from the pole of the cap to its rim.");
  options.add_choice("Support", support, support_rules().names(), "How the femur is held.");
  options.add("Clamp height [mm]", clamp_height,
              "Cells whose centre lies within this height above the distal cut are held.", positive(), "[U]");
}

Vector3 hip_contact_force_in_femur_frame(const LoadOptions &options)
{
  const std::string option = "Loads/Hip contact force [N]";
  Vector3 force;
  if (options.hip_contact_force.empty())
    force = activities().at(options.activity).law.force / 100 * options.body_weight;
  else if (options.hip_contact_force.size() == 3)
    force = Vector3(options.hip_contact_force[0], options.hip_contact_force[1], options.hip_contact_force[2]);
  else
    throw Fault(Exit::input, "option-value", option, "wrong number of components")
        .found(fmt::format("{} numbers", options.hip_contact_force.size()))
        .wanted("three numbers: medial, anterior, proximal");
  force *= options.load_factor;

  const std::string found = fmt::format("({:.6g}, {:.6g}, {:.6g})", force[0], force[1], force[2]);
  if (!(force.norm() >= 1 && force.norm() <= 2e4))
    throw Fault(Exit::model, "units", option, "the force on the head has no plausible size")
        .found(found)
        .wanted("1 to 20000 N")
        .hint(force.norm() < 1 ? "It looks like kN or multiples of body weight" : "It looks like mN");
  if (!(force[0] <= 0 && force[1] <= 0 && force[2] < 0))
    throw Fault(Exit::model, "load-direction", option, "contact would pull the head out of the socket")
        .found(found)
        .wanted("a force on the head that points laterally, posteriorly and distally: no component positive, "
                "the last one negative")
        .hint(
            "The axes are x medial, y anterior, z proximal for both sides of the body; some data sets count "
            "x lateral");
  return force;
}

Vector3 hip_contact_force(const LoadOptions &options, const geometry::Anatomy &anatomy)
{
  return anatomy.femur_axes() * hip_contact_force_in_femur_frame(options);
}

} // namespace wolff::loads
