#include "coupling/box_model.h"

#include "coupling/box_supports.h"
#include "coupling/image_material.h"
#include "discretisation/brick_nodes.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

namespace wolff::coupling {

using discretisation::Brick;
using discretisation::brick_voxels;

namespace {

VoxelBox box_of(const geometry::BoxOptions &options)
{
  return {Vector3(options.origin[0], options.origin[1], options.origin[2]), geometry::voxel_counts(options),
          options.voxel_edge};
}

VoxelBox box_of(const io::ImageHeader &header)
{
  VoxelBox box{header.origin, {}, header.edge};
  for (std::size_t d = 0; d < 3; ++d) {
    if (header.voxels[d] > 1000000)
      throw Fault(Exit::too_large, "index-range", "Geometry/Image/File", "voxels along an axis")
          .found(std::to_string(header.voxels[d]))
          .wanted("at most a million");
    box.voxels[d] = static_cast<int>(header.voxels[d]);
  }
  return box;
}

io::LabelImageOptions image_options(const Case &input)
{
  const geometry::ImageOptions &image = input.geometry.image;
  return {.file = (std::filesystem::path(input.folder) / image.file).string(),
          .labels_array = image.modulus_array.empty() ? image.labels_array : "",
          .modulus_array = image.modulus_array,
          .voxel_edge = image.voxel_edge,
          .accept_units = input.accept_units,
          .limits = {}};
}

/// Bricks weigh what their solid voxels do, and a little for being there. The library adds 1000 to each.
void balance(discretisation::BrickForest &forest, const BoxMaterial &material)
{
  std::vector<std::pair<std::uint64_t, unsigned>> weights;
  for (std::size_t b = 0; b < forest.n_owned(); ++b) {
    unsigned solid = 0;
    for (std::size_t v = 0; v < brick_voxels; ++v) solid += material.mu[b * brick_voxels + v] > 0 ? 1U : 0U;
    weights.emplace_back(forest.brick(b).key.bits, 17 * solid);
  }
  std::sort(weights.begin(), weights.end());
  forest.repartition([&](const Brick &brick) {
    return std::lower_bound(weights.begin(), weights.end(), std::pair(brick.key.bits, 0U))->second;
  });
}

void find_faces(BoxModel &model)
{
  std::array<bool, loads::n_faces> wanted{};
  for (std::size_t f = 0; f < loads::n_faces; ++f)
    wanted[f] = !model.problem.faces[f].is_free() && model.problem.faces[f].name != "periodic";
  model.faces = discretisation::exposed_faces(*model.forest, solid_voxels(model.material.mu),
                                              model.box.origin, model.box.greatest(), wanted);
  std::array<std::int64_t, loads::n_faces> counts{};
  for (std::size_t f = 0; f < loads::n_faces; ++f)
    counts[f] = static_cast<std::int64_t>(model.faces[f].size());
  MPI_Allreduce(MPI_IN_PLACE, counts.data(), static_cast<int>(counts.size()), MPI_INT64_T, MPI_SUM,
                model.comm);
  std::vector<Fault> faults;
  for (std::size_t f = 0; f < loads::n_faces; ++f)
    if (wanted[f] && counts[f] == 0)
      faults.push_back(Fault(Exit::model, "face-empty",
                             "Problem/Faces/" + loads::face_names()[f] + "/Condition",
                             "no solid voxel has a face here")
                           .found(model.problem.faces[f].name)
                           .hint("Set Condition = free, or move the body to this side"));
  throw_if_any(std::move(faults));
}

void count_voxels(BoxModel &model)
{
  std::int64_t n = 0;
  double volume = 0;
  for (std::size_t b = 0; b < model.forest->n_owned(); ++b) {
    std::int64_t solid = 0;
    for (std::size_t v = 0; v < brick_voxels; ++v)
      solid += model.material.mu[b * brick_voxels + v] > 0 ? 1 : 0;
    const double h = model.forest->brick(b).voxel_edge();
    n += solid;
    volume += h * h * h * static_cast<double>(solid);
  }
  MPI_Allreduce(MPI_IN_PLACE, &n, 1, MPI_INT64_T, MPI_SUM, model.comm);
  MPI_Allreduce(MPI_IN_PLACE, &volume, 1, MPI_DOUBLE, MPI_SUM, model.comm);
  if (n == 0)
    throw Fault(Exit::model, "all-void", model.input.name, "no voxel is solid")
        .hint("Solid where must be positive somewhere; an image needs a phase that is not void");
  model.n_voxels = n;
  model.solid_volume = volume;
}

} // namespace

std::unique_ptr<BoxModel> build_box_model(const Case &input, const MPI_Comm comm, Log &log)
{
  throw_if_any(check_case(input));
  auto model = std::make_unique<BoxModel>();
  model->input = input;
  model->comm = comm;
  std::vector<Fault> faults;
  model->problem = read_problem(input.problem, input.geometry.box, faults);
  int size = 1;
  MPI_Comm_size(comm, &size);

  std::optional<io::LabelImage> image;
  if (input.geometry.body == "image") {
    image.emplace(image_options(input), comm);
    for (const std::string &warning : image->header().warnings) log.warning("image", warning);
  }
  model->box = image ? box_of(image->header()) : box_of(input.geometry.box);
  const bool keep_labels = image && !image->header().has_moduli && input.output.fields == "all";
  model->has_labels = keep_labels;

  const auto most_bricks =
      static_cast<std::int64_t>(input.mesh.largest_model / (3.0 * static_cast<double>(brick_voxels)));
  const bool is_refined = !image && model->problem.refined_where;
  model->forest =
      build_forest(comm, model->box, is_refined ? &*model->problem.refined_where : nullptr, most_bricks);
  const auto find_material = [&] {
    model->material = {}; // its memory first
    model->material =
        image ? image_material(*model->forest, *image, model->box, input, model->problem, keep_labels)
              : box_material(*model->forest, model->box, model->problem);
  };
  find_material();
  if (size > 1) {
    balance(*model->forest, model->material);
    find_material(); // of the bricks that are here now
  }
  image.reset();

  count_voxels(*model);
  find_faces(*model);
  const std::int64_t n_before = model->n_voxels;
  require_supports(*model, log);
  count_voxels(*model);
  if (model->n_voxels != n_before) find_faces(*model);

  log.line(fmt::format("{}: {} x {} x {} voxels of {:g} mm, {} bricks, {} solid voxels ({:.1f} % of the box)",
                       input.geometry.body, model->box.voxels[0], model->box.voxels[1], model->box.voxels[2],
                       model->box.edge, model->forest->n_global(), model->n_voxels,
                       100 * model->solid_fraction()));
  if (model->material.near_incompressible > 0)
    log.warning(
        "near-incompressible",
        fmt::format("{} voxels have a Poisson ratio above 0.49: trilinear elements are too stiff there.",
                    model->material.near_incompressible));
  return model;
}

} // namespace wolff::coupling
