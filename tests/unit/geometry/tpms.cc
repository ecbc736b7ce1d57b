// Level sets of the scaffolds: offsets and areas against the reference tables, gradients, connectivity.
#include "geometry/tpms.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

using namespace wolff;
using namespace wolff::geometry;

namespace {

const std::vector<double> fractions{0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40, 0.50};

/// Offsets t for those fractions by voxel counting, tolerance 0.002 in fraction.
const std::map<std::string, std::vector<double>> reference_offsets{
    {"gyroid network", {-1.197, -1.058, -0.914, -0.767, -0.617, -0.464, -0.310, 0}},
    {"diamond network", {-0.676, -0.595, -0.512, -0.429, -0.344, -0.259, -0.172, 0}},
    {"primitive network", {-1.621, -1.296, -1.052, -0.873, -0.699, -0.525, -0.351, 0}},
    {"I-WP network below", {-3.004, -2.585, -2.167, -1.751, -1.339, -0.935, -0.537, 0.232}},
    {"I-WP network above", {2.691, 2.463, 2.204, 1.921, 1.617, 1.294, 0.953, 0.232}},
    {"Neovius network", {-4.856, -3.355, -2.301, -1.532, -0.971, -0.683, -0.458, 0}},
    {"F-RD network below", {-2.156, -1.586, -1.183, -0.908, -0.652, -0.400, -0.154, 0.308}},
    {"F-RD network above", {1.843, 1.707, 1.533, 1.333, 1.125, 0.930, 0.731, 0.308}},
    {"gyroid sheet", {0.155, 0.233, 0.310, 0.387, 0.464, 0.540, 0.617, 0.767}},
    {"diamond sheet", {0.086, 0.129, 0.172, 0.215, 0.259, 0.301, 0.344, 0.429}},
    {"primitive sheet", {0.175, 0.263, 0.351, 0.438, 0.525, 0.612, 0.699, 0.873}},
    {"I-WP sheet", {0.380, 0.570, 0.757, 0.945, 1.130, 1.314, 1.495, 1.850}},
    {"Neovius sheet", {0.230, 0.344, 0.458, 0.572, 0.683, 0.804, 0.971, 1.532}},
    {"F-RD sheet", {0.234, 0.351, 0.467, 0.581, 0.694, 0.808, 0.922, 1.149}},
};

/// Share of solid at points of another sequence than the one offsets are computed with.
class Fraction
{
public:
  explicit Fraction(const TpmsType &type) : above_(type.solid == TpmsType::Solid::above), values_(400000)
  {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const Vector3 p = static_cast<double>(i) * Vector3(std::sqrt(2.0), std::sqrt(3.0), std::sqrt(5.0));
      const PhaseAngles angles(2 * std::numbers::pi * Vector3(p.array() - p.array().floor()));
      values_[i] = solid_level(type, 0, angles).value;
    }
    std::sort(values_.begin(), values_.end());
  }
  double operator()(const double offset) const
  {
    const auto end = std::lower_bound(values_.begin(), values_.end(), above_ ? -offset : offset);
    return static_cast<double>(end - values_.begin()) / static_cast<double>(values_.size());
  }

private:
  bool above_;
  std::vector<double> values_;
};

} // namespace

BOOST_AUTO_TEST_CASE(every_type_has_the_offsets_of_the_table_within_0_002_in_fraction)
{
  for (const auto &type : tpms_types()) {
    BOOST_REQUIRE_MESSAGE(reference_offsets.count(type.name), type.name << " has no reference row");
    const Fraction fraction(type.law);
    for (std::size_t i = 0; i < fractions.size(); ++i) {
      BOOST_TEST_CONTEXT(type.name << " at solid fraction " << fractions[i])
      {
        // The table is rounded to 0.001 in t and stated to 0.002 in fraction.
        BOOST_TEST(std::abs(fraction(reference_offsets.at(type.name)[i]) - fractions[i]) < 0.002);
        if (i % 3 == 1)
          BOOST_TEST(std::abs(fraction(offset_for_fraction(type.law, fractions[i])) - fractions[i]) < 0.001);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(gradients_agree_with_differences_of_the_values)
{
  const double h = 1e-5;
  for (const auto &type : tpms_types())
    for (const Vector3 &p : {Vector3(0.3, 1.1, 2.5), Vector3(4.0, 0.2, 5.9), Vector3(2.2, 3.3, 0.7)}) {
      const LevelSet level = solid_level(type.law, 0.2, PhaseAngles(p));
      for (Eigen::Index axis = 0; axis < 3; ++axis) {
        const Vector3 step = h * Vector3::Unit(axis);
        const double difference = (solid_level(type.law, 0.2, PhaseAngles(p + step)).value -
                                   solid_level(type.law, 0.2, PhaseAngles(p - step)).value) /
                                  (2 * h);
        // Central difference: h^2 times third derivatives of order 10, and rounding 1e-16 / h.
        BOOST_TEST(std::abs(difference - level.gradient[axis]) < 1e-8, type.name);
      }
    }
}

BOOST_AUTO_TEST_CASE(areas_of_networks_are_those_of_the_table)
{
  // Area of the boundary per cell in a^2 at solid fractions 0.2, 0.3, 0.4.
  const std::map<std::string, std::vector<double>> areas{
      {"gyroid network", {2.526, 2.831, 3.058}},    {"diamond network", {3.113, 3.534, 3.740}},
      {"primitive network", {1.714, 2.161, 2.284}}, {"I-WP network below", {2.867, 3.266, 3.488}},
      {"Neovius network", {1.687, 2.335, 3.375}},   {"F-RD network below", {3.683, 4.614, 4.775}}};
  for (const auto &[name, row] : areas)
    for (std::size_t i = 0; i < 3; ++i) {
      const TpmsType type = tpms_types().at(name).law;
      const double density = 0.2 + 0.1 * static_cast<double>(i);
      const double area = measure_cell({type, offset_for_fraction(type, density), 0}).area;
      // First-order layer of 0.02 cells; near pinch-off the level set over its slope is a poor distance
      // (Neovius and F-RD at 0.3).
      const double tolerance = name == "Neovius network" ? 0.05 : name == "F-RD network below" ? 0.03 : 0.02;
      BOOST_TEST(std::abs(area / row[i] - 1) < tolerance,
                 name << " at " << density << ": " << area << " and " << row[i]);
    }
}

BOOST_AUTO_TEST_CASE(the_solid_of_a_network_falls_apart_below_its_pinch_off)
{
  const auto connected = [](const std::string &name, const double density) {
    const TpmsType type = tpms_types().at(name).law;
    return measure_cell({type, offset_for_fraction(type, density), 0}).solid_connected;
  };
  BOOST_TEST(!connected("primitive network", 0.19)); // pinches off at |t| = 1, fraction 0.21
  BOOST_TEST(connected("primitive network", 0.23));
  BOOST_TEST(!connected("diamond network", 0.07)); // |t| = 0.707, fraction 0.08
  BOOST_TEST(connected("diamond network", 0.11));
  const TpmsType gyroid = tpms_types().at("gyroid network").law; // |t| = sqrt 2
  BOOST_TEST(!measure_cell({gyroid, -1.43, 0}).solid_connected);
  BOOST_TEST(measure_cell({gyroid, -1.38, 0}).solid_connected);
  BOOST_TEST(!connected("I-WP network below", 0.10)); // no stiffness there
  BOOST_TEST(connected("gyroid sheet", 0.10));
}

BOOST_AUTO_TEST_CASE(pores_close_when_a_primitive_sheet_grows_beyond_its_necks)
{
  const TpmsType type = tpms_types().at("primitive sheet").law;
  BOOST_TEST(measure_cell({type, 0.8, 0}).pore_connected);
  BOOST_TEST(!measure_cell({type, 1.1, 0}).pore_connected); // necks close at |t| = 1
}

BOOST_AUTO_TEST_CASE(growth_adds_area_times_offset_to_the_solid)
{
  const TpmsType type = tpms_types().at("gyroid network").law;
  const double offset = offset_for_fraction(type, 0.3);
  const CellMeasures as_designed = measure_cell({type, offset, 0}),
                     grown = measure_cell({type, offset, 0.02});
  // First order in the growth; the second-order term is the mean curvature times area times growth^2, about 3
  // %.
  BOOST_TEST(std::abs((grown.solid_fraction - as_designed.solid_fraction) / (as_designed.area * 0.02) - 1) <
             0.06);
}
