#include "loads/pilot_node.h"

#include "loads/list_syntax.h"

#include "base/errors.h"

#include <fmt/format.h>

#include <Eigen/LU>

#include <algorithm>

namespace wolff::loads {

namespace {

const std::string section = "Loads/Pilot node/";

/// A point of the femur frame, from the numbers of an option.
Vector3 point_of(const std::vector<double> &numbers, const std::string &option)
{
  if (numbers.size() != 3)
    throw Fault(Exit::input, "option-value", section + option, "wrong number of components")
        .found(std::to_string(numbers.size()) + " numbers")
        .wanted("three numbers from the head centre: medial, anterior, proximal");
  return Vector3(numbers[0], numbers[1], numbers[2]);
}

/**
 * A femur stands if no motion of it leaves all springs and guides at rest. Rotations count by the way of the
 * head, so that all entries have one size.
 */
void require_no_free_motion(const PilotNode &pilot)
{
  const double arm = std::max((pilot.head_centre - pilot.point).norm(), 1.0);
  std::vector<std::size_t> loose; // motions that are not held
  for (std::size_t k = 0; k < 6; ++k)
    if (!pilot.restraints[k].is_held) loose.push_back(k);
  if (loose.empty()) return;
  const auto n = static_cast<Eigen::Index>(loose.size());
  Eigen::MatrixXd hold = Eigen::MatrixXd::Zero(n + static_cast<Eigen::Index>(pilot.guides.size()), n);
  for (Eigen::Index j = 0; j < n; ++j) {
    const std::size_t k = loose[static_cast<std::size_t>(j)];
    if (pilot.restraints[k].stiffness > 0) hold(j, j) = 1;
    for (std::size_t m = 0; m < pilot.guides.size(); ++m)
      hold(n + static_cast<Eigen::Index>(m), j) =
          pilot.guides[m].dot(pilot.mode(k).at(pilot.head_centre)) / (k < 3 ? 1 : arm);
  }
  Eigen::FullPivLU<Eigen::MatrixXd> decomposition(hold);
  decomposition.setThreshold(1e-6);
  if (decomposition.rank() == n) return;
  throw Fault(Exit::model, "no-support", "Loads/Pilot node", "a rigid motion of the femur is left free")
      .found(fmt::format("{} of the pilot node's motions not held, {} independent springs and guides", n,
                         decomposition.rank()))
      .wanted("a spring, a hold or a guide for each of them")
      .hint(pilot.guides.empty() ? "Hold the rotations, give them a stiffness, or guide the head"
                                 : "A guided head stops two rotations: hold the third one");
}

} // namespace

void PilotOptions::declare(Options &options)
{
  options.add_choice("Place", place, {"middle of the cut", "knee", "stated"},
                     "Of a pilot node: the point about which the rigid distal end turns.");
  options.add("Point [mm]", point,
              "Of a pilot node at a stated place: medial, anterior, proximal from the head centre.");
  options.add("Knee [mm]", knee, "Centre of the knee: medial, anterior, proximal from the head centre.", 3,
              "head centre to knee 421 mm, line inclined by 5.0 deg to the shaft: means of ten femora of the "
              "series Hip III [C]");
  options.add(
      "Translations [N/mm]", translations,
      "Of a pilot node: held, free or the stiffness of a spring, medially, anteriorly and proximally, "
      "parted by semicolons (held; held; 2e4); one entry stands for all.");
  options.add("Rotations [N mm/rad]", rotations,
              "The same about the medial, anterior and proximal axis (1e6; 1e6; held).");
  options.add_choice("Head", head, {"free", "guided to the knee"},
                     "With a pilot node: the centre of the head is free, or moves along the line to the knee "
                     "only, as the hip joint makes it; costs two more solves in each step.");
}

RigidMotion PilotNode::mode(const std::size_t k) const
{
  const Vector3 axis = axes.col(static_cast<Eigen::Index>(k % 3));
  RigidMotion motion;
  motion.point = point;
  (k < 3 ? motion.translation : motion.rotation) = axis;
  return motion;
}

bool PilotNode::is_fixed() const
{
  return std::all_of(restraints.begin(), restraints.end(), [](const Restraint &r) { return r.is_held; });
}

std::array<Restraint, 3> restraints_of(const std::string &text, const std::string &option)
{
  const std::vector<ListEntry> entries = entries_of(text);
  const auto refuse = [&](const std::string &found) {
    return Fault(Exit::input, "option-value", section + option, "a restraint is not understood")
        .found("\"" + found + "\"")
        .wanted("held, free or a stiffness greater than 0; one for all axes or three, parted by semicolons");
  };
  if (entries.size() != 1 && entries.size() != 3) throw refuse(text);
  std::array<Restraint, 3> restraints;
  for (std::size_t c = 0; c < 3; ++c) {
    const ListEntry &entry = entries[entries.size() == 1 ? 0 : c];
    if (entry.name == "held" && entry.numbers.empty())
      restraints[c] = {true, 0};
    else if (entry.name == "free" && entry.numbers.empty())
      restraints[c] = {false, 0};
    else if (entry.name.empty() && entry.numbers.size() == 1 && entry.numbers[0] > 0)
      restraints[c] = {false, entry.numbers[0]};
    else
      throw refuse(entry.text);
  }
  return restraints;
}

PilotNode pilot_node(const PilotOptions &options, const geometry::Anatomy &anatomy, const Vector3 &cut_middle)
{
  PilotNode pilot;
  pilot.axes = anatomy.femur_axes();
  pilot.head_centre = anatomy.head_centre();
  const std::array<Restraint, 3> translations = restraints_of(options.translations, "Translations [N/mm]"),
                                 rotations = restraints_of(options.rotations, "Rotations [N mm/rad]");
  for (std::size_t c = 0; c < 3; ++c) {
    pilot.restraints[c] = translations[c];
    pilot.restraints[3 + c] = rotations[c];
  }
  const auto in_model = [&](const Vector3 &femur) -> Vector3 {
    return pilot.head_centre + pilot.axes * femur;
  };
  pilot.point = options.place == "knee"     ? in_model(point_of(options.knee, "Knee [mm]"))
                : options.place == "stated" ? in_model(point_of(options.point, "Point [mm]"))
                                            : cut_middle;
  if (options.head == "guided to the knee") {
    const Vector3 knee = pilot.axes * point_of(options.knee, "Knee [mm]");
    if (!(pilot.axes.col(2).dot(knee) < 0))
      throw Fault(Exit::input, "option-value", section + "Knee [mm]", "the knee is not below the head")
          .found(options.knee[2])
          .wanted("a negative last component");
    const Vector3 line = knee.normalized(), anterior = pilot.axes.col(1);
    const Vector3 across = (anterior - anterior.dot(line) * line).normalized();
    pilot.guides = {across, line.cross(across)};
    pilot.guide_pole = -line;
  }
  require_no_free_motion(pilot);
  return pilot;
}

std::string text_of(const PilotNode &pilot)
{
  std::string text =
      fmt::format("pilot node at ({:.1f}, {:.1f}, {:.1f}) mm; medial, anterior, proximal:", pilot.point[0],
                  pilot.point[1], pilot.point[2]);
  for (std::size_t k = 0; k < 6; ++k) {
    const Restraint &r = pilot.restraints[k];
    text += k == 0 ? " translations " : k == 3 ? "; rotations " : ", ";
    text += r.is_held          ? "held"
            : r.stiffness == 0 ? "free"
                               : fmt::format("{:g} {}", r.stiffness, k < 3 ? "N/mm" : "N mm/rad");
  }
  return text + (pilot.guides.empty() ? "" : "; head guided to the knee");
}

} // namespace wolff::loads
