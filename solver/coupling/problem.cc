#include "coupling/problem.h"

#include <algorithm>
#include <array>

namespace wolff::coupling {

void ProblemOptions::declare(Options &options)
{
  const Options::Section section(options, "Problem");
  options.add(
      "Constants", constants,
      "Names for numbers in all expressions: \"E0 = 1, nu = 0.3, a = 2\"; each may use those before it.");
  options.add("Definitions", definitions,
              "Names for expressions of x, y, z [mm]: \"r = sqrt(x^2+y^2+z^2); q = a^2/r^2\"; each may use "
              "those before it.");
  options.add("Young modulus [MPa]", youngs_modulus,
              "Expression, taken at the centre of each solid voxel of a box.");
  options.add(
      "Poisson ratio [-]", poisson_ratio,
      "Expression, taken at the centre of each solid voxel of a box or of an image with a modulus array.");
  options.add("Body force [N/mm^3]", body_force,
              "Force per volume on all solid voxels, three expressions with ';' between them; empty: none.");
  options.add(
      "Mean strain [-]", mean_strain,
      "For periodic sides: XX, YY, ZZ, XY, YZ, XZ (tensor shear); the displacement is the strain times "
      "the place plus a periodic part. Empty: none.");
  {
    const Options::Section part(options, "Faces");
    faces.declare(options);
  }
  const Options::Section part(options, "Exact");
  options.add("Displacement [mm]", exact_displacement,
              "Exact solution, three expressions with ';' between them: errors are printed and written.");
  options.add("Stress [MPa]", exact_stress,
              "Exact stress XX; YY; ZZ; XY; YZ; XZ, six expressions with ';' between them.");
}

std::array<bool, 3> Problem::periodic_axes() const
{
  std::array<bool, 3> axes{};
  for (std::size_t d = 0; d < 3; ++d)
    axes[d] = faces[2 * d].name == "periodic" && faces[2 * d + 1].name == "periodic";
  return axes;
}

Problem read_problem(const ProblemOptions &options, const geometry::BoxOptions &box,
                     std::vector<Fault> &faults)
{
  Problem problem;
  const auto attempt = [&faults](const auto &work) {
    try {
      work();
      return true;
    } catch (const Fault &fault) {
      faults.push_back(fault);
    } catch (const FaultList &list) {
      faults.insert(faults.end(), list.faults().begin(), list.faults().end());
    }
    return false;
  };
  // Without its names an expression would be blamed for what is wrong in them.
  if (!attempt([&] {
        problem.symbols = discretisation::Symbols(options.constants, "Problem/Constants", options.definitions,
                                                  "Problem/Definitions");
      }))
    return problem;
  const auto read = [&](auto &expression, const std::string &text, const std::string &option) {
    if (!text.empty()) attempt([&] { expression.emplace(text, problem.symbols, option); });
  };
  read(problem.solid_where, box.solid_where, "Geometry/Box/Solid where");
  read(problem.refined_where, box.refined_where, "Geometry/Box/Refined where");
  read(problem.youngs_modulus, options.youngs_modulus, "Problem/Young modulus [MPa]");
  read(problem.poisson_ratio, options.poisson_ratio, "Problem/Poisson ratio [-]");
  read(problem.body_force, options.body_force, "Problem/Body force [N/mm^3]");
  read(problem.exact_displacement, options.exact_displacement, "Problem/Exact/Displacement [mm]");
  read(problem.exact_stress, options.exact_stress, "Problem/Exact/Stress [MPa]");
  for (const auto &[text, option] : {std::pair(options.youngs_modulus, "Young modulus [MPa]"),
                                     {options.poisson_ratio, "Poisson ratio [-]"}})
    if (text.empty())
      faults.push_back(
          Fault(Exit::input, "option-missing", std::string("Problem/") + option, "the expression is empty")
              .wanted("a number or an expression of x, y, z"));
  problem.faces = loads::face_conditions(options.faces, problem.symbols, faults);

  if (!options.mean_strain.empty() && options.mean_strain.size() != 6)
    faults.push_back(Fault(Exit::input, "option-value", "Problem/Mean strain [-]", "components of the strain")
                         .found(std::to_string(options.mean_strain.size()))
                         .wanted("six: XX, YY, ZZ, XY, YZ, XZ"));
  else if (!options.mean_strain.empty()) {
    problem.mean_strain.emplace();
    std::copy(options.mean_strain.begin(), options.mean_strain.end(),
              problem.mean_strain->components.begin());
    if (!problem.is_periodic())
      faults.push_back(Fault(Exit::model, "periodic-pair", "Problem/Mean strain [-]",
                             "a mean strain is given, but no side is periodic")
                           .hint("Set Condition = periodic on two opposite sides"));
    if (std::any_of(problem.faces.begin(), problem.faces.end(),
                    [](const auto &face) { return face.is_held(); }))
      faults.push_back(Fault(Exit::input, "option-contradicts", "Problem/Mean strain [-]",
                             "displacements are prescribed by a mean strain and by conditions of faces")
                           .hint("Leave the sides that are not periodic free, or give them a traction"));
    if (problem.exact_displacement || problem.exact_stress)
      faults.push_back(Fault(Exit::input, "option-contradicts", "Problem/Exact",
                             "errors are those of the displacement in one box, not of its periodic part")
                           .hint("Compare mean_stress_MPa of the summary instead"));
  }
  if (problem.is_periodic() && problem.refined_where)
    faults.push_back(Fault(Exit::input, "option-contradicts", "Geometry/Box/Refined where",
                           "a periodic box has voxels of one size")
                         .hint("Leave the expression empty"));
  return problem;
}

} // namespace wolff::coupling
