// What stays the same while the bone heals: anatomy, mesh, supports, loads, solver, materials.
#pragma once

#include "base/log.h"
#include "coupling/case.h"
#include "discretisation/brick_forest.h"
#include "geometry/build_anatomy.h"
#include "loads/load_set.h"
#include "loads/schedule.h"
#include "loads/supports.h"
#include "material/material_table.h"
#include "mechanics/elastic_solver.h"
#include "regeneration/regenerate.h"
#include "regeneration/scaffold_degradation.h"
#include "regeneration/scaffold_stiffness.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace wolff::coupling {

/// The forces of one load case on the nodes of this rank: few nodes carry any.
struct NodalForces
{
  std::vector<std::uint32_t> entries; ///< 3 * local node + component
  std::vector<double> values;         ///< contributions of this rank's cells [N]
  Vector3 force = Vector3::Zero();    ///< resultant on all ranks [N]
  Vector3 moment = Vector3::Zero();   ///< the same about the centre of the head [N mm]
};

class PoreFlow;

struct Model
{
  Model();
  ~Model();

  Case input;
  MPI_Comm comm = MPI_COMM_SELF;

  std::unique_ptr<geometry::Anatomy> anatomy;
  geometry::GeometryReport geometry;
  std::unique_ptr<discretisation::BrickForest> forest;
  std::unique_ptr<discretisation::CellMesh> mesh;
  std::uint64_t mesh_checksum = 0;
  std::int64_t n_cells = 0;

  std::vector<material::MaterialTable>
      materials; ///< in the order of material::Tissue, skeletons repeat cortical bone
  material::TissueElasticity elasticity;

  regeneration::ScaffoldStiffness scaffold_stiffness;
  std::optional<regeneration::ScaffoldDegradation> degradation; ///< empty: the scaffold stays

  regeneration::TissueState initial;
  std::vector<std::uint8_t> in_head; ///< 1 where a cell's centre lies in the head

  std::vector<loads::LoadCase> load_set; ///< at least one
  loads::Schedule schedule;              ///< factor on all of them over the weeks
  loads::Support support;

  std::unique_ptr<mechanics::ElasticSolver> solver; ///< empty if the model was built without mechanics
  std::unique_ptr<PoreFlow> pores;                  ///< empty where the case is drained
  std::vector<NodalForces> nodal_forces;            ///< of each load case
  std::vector<NodalForces> guide_forces;            ///< of size one, along each guide of a pilot node
};

/// What build_model is to make: a look at the model needs no numbering of unknowns.
enum class Purpose
{
  look,
  compute
};

/**
 * Anatomy, mesh, initial tissue; to compute also supports, loads and the solver. Says on the log what it
 * found.
 * @throws Fault, FaultList: geometry, islands without support, loads on void, too large. Collective.
 */
std::unique_ptr<Model> build_model(const Case &input, MPI_Comm comm, Log &log, Purpose purpose);

/// What a model will need, found without solving: for `check`.
struct Estimate
{
  std::int64_t bricks = 0, cells = 0, unknowns = 0;
  double bytes = 0;                       ///< of all ranks together
  double bytes_at_start = 0;              ///< of these, what every run has in use when it starts
  double seconds = 0;                     ///< of the whole run on this number of ranks; an order of magnitude
  double view_bytes = 0, state_bytes = 0; ///< written, both kinds
};
/// Collective.
Estimate estimate(const Model &model);

} // namespace wolff::coupling
