// ranks: 1 2 4
// links: coupling
// The trees below a box of voxels, and which of its bricks are halved.
#include "coupling/box_forest.h"

#include "base/errors.h"

#include <boost/test/unit_test.hpp>

#include <limits>

using namespace wolff;
using namespace wolff::coupling;

namespace {

constexpr std::int64_t any_number_of_bricks = std::numeric_limits<std::int64_t>::max();

VoxelBox box_of(const int nx, const int ny, const int nz)
{
  return {Vector3(-1, 2, 0), {nx, ny, nz}, 0.5};
}

} // namespace

BOOST_AUTO_TEST_CASE(trees_are_as_few_as_the_bricks_allow)
{
  const auto check = [](const VoxelBox &box, const std::array<unsigned, 3> &counts, const unsigned levels) {
    const Trees trees = trees_of(box);
    BOOST_TEST(trees.counts == counts, boost::test_tools::per_element());
    BOOST_TEST(trees.levels == levels);
  };
  check(box_of(64, 64, 64), {1, 1, 1}, 3);
  check(box_of(32, 64, 128), {1, 2, 4}, 2);
  check(box_of(24, 16, 8), {3, 2, 1}, 0);
  check(box_of(20, 30, 44), {3, 4, 6}, 0);
  check(box_of(104, 104, 104), {4, 4, 4}, 2);    // 13 bricks along an edge: trees of 4, three bricks beyond
  check(box_of(800, 800, 800), {4, 4, 4}, 5);    // 25 trees of 4 would be a large coarsest level
  check(box_of(1000, 1000, 1000), {4, 4, 4}, 5); // 125 = 4 * 32 - 3
}

BOOST_AUTO_TEST_CASE(bricks_of_the_box_and_beside_it_are_of_the_base_level)
{
  const VoxelBox box = box_of(104, 104, 104);
  const auto forest = build_forest(MPI_COMM_WORLD, box, nullptr, any_number_of_bricks);
  std::int64_t inside = 0;
  for (std::size_t b = 0; b < forest->n_owned(); ++b) {
    const discretisation::Brick &brick = forest->brick(b);
    const bool touches = (brick.corner.array() < box.greatest().array() + 1e-9).all();
    BOOST_CHECK(!touches || std::abs(brick.voxel_edge() - box.edge) < 1e-12);
    if ((brick.centre().array() < box.greatest().array()).all()) ++inside;
  }
  MPI_Allreduce(MPI_IN_PLACE, &inside, 1, MPI_INT64_T, MPI_SUM, MPI_COMM_WORLD);
  BOOST_TEST(inside == 13 * 13 * 13);
  BOOST_TEST(forest->n_global() < 16 * 16 * 16); // some bricks beyond it stay coarse
}

BOOST_AUTO_TEST_CASE(refinement_counts_levels_above_the_base)
{
  const VoxelBox box{Vector3::Zero(), {32, 32, 32}, 1.0 / 32};
  const discretisation::Symbols none;
  const discretisation::Expression corner("if(x < 0.25 && y < 0.25 && z < 0.25, 2, 0)", none,
                                          "Refined where");
  const auto forest = build_forest(MPI_COMM_WORLD, box, &corner, any_number_of_bricks);
  // One of 64 bricks is halved twice; 2:1 balance asks for no more.
  BOOST_TEST(forest->smallest_voxel() == 1.0 / 128);
  BOOST_TEST(forest->n_global() > 64 + 7 + 56 - 1);
  const discretisation::Expression endless("100", none, "Refined where");
  const VoxelBox one{Vector3::Zero(), {8, 8, 8}, 1};
  BOOST_CHECK_EXCEPTION(build_forest(MPI_COMM_WORLD, one, &endless, 600), Fault,
                        [](const Fault &f) { return f.name() == "model-size"; });
  const discretisation::Expression faulty("log(x - 10)", none, "Refined where");
  BOOST_CHECK_THROW(build_forest(MPI_COMM_WORLD, one, &faulty, 600), Fault);
}
