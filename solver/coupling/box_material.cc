#include "coupling/box_material.h"

#include "base/errors.h"
#include "material/elastic.h"

#include <fmt/format.h>

namespace wolff::coupling {

using discretisation::Brick;
using discretisation::brick_voxels;

BoxMaterial box_material(const discretisation::BrickForest &forest, const VoxelBox &box,
                         const Problem &problem)
{
  BoxMaterial result;
  result.lambda.assign(forest.n_owned() * brick_voxels, 0.0);
  result.mu.assign(result.lambda.size(), 0.0);
  const Vector3 greatest = box.greatest();
  together(forest.comm(), [&] {
    for (std::size_t b = 0; b < forest.n_owned(); ++b) {
      const Brick &brick = forest.brick(b);
      // The voxels of a box fill whole bricks; others are beyond it.
      if ((brick.centre().array() > greatest.array()).any()) continue;
      for (int v = 0; v < static_cast<int>(brick_voxels); ++v) {
        const Vector3 x = brick.voxel_centre(v % 8, v / 8 % 8, v / 64);
        if (problem.solid_where && !((*problem.solid_where)(x) > 0)) continue;
        const material::Elastic elastic{(*problem.youngs_modulus)(x), (*problem.poisson_ratio)(x)};
        const auto place = [&] { return fmt::format("at ({:g}, {:g}, {:g}) mm", x[0], x[1], x[2]); };
        if (!(elastic.youngs_modulus > 0))
          throw Fault(Exit::model, "modulus-range", "Problem/Young modulus [MPa]", place())
              .found(elastic.youngs_modulus)
              .wanted("a number greater than 0")
              .hint("What is void is left out by Geometry/Box/Solid where");
        if (!(elastic.poisson_ratio > -1 && elastic.poisson_ratio < 0.5))
          throw Fault(Exit::model, "poisson-range", "Problem/Poisson ratio [-]", place())
              .found(elastic.poisson_ratio)
              .wanted("a number in (-1, 0.5)");
        if (elastic.poisson_ratio > 0.49) ++result.near_incompressible;
        result.lambda[b * brick_voxels + static_cast<std::size_t>(v)] = material::lame_lambda(elastic);
        result.mu[b * brick_voxels + static_cast<std::size_t>(v)] = material::shear_modulus(elastic);
      }
    }
  });
  MPI_Allreduce(MPI_IN_PLACE, &result.near_incompressible, 1, MPI_INT64_T, MPI_SUM, forest.comm());
  return result;
}

} // namespace wolff::coupling
