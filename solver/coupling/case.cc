#include "coupling/case.h"

#include "coupling/backend_options.h"
#include "coupling/load_cases.h"
#include "loads/schedule.h"
#include "material/mixture.h"

#include <algorithm>
#include <cmath>

namespace wolff::coupling {

void MeshOptions::declare(Options &options)
{
  const Options::Section section(options, "Mesh");
  options.add("Finest voxel [mm]", finest, "Edge of the voxels in the envelope of the scaffold.",
              between(0.01, 5));
  options.add(
      "Interface voxel [mm]", interface,
      "Largest edge at the surface, the subchondral plate, the rim of the lesion and the wall of the track.",
      between(0.01, 10));
  options.add("Bulk voxel [mm]", bulk, "Largest edge elsewhere in bone.", between(0.01, 20));
  options.add("Samples per voxel edge [-]", samples,
              "Points along an edge of a voxel at which the phase is sampled for its volume shares.",
              between(1, 16));
  options.add("Largest model [-]", largest_model, "Unknowns beyond which a model is refused.",
              between(1, 2147483647));
}

void MaterialOptions::declare(Options &options)
{
  const Options::Section section(options, "Materials");
  const auto table = [&](const std::string &name, std::string &value, const std::string &what) {
    options.add(name, value, "Table of materials/ (its name, or a path) for " + what + ".");
  };
  table("Scaffold", scaffold, "the solid of the scaffold");
  table("Granulation tissue", granulation, "granulation tissue, which fills drilled and empty space");
  table("Fibrous tissue", fibrous, "fibrous tissue");
  table("Cartilage", cartilage, "cartilage of the callus");
  table("Immature bone", immature_bone, "immature bone");
  table("Mature bone", mature_bone, "newly formed mature bone");
  table("Marrow", marrow, "marrow");
  table("Cortical bone", cortical_bone, "cortical shell and subchondral plate");
  table("Articular cartilage", articular_cartilage, "articular cartilage");
  options.add("Cancellous density [g/cm^3]", head_density,
              "Apparent density of the trabecular bone; its modulus and volume fraction follow.",
              {0.05, 1.8, false, false}, "femoral head, apparent wet density 0.3 to 0.7 [M]");
  options.add("Sclerotic rim [mm]", sclerotic_thickness,
              "Thickness of a rim of denser trabecular bone around the lesion; 0 for none.", between(0, 20),
              "no defensible number exists [U]: off unless stated");
  options.add(
      "Sclerotic density factor [-]", sclerotic_density,
      "Its density over that of the other trabecular bone; stiffness follows by the density law.",
      between(0, 10),
      "no defensible number exists [U]: 0 is not stated; stiffer and stronger, Ma 2017 Sci Rep 7:13345 "
      "(direction only) [V]");
  {
    const Options::Section part(options, "Mixture");
    mixture.declare(options);
  }
  {
    const Options::Section part(options, "Homogenised scaffold");
    homogenised.declare(options);
  }
  {
    const Options::Section part(options, "Scaffold degradation");
    degradation.declare(options);
  }
  const Options::Section part(options, "Time");
  smoothing.declare(options);
}

void CourseOptions::declare(Options &options)
{
  const Options::Section section(options, "Regeneration");
  options.add_choice("Backend", backend, {"continuum", "lattice agents", "external program", "none"},
                     "What computes the next tissue state: the continuum model, the lattice of single cells, "
                     "another program "
                     "through VTK files, or nothing (one mechanics step).");
  options.add("Duration [day]", duration, "Healing time to simulate.", between(0, 36500));
  options.add("Mechanics every [day]", every, "Healing time between two solves of the mechanics.",
              {0.01, 3650, false, false}, "3 d in the programs of Perier-Metz et al. [V]");
  options.add("External program", program,
              "For Backend = external program: path and first arguments, separated by blanks; double quotes "
              "keep blanks. "
              "Started without a shell with --tissue FILE --mechanics FILE --days D --output FILE added.");
  options.add("External program limit [min]", program_minutes, "Wall time after which the program is ended.",
              positive());
}

void OutputOptions::declare(Options &options)
{
  const Options::Section section(options, "Output");
  options.add("Folder", folder,
              "Result folder, relative to the case file; empty: results of the case's name in the "
              "working directory. --output goes before it.");
  options.add("Every [day]", view_every,
              "Healing time between two view files, which ParaView opens through wolff.pvd.", positive());
  options.add_choice(
      "State files", states, {"checkpoints", "all"},
      "Tissue and mechanics files in full precision: the newest two checkpoints, or every step. Of a cell "
      "lattice alone all: every single cell beside each view.");
  options.add("Checkpoint every [step]", checkpoint_every,
              "Steps between two checkpoints; a cell lattice alone has them by wall time only.",
              between(1, 1000000));
  options.add("Checkpoint every [min]", checkpoint_minutes,
              "Wall time after which a checkpoint is written anyway.", positive());
  options.add_choice("Fields", fields, {"all", "none"},
                     "Of a box or an image: all fields in mechanics.pvtu, or summary.json only. Of a cell "
                     "lattice alone: views of its elements, or none.");
}

void Case::declare(Options &options)
{
  options.add("Title", title, "One line for reports and files.");
  {
    const Options::Section section(options, "Geometry");
    geometry.declare(options);
  }
  mesh.declare(options);
  materials.declare(options);
  {
    const Options::Section section(options, "Loads");
    loads.declare(options);
  }
  {
    const Options::Section section(options, "Solver");
    solver.declare(options);
  }
  pores.declare(options);
  {
    const Options::Section section(options, "Stimulus");
    stimulus.declare(options);
  }
  course.declare(options);
  regeneration.declare(options);
  {
    const Options::Section section(options, "Regeneration");
    lattice.declare(options);
  }
  problem.declare(options);
  cell_lattice.declare(options);
  output.declare(options);
}

bool is_deciding(const Option &option)
{
  const std::string path = option.path();
  return !path.starts_with("Output/") && path != "Title" && path != "Regeneration/Duration [day]";
}

int n_steps(const CourseOptions &course)
{
  if (course.backend == "none") return 0;
  // 84 / 0.3 is 280.00000000000006 in binary: a step that is rounding only is none.
  return static_cast<int>(std::ceil(course.duration / course.every * (1 - 1e-12)));
}

double step_day(const CourseOptions &course, const int k)
{
  return std::min(k * course.every, course.duration);
}

double step_days(const CourseOptions &course, const int k)
{
  return step_day(course, k + 1) - step_day(course, k);
}

namespace {

/// Options of the scaffold that contradict each other or the backend.
std::vector<Fault> check_scaffold(const Case &input)
{
  std::vector<Fault> faults;
  const geometry::ScaffoldOptions &scaffold = input.geometry.scaffold;
  const material::HomogenisedOptions &options = input.materials.homogenised;
  const auto contradicts = [&](const std::string &option, const std::string &what, const std::string &found,
                               const std::string &wanted) {
    faults.push_back(Fault(Exit::input, "option-contradicts", option, what).found(found).wanted(wanted));
  };
  const std::string knock_down = "Materials/Homogenised scaffold/Stiffness knock-down [-]",
                    modulus = "Materials/Homogenised scaffold/Apparent modulus [MPa]";
  if (scaffold.is_homogenised()) {
    if (input.course.backend == "lattice agents")
      contradicts("Geometry/Scaffold/Model", "the lattice of cells needs struts that its sites can hold to",
                  scaffold.model, "resolved, or another backend");
    if (options.apparent_modulus > 0 && options.knock_down != 1)
      contradicts(knock_down, "an apparent modulus that is stated is that of the scaffold as made",
                  to_text(options.knock_down), "1, or no apparent modulus");
    if (options.apparent_modulus == 0 && !material::has_lattice_table(scaffold.type))
      faults.push_back(
          Fault(Exit::input, "option-missing", modulus, "no unit cells of this type are tabulated")
              .found("\"" + scaffold.type + "\" without an apparent modulus")
              .wanted("a modulus, or one of: " + join(material::lattice_tables().names(), 40)));
  } else if (options.apparent_modulus > 0 || options.knock_down != 1)
    contradicts(options.apparent_modulus > 0 ? modulus : knock_down, "this is for a homogenised scaffold",
                "Model = " + scaffold.model + ", Type = " + scaffold.type,
                "Geometry/Scaffold/Model = homogenised");
  if (const regeneration::SurfaceGuidanceOptions &guidance = input.regeneration.surfaces;
      guidance.is_on() && scaffold.is_homogenised() && scaffold.type == "foam" && guidance.specific_area == 0)
    faults.push_back(Fault(Exit::input, "option-missing",
                           "Regeneration/Surface guidance/Specific surface [1/mm]",
                           "the surface of a foam is not known")
                         .found("0, which is that of a lattice")
                         .wanted("a number greater than 0"));
  if (input.materials.degradation.is_on()) {
    const std::string law = "Materials/Scaffold degradation/Law";
    if (scaffold.type == "none")
      contradicts(law, "there is no scaffold that could degrade", input.materials.degradation.law, "none");
    if (input.course.backend == "lattice agents")
      contradicts(law, "the lattice of cells erodes its scaffold site by site",
                  input.materials.degradation.law,
                  "none, with Surface and Bulk erosion [1/day] of Regeneration/Lattice; or another backend");
    for (const Fault &fault : material::check(input.materials.degradation)) faults.push_back(fault);
  }
  return faults;
}

} // namespace

std::vector<Fault> check_case(const Case &input)
{
  std::vector<Fault> faults = geometry::check(input.geometry);
  if (input.is_voxel_body()) {
    read_problem(input.problem, input.geometry.box, faults);
    return faults;
  }
  if (input.is_cell_lattice()) {
    try {
      LatticeBody(input.cell_lattice, input.lattice.spacing, input.stimulus, input.folder);
    } catch (const Fault &fault) {
      faults.push_back(fault);
    } catch (const FaultList &list) {
      faults.insert(faults.end(), list.faults().begin(), list.faults().end());
    }
    for (const Fault &fault : ignored_by_backend(input)) faults.push_back(fault);
    if (!input.lattice.graft_regions.empty())
      faults.push_back(Fault(Exit::input, "option-contradicts", "Regeneration/Lattice/Graft regions",
                             "the lattice alone has no regions")
                           .found("\"" + input.lattice.graft_regions + "\"")
                           .wanted("Geometry/Cell lattice/Graft where"));
    return faults;
  }
  for (const Fault &fault : mechanics::check(input.solver)) faults.push_back(fault);
  for (const Fault &fault : check_scaffold(input)) faults.push_back(fault);
  const MeshOptions &mesh = input.mesh;
  if (mesh.finest > mesh.interface || mesh.interface > mesh.bulk)
    faults.push_back(
        Fault(Exit::input, "voxel-order", "Mesh", "voxel sizes of scaffold, interface and bulk")
            .found(to_text(mesh.finest) + ", " + to_text(mesh.interface) + ", " + to_text(mesh.bulk) + " mm")
            .wanted("sizes that do not decrease in this order"));
  const auto attempt = [&](const auto &work) {
    try {
      work();
    } catch (const Fault &fault) {
      faults.push_back(fault);
    } catch (const FaultList &list) {
      faults.insert(faults.end(), list.faults().begin(), list.faults().end());
    }
  };
  attempt([&] {
    for (const loads::LoadCase &load : read_load_set(input))
      if (input.stimulus.daily.are_written && load.cycles == 0)
        throw Fault(Exit::model, "load-cycles", "Stimulus/Daily measures/Write",
                    "sums over a day need the cycles of every load case")
            .found("none of \"" + load.name + "\"")
            .hint("Name the activity with its cycles: Load set = several activities");
  });
  attempt([&] { loads::Schedule{input.loads.schedule}; });
  if (input.is_long_bone() && input.loads.support == "pilot node")
    faults.push_back(Fault(Exit::input, "option-contradicts", "Loads/Support", "a pilot node holds a femur")
                         .found("Body = long bone")
                         .wanted("clamp at distal cut, roller at distal cut or elastic foundation"));
  if (input.loads.support == "pilot node") {
    const loads::PilotOptions &pilot = input.loads.pilot;
    attempt([&] { loads::restraints_of(pilot.translations, "Translations [N/mm]"); });
    attempt([&] { loads::restraints_of(pilot.rotations, "Rotations [N mm/rad]"); });
    if (input.pores.has_pressure() && pilot.head != "free")
      faults.push_back(Fault(Exit::input, "option-contradicts", "Loads/Pilot node/Head",
                             "a guided head is for drained tissue only")
                           .found(pilot.head + " with Pores/Fluid = " + input.pores.fluid)
                           .wanted("free, or Pores/Fluid = drained"));
  }
  for (const Fault &fault : stimulus::check(input.stimulus)) faults.push_back(fault);
  for (const Fault &fault : tissue::check(input.regeneration.host_bone)) faults.push_back(fault);
  attempt([&] { regeneration::doses_of(input.regeneration.doses); });
  for (const Fault &fault : regeneration::check(input.regeneration.signals)) faults.push_back(fault);
  for (const Fault &fault : regeneration::check(input.regeneration.host)) faults.push_back(fault);
  for (const Fault &fault : regeneration::check(input.regeneration.necrosis)) faults.push_back(fault);
  for (const Fault &fault : regeneration::check(input.regeneration.hydrogel, input.pores.fluid == "ramp"))
    faults.push_back(fault);
  for (const Fault &fault : ignored_by_backend(input)) faults.push_back(fault);
  if (input.course.backend == "lattice agents") {
    const tissue::LatticeOptions &lattice = input.lattice;
    attempt([&] {
      if (!lattice.graft_regions.empty())
        regeneration::regions_of(lattice.graft_regions, "Regeneration/Lattice/Graft regions");
    });
    if (lattice.graft_regions.empty() &&
        (lattice.late_msc_division == "in graft" || lattice.migration_into_graft_only))
      faults.push_back(
          Fault(Exit::input, "option-contradicts", "Regeneration/Lattice/Graft regions",
                "cells are to divide or to migrate in graft only")
              .found("no graft")
              .wanted("its regions, Late MSC division = everywhere or nowhere, Migration into graft only "
                      "= false"));
  }
  if (input.regeneration.msc_chemotaxis > 0 && !input.regeneration.signals.factor.is_on())
    faults.push_back(Fault(Exit::input, "option-contradicts",
                           "Regeneration/Chemotaxis of stromal cells [mm^5/(ng day)]",
                           "this needs a field that is not computed")
                         .found("Growth factor/Release = none")
                         .wanted("a factor that is released, or this option at 0"));
  if (input.regeneration.signals.factor.flow_share > 0 && input.pores.fluid != "ramp")
    faults.push_back(Fault(Exit::input, "option-contradicts",
                           "Regeneration/Growth factor/Share of the day with flow [-]",
                           "this needs a flow that is not computed")
                         .found("Pores/Fluid = " + input.pores.fluid)
                         .wanted("Pores/Fluid = ramp, or this option at 0"));
  if (input.course.backend == "external program" && input.course.program.empty())
    faults.push_back(
        Fault(Exit::input, "program-missing", "Regeneration/External program", "no program is named")
            .wanted("the path of a program"));
  if (input.materials.sclerotic_thickness > 0 && input.materials.sclerotic_density == 0)
    faults.push_back(Fault(Exit::input, "option-missing", "Materials/Sclerotic density factor [-]",
                           "the density of the sclerotic rim has no default [U]")
                         .found("0, which is not stated")
                         .wanted("a number greater than 0, above 1 for bone that is denser"));
  if (input.materials.head_density > input.materials.mixture.bone_tissue_density)
    faults.push_back(Fault(Exit::model, "density-range", "Materials/Cancellous density [g/cm^3]",
                           "the apparent density is above that of the bone tissue itself")
                         .found(input.materials.head_density)
                         .wanted("at most " + to_text(input.materials.mixture.bone_tissue_density)));
  return faults;
}

} // namespace wolff::coupling
