// ranks: 1 2 3 4
// links: mechanics
// V105 two-material patch: uniform stress across a plane jump of the modulus, nu = 0, any contrast.
#include "support/brick_places.h"
#include "support/elastic_box.h"
#include "support/record.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;
using tests::Family;

namespace {

const double stress = 2.5;      // MPa
const double interface = 0.375; // on voxel faces of all meshes, inside bricks

/// The top faces of the box, each with its share of the traction.
std::vector<loads::FaceForce> pull_on_top(const discretisation::CellMesh &mesh)
{
  std::vector<loads::FaceForce> forces;
  for (const auto &face : mesh.exposed_faces())
    if (face.direction == 5 && face.centre[2] > 1 - 1e-9)
      forces.push_back({face, Vector3(0, 0, stress * face.area)});
  return forces;
}

/// Rollers: the three planes through the origin do not move along their normals.
mechanics::PrescribedDisplacement rollers(const mechanics::ElasticSolver &solver,
                                          const discretisation::BrickForest &forest)
{
  mechanics::PrescribedDisplacement prescribed = solver.nothing_prescribed();
  tests::for_each_place(forest, solver.nodes(), [&](const std::size_t node, const Vector3 &x) {
    for (std::uint32_t c = 0; c < 3; ++c)
      if (x[c] < 1e-9) prescribed.fixed[3 * node + c] = 1;
  });
  return prescribed;
}

} // namespace

BOOST_AUTO_TEST_CASE(v105_uniform_stress_crosses_a_jump_of_any_contrast_exactly)
{
  for (const Family family : {Family::uniform, Family::corner, Family::nested})
    for (const double contrast : {1.0, 1e2, 1e4, 1e6})
      for (const bool stiff_below : {true, false}) {
        const double below = stiff_below ? 1000 * contrast : 1000,
                     above = stiff_below ? 1000 : 1000 * contrast;
        const auto forest = tests::make_forest(2, family);
        const auto young = [&](const Vector3 &x) { return x[2] < interface ? below : above; };
        const auto moduli = tests::moduli_of(forest, young, [](const Vector3 &) { return 0.0; });
        const auto mesh =
            discretisation::make_cell_mesh(forest, std::vector<std::uint8_t>(moduli.mu.size(), 1));
        mechanics::SolverOptions options;
        // A stiff layer that rides on a soft one moves as a whole; its stiffness times that motion cancels,
        // and what is left of the residual is rounding times the contrast.
        options.tolerance = stiff_below ? 1e-12 : std::max(1e-12, 4e-15 * contrast);
        mechanics::ElasticSolver solver(forest, options);
        solver.set_prescribed(rollers(solver, forest));
        solver.set_moduli(moduli.lambda, moduli.mu);
        std::vector<double> forces = solver.zero_vector(), u = solver.zero_vector();
        mechanics::add_face_forces(solver, mesh, pull_on_top(mesh), forces);
        const auto report = solver.solve(forces, u);

        double strain_error = 0, displacement_error = 0;
        const auto strains = solver.centre_strains(u, mesh.voxel_of_cell());
        for (std::size_t i = 0; i < strains.size(); ++i) {
          const double exact = stress / young(mesh.cell(i).centre);
          const SymmetricTensor difference = strains[i] + SymmetricTensor{{0, 0, -exact, 0, 0, 0}};
          strain_error = std::max(strain_error, std::sqrt(contract(difference, difference)) / exact);
        }
        const double top = stress * (interface / below + (1 - interface) / above);
        tests::for_each_corner(solver, forest, moduli, u, [&](const Vector3 &x, const Vector3 &value) {
          const double z =
              stress * (std::min(x[2], interface) / below + std::max(0.0, x[2] - interface) / above);
          displacement_error = std::max(displacement_error, (value - Vector3(0, 0, z)).norm() / top);
        });
        strain_error = tests::largest(strain_error);
        displacement_error = tests::largest(displacement_error);
        const std::string label =
            std::string(tests::name(family)) + ", contrast " + std::to_string(static_cast<int>(contrast));
        BOOST_TEST_MESSAGE("V105 " << label << (stiff_below ? " stiff below: " : " stiff above: ")
                                   << report.iterations << " iterations, strain error " << strain_error
                                   << ", displacement error " << displacement_error);
        BOOST_TEST_CONTEXT(label)
        {
          BOOST_TEST(displacement_error < 1e-10); // round-off of a solve to 1e-12
          // A strain of the stiff side is a difference of displacements of the soft one: its rounding grows
          // with the contrast.
          BOOST_TEST(strain_error < 1e-10 * contrast);
        }
        tests::record("V105", label, "largest relative displacement error", displacement_error, "< 1e-10");
      }
}
