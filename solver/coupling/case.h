// Everything a user can set, as values with defaults. How a case file is written is app's business.
#pragma once

#include "base/options.h"
#include "coupling/lattice_body.h"
#include "coupling/pore_options.h"
#include "coupling/problem.h"
#include "geometry/geometry_options.h"
#include "loads/load_options.h"
#include "material/degradation.h"
#include "material/lattice_stiffness.h"
#include "material/mixture.h"
#include "material/smoothing.h"
#include "mechanics/elastic_solver.h"
#include "regeneration/continuum.h"
#include "stimulus/rules.h"
#include "tissue/lattice_rules.h"

#include <string>
#include <vector>

namespace wolff::coupling {

/// Sizes of voxels. A brick is refined until the voxels in it are no larger than what it touches asks for.
struct MeshOptions
{
  double finest = 0.5;  ///< in the scaffold's envelope [mm]
  double interface = 1; ///< at the surface, the plate, the lesion's rim and the wall of the track [mm]
  double bulk = 2;      ///< elsewhere in bone [mm]
  int samples = 3;      ///< points along a voxel's edge at which the phase is sampled
  double largest_model = 2147483647; ///< unknowns [-]

  void declare(Options &options);
};

/// Which table of materials/ a tissue takes its constants from, and what host bone is like.
struct MaterialOptions
{
  std::string granulation = "granulation", fibrous = "fibrous", cartilage = "cartilage",
              immature_bone = "immature_bone", mature_bone = "mature_bone", marrow = "marrow",
              cortical_bone = "cortical_bone", articular_cartilage = "articular_cartilage",
              scaffold = "Ti6Al4V";
  double head_density = 0.5;      ///< apparent density of viable cancellous bone [g/cm^3]
  double sclerotic_thickness = 0; ///< of a rim of dense bone around the lesion [mm], 0: none
  double sclerotic_density = 0;   ///< its density over that of other trabecular bone [-], 0 is not stated
  material::MixtureOptions mixture;
  material::SmoothingOptions smoothing;
  material::DegradationOptions degradation; ///< of the scaffold
  material::HomogenisedOptions homogenised; ///< where Geometry/Scaffold/Model says so

  void declare(Options &options);
};

/// The loop of mechanics and regeneration.
struct CourseOptions
{
  std::string backend = "continuum"; ///< continuum | lattice agents | external program | none
  double duration = 84;              ///< [day]
  double every = 3;                  ///< days between two solves of the mechanics
  std::string program;         ///< external program: path, then arguments, separated by blanks or quoted
  double program_minutes = 60; ///< an external program that takes longer is ended [min]

  void declare(Options &options);
};

struct OutputOptions
{
  std::string folder = "";            ///< empty: beside the case file, named after it
  double view_every = 7;              ///< [day]
  std::string states = "checkpoints"; ///< which tissue and mechanics files are kept: checkpoints | all
  int checkpoint_every = 5;           ///< steps
  double checkpoint_minutes = 30;     ///< wall time [min]
  std::string fields = "all";         ///< of a box or an image: all | none

  void declare(Options &options);
};

struct Case
{
  std::string title;
  geometry::GeometryOptions geometry;
  MeshOptions mesh;
  MaterialOptions materials;
  loads::LoadOptions loads;
  mechanics::SolverOptions solver;
  PoreOptions pores;
  stimulus::StimulusOptions stimulus;
  regeneration::RegenerationOptions regeneration;
  tissue::LatticeOptions lattice;
  CourseOptions course;
  OutputOptions output;
  ProblemOptions problem;          ///< of the bodies box and image
  LatticeBodyOptions cell_lattice; ///< of the body cell lattice

  /// Not options of the case file, but of the command line.
  bool drop_islands = false, accept_units = false;
  std::string name = "case"; ///< file name without folder and ending
  std::string folder = ".";  ///< paths in the case are relative to it

  void declare(Options &options);
  /// A box or an image with its own problem, in place of the femur that heals.
  bool is_voxel_body() const { return geometry.body == "box" || geometry.body == "image"; }
  bool is_long_bone() const { return geometry.body == "long bone"; }
  /// The lattice of cells alone, under a given stimulus.
  bool is_cell_lattice() const { return geometry.body == "cell lattice"; }
};

/// Does this option decide results, rather than how long the run is, what it is called or what it writes?
bool is_deciding(const Option &option);

/// Number of regeneration steps, and the length of step @p k [day]: the last one may be shorter.
int n_steps(const CourseOptions &course);
double step_days(const CourseOptions &course, int k);
/// Healing time at the beginning of step @p k [day].
double step_day(const CourseOptions &course, int k);

/// All problems of a case that can be found without building it, at once.
std::vector<Fault> check_case(const Case &input);

} // namespace wolff::coupling
