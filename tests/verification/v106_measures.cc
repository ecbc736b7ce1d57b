// links: stimulus material
// V106: every row of tensor_measures.csv to 1e-14, and no measure changes when the tensor is rotated.
#include "material/elastic.h"
#include "stimulus/measures.h"
#include "support/reference_table.h"

#include <Eigen/Geometry>
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>

using namespace wolff;
using namespace wolff::stimulus;
using wolff::tests::number;

namespace {

const material::Elastic reference_material{1000, 0.3}; // of the table

struct Case
{
  std::string name;
  SymmetricTensor strain;
  std::array<double, 3> principal;
  double octahedral, von_mises, mean, energy;
};

std::vector<Case> cases()
{
  std::vector<Case> list;
  for (const tests::Row &row : tests::reference_table("tensor_measures.csv", 6, 14)) {
    Case c;
    c.name = row[0];
    // Columns e11 e22 e33 e23 e13 e12; ours are XX YY ZZ XY YZ XZ.
    c.strain.components = {number(row[1]), number(row[2]), number(row[3]),
                           number(row[6]), number(row[4]), number(row[5])};
    c.principal = {number(row[7]), number(row[8]), number(row[9])};
    c.octahedral = number(row[10]);
    c.von_mises = number(row[11]);
    c.mean = number(row[12]);
    c.energy = number(row[13]);
    list.push_back(c);
  }
  return list;
}

SymmetricTensor rotated(const SymmetricTensor &t, const Eigen::Matrix3d &rotation)
{
  Eigen::Matrix3d m;
  m << t.xx(), t.xy(), t.xz(), t.xy(), t.yy(), t.yz(), t.xz(), t.yz(), t.zz();
  const Eigen::Matrix3d r = rotation * m * rotation.transpose();
  return {{r(0, 0), r(1, 1), r(2, 2), r(0, 1), r(1, 2), r(0, 2)}};
}

/// Absolute, in units of the size of the tensor: a measure may vanish.
void require_near(const double a, const double b, const double size, const double tolerance,
                  const std::string &what)
{
  BOOST_TEST(std::abs(a - b) <= tolerance * size, what << ": " << a << " against " << b);
}

} // namespace

// 1e-14: the table carries 16 digits and each measure takes about ten operations.
BOOST_AUTO_TEST_CASE(measures_equal_the_table)
{
  for (const Case &c : cases()) {
    const SymmetricTensor sigma = material::stress(reference_material, c.strain);
    const double strain_size = std::sqrt(contract(c.strain, c.strain));
    const double stress_size = std::sqrt(contract(sigma, sigma));
    require_near(octahedral_shear_strain(c.strain), c.octahedral, strain_size, 1e-14, c.name + " gamma_oct");
    require_near(von_mises_stress(sigma), c.von_mises, stress_size, 1e-14, c.name + " von Mises stress");
    require_near(hydrostatic_stress(sigma), c.mean, stress_size, 1e-14, c.name + " mean stress");
    require_near(strain_energy_density(sigma, c.strain), c.energy, stress_size * strain_size, 1e-14,
                 c.name + " energy density");
    const std::array<double, 3> principal = principal_values(c.strain);
    for (std::size_t i = 0; i < 3; ++i)
      require_near(principal[i], c.principal[i], strain_size, 1e-14, c.name + " principal strain");
    require_near(von_mises_strain(c.strain), c.octahedral / std::sqrt(2.0), strain_size, 1e-14,
                 c.name + " von Mises strain");
    require_near(octahedral_shear_stress(sigma), std::sqrt(2.0) / 3 * c.von_mises, stress_size, 1e-14,
                 c.name + " octahedral shear stress");
  }
}

// 1e-13: the rotation itself costs two products of matrices.
BOOST_AUTO_TEST_CASE(measures_do_not_change_under_twenty_random_rotations)
{
  std::mt19937 generator(20240517);
  std::normal_distribution<double> normal;
  for (int k = 0; k < 20; ++k) {
    const Eigen::Quaterniond quaternion(normal(generator), normal(generator), normal(generator),
                                        normal(generator));
    const Eigen::Matrix3d rotation = quaternion.normalized().toRotationMatrix();
    for (const Case &c : cases()) {
      const SymmetricTensor strain = rotated(c.strain, rotation);
      const SymmetricTensor sigma = material::stress(reference_material, strain);
      const double strain_size = std::sqrt(contract(strain, strain));
      const double stress_size = std::sqrt(contract(sigma, sigma));
      require_near(octahedral_shear_strain(strain), c.octahedral, strain_size, 1e-13, c.name + " gamma_oct");
      require_near(von_mises_stress(sigma), c.von_mises, stress_size, 1e-13, c.name + " von Mises stress");
      require_near(hydrostatic_stress(sigma), c.mean, stress_size, 1e-13, c.name + " mean stress");
      require_near(strain_energy_density(sigma, strain), c.energy, stress_size * strain_size, 1e-13,
                   c.name + " energy density");
      const std::array<double, 3> principal = principal_values(strain);
      for (std::size_t i = 0; i < 3; ++i)
        require_near(principal[i], c.principal[i], strain_size, 1e-13, c.name + " principal strain");
    }
  }
}
