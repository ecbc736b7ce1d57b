// ranks: 1 2
// links: mechanics
// How many cycles a step of Biot's equations takes from granulation tissue to bone, at rest or flowing, for
// any contrast of stiffness and mobility, and that it does not grow with the mesh.
#include "support/pore_box.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;

namespace {

/// Two tissues in blocks of a quarter of the unit cube, or one of them.
struct Tissues
{
  const char *name;
  std::array<double, 2> young, mobility; ///< [MPa], [mm^4/(N s)]
  int most;                              ///< iterations to 1e-6
};

int iterations(const Tissues &tissues, const double dt, const tests::Family family, const int bricks)
{
  const auto forest = tests::make_forest(bricks, family);
  const auto of_place = [](const std::array<double, 2> &values) {
    return [values](const Vector3 &x) {
      const Vector3 block = (4 * x).array().floor();
      return values[static_cast<std::size_t>(std::abs(static_cast<int>(block.sum())) % 2)];
    };
  };
  mechanics::PoroelasticOptions options;
  options.tolerance = 1e-6;
  tests::PoreBox box(forest, of_place(tissues.young), 0.25, 0.6, 1 / 5000.0, of_place(tissues.mobility),
                     options);
  box.start([](const Vector3 &x) { return x[2] < 1e-9 ? 7 : 0; },
            [](const Vector3 &x) { return x[2] > 1 - 1e-9; });
  return box.fluid->advance(dt, box.traction(5, Vector3(0.1, 0, -1)), {}, box.u, box.p).iterations;
}

} // namespace

BOOST_AUTO_TEST_CASE(iterations_are_bounded_from_granulation_to_bone_and_over_contrasts)
{
  const Tissues tissues[] = {{"granulation tissue", {1, 1}, {0.01, 0.01}, 11},
                             {"bone", {17000, 17000}, {1e-5, 1e-5}, 8},
                             {"granulation tissue and bone", {1, 17000}, {0.01, 1e-5}, 30},
                             {"bone, mobility 1e5 apart", {5000, 5000}, {1, 1e-5}, 11},
                             {"granulation tissue and bone that drains it", {1, 17000}, {1e-3, 100}, 22}};
  for (const Tissues &one : tissues)
    for (const double dt : {1e-6, 0.2, 1e4}) {
      const int coarse = iterations(one, dt, tests::Family::uniform, 2),
                fine = iterations(one, dt, tests::Family::uniform, 4),
                hanging = iterations(one, dt, tests::Family::corner, 2);
      BOOST_TEST_MESSAGE(one.name << ", dt " << dt << " s: " << coarse << " on 16^3, " << fine
                                  << " on 32^3 voxels, " << hanging << " with hanging nodes");
      BOOST_TEST_CONTEXT(one.name << ", dt " << dt << " s")
      {
        BOOST_TEST(coarse <= one.most);
        BOOST_TEST(fine <= one.most);
        BOOST_TEST(hanging <= one.most);
      }
    }
}
