#include "loads/face_conditions.h"

namespace wolff::loads {

using discretisation::TensorExpression;
using discretisation::VectorExpression;

const std::array<std::string, n_faces> &face_names()
{
  static const std::array<std::string, n_faces> names{"x-", "x+", "y-", "y+", "z-", "z+", "surface"};
  return names;
}

const Table<FaceLaw> &face_laws()
{
  static const Table<FaceLaw> table{
      {"free", "no force and no support", "", {}},
      {"clamped", "the displacement is zero", "", {.holds = true}},
      {"displacement",
       "the displacement is given; a component \"free\" is not",
       "",
       {.holds = true, .displacement = true}},
      {"platen",
       "the component of the displacement along the normal of the side is given, no friction",
       "",
       {.holds = true, .normal_only = true, .displacement = true}},
      {"traction", "force per area is given", "", {.traction = true}},
      {"periodic", "the displacement repeats on the opposite side, apart from the mean strain", "", {}},
  };
  return table;
}

void FaceOptions::declare(Options &options)
{
  options.add_choice("Condition", condition, face_laws().names(), "What holds or loads the face.");
  options.add("Displacement [mm]", displacement,
              "For displacement and platen: three expressions with ';' between them. A component \"free\" is "
              "not prescribed; a platen takes the component along its normal only.");
  options.add("Traction [MPa]", traction,
              "For traction: force per area, three expressions with ';' between them.");
  options.add(
      "Stress [MPa]", stress,
      "For traction: six expressions XX; YY; ZZ; XY; YZ; XZ, whose product with the outward normal of "
      "the voxel's face is the traction.");
}

void FacesOptions::declare(Options &options)
{
  for (std::size_t f = 0; f < n_faces; ++f) {
    const Options::Section section(options, face_names()[f]);
    faces[f].declare(options);
  }
}

Vector3 FaceCondition::displacement_at(const Vector3 &x) const
{
  return displacement ? (*displacement)(x) : Vector3::Zero();
}

Vector3 FaceCondition::traction_at(const Vector3 &x, const Vector3 &outward_normal) const
{
  if (!stress) return (*traction)(x);
  const SymmetricTensor s = (*stress)(x);
  const Vector3 &n = outward_normal;
  return {s.xx() * n[0] + s.xy() * n[1] + s.xz() * n[2], s.xy() * n[0] + s.yy() * n[1] + s.yz() * n[2],
          s.xz() * n[0] + s.yz() * n[1] + s.zz() * n[2]};
}

namespace {

/// One face; what is wrong is thrown.
FaceCondition face_condition(const FaceOptions &options, const std::size_t face,
                             const discretisation::Symbols &symbols)
{
  const std::string place = "Problem/Faces/" + face_names()[face] + "/";
  const FaceLaw &law = face_laws().at(options.condition).law;
  FaceCondition condition;
  condition.name = options.condition;
  if (face == staircase && (law.normal_only || options.condition == "periodic"))
    throw Fault(Exit::input, "face-condition", place + "Condition",
                "the rest of the surface has no one normal and no opposite side")
        .found(options.condition)
        .wanted("free, clamped, displacement or traction");
  const auto refuse_unused = [&](const std::string &option, const std::string &text, const bool is_used) {
    if (!text.empty() && !is_used)
      throw Fault(Exit::input, "face-condition", place + option,
                  "the condition of this face does not take this expression")
          .found("Condition = " + options.condition)
          .hint("Leave the expression empty or choose another condition");
  };
  refuse_unused("Displacement [mm]", options.displacement, law.displacement);
  refuse_unused("Traction [MPa]", options.traction, law.traction);
  refuse_unused("Stress [MPa]", options.stress, law.traction);
  const auto require = [&](const std::string &option, const bool is_given, const std::string &wanted) {
    if (!is_given)
      throw Fault(Exit::input, "face-condition", place + option,
                  "the condition \"" + options.condition + "\" needs an expression")
          .found("nothing")
          .wanted(wanted);
  };

  for (std::size_t c = 0; c < 3; ++c) condition.holds[c] = law.holds && (!law.normal_only || c == face / 2);
  if (law.displacement) {
    require("Displacement [mm]", !options.displacement.empty(), "three expressions with ';' between them");
    condition.displacement.emplace(options.displacement, symbols, place + "Displacement [mm]",
                                   VectorExpression::Free::allowed);
    const std::array<bool, 3> is_free = condition.displacement->is_free();
    if (law.normal_only && is_free[face / 2])
      throw Fault(Exit::input, "face-condition", place + "Displacement [mm]",
                  "a platen gives the component along its normal, which is free here");
    for (std::size_t c = 0; c < 3; ++c) condition.holds[c] = condition.holds[c] && !is_free[c];
  }
  if (law.traction) {
    require("Traction [MPa]", !options.traction.empty() || !options.stress.empty(),
            "three expressions here or six in Stress [MPa], with ';' between them");
    if (!options.traction.empty() && !options.stress.empty())
      throw Fault(Exit::input, "face-condition", place + "Stress [MPa]",
                  "the force per area is given by a traction and by a stress")
          .wanted("one of the two");
    if (!options.traction.empty())
      condition.traction.emplace(options.traction, symbols, place + "Traction [MPa]");
    else
      condition.stress.emplace(options.stress, symbols, place + "Stress [MPa]");
  }
  return condition;
}

} // namespace

FaceConditions face_conditions(const FacesOptions &options, const discretisation::Symbols &symbols,
                               std::vector<Fault> &faults)
{
  FaceConditions conditions;
  for (std::size_t f = 0; f < n_faces; ++f) {
    try {
      conditions[f] = face_condition(options.faces[f], f, symbols);
    } catch (const Fault &fault) {
      faults.push_back(fault);
    }
  }
  for (std::size_t f = 0; f < staircase; f += 2) {
    const bool low = options.faces[f].condition == "periodic",
               high = options.faces[f + 1].condition == "periodic";
    if (low != high)
      faults.push_back(Fault(Exit::model, "periodic-pair",
                             "Problem/Faces/" + face_names()[low ? f + 1 : f] + "/Condition",
                             "a periodic side needs its opposite side to be periodic")
                           .found(options.faces[low ? f + 1 : f].condition)
                           .wanted("periodic"));
  }
  return conditions;
}

} // namespace wolff::loads
