#include "coupling/problem.h"

#include <algorithm>

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

bool Problem::is_periodic() const
{
  return std::any_of(faces.begin(), faces.end(), [](const auto &face) { return face.name == "periodic"; });
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
  }
  return problem;
}

} // namespace wolff::coupling
