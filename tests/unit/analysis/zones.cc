// ranks: 1 2 3 4
// links: regeneration discretisation
// Means over zones weigh by volume, and a zone without cells has none.
#include "analysis/zones.h"

#include "two_sizes.h"

using namespace wolff;
using analysis::Zone;
using material::Tissue;
using regeneration::Region;

namespace {

analysis::ZoneMeans means_in(const tests::TwoSizes &box, const Zone zone)
{
  return analysis::zone_means(box.mesh, box.state, box.in_head, box.response,
                              MPI_COMM_WORLD)[static_cast<std::size_t>(zone)];
}

} // namespace

BOOST_AUTO_TEST_CASE(a_mean_weighs_cells_of_two_sizes_by_their_volume,
                     *boost::unit_test::tolerance(1e-14)) // rounding only
{
  tests::TwoSizes box;
  for (std::size_t i = 0; i < box.mesh.n_owned(); ++i) {
    const bool fine = box.is_fine(i);
    box.state.region[i] = static_cast<std::uint8_t>(fine ? Region::lesion : Region::track);
    box.state.healing_domain[i] = 1;
    box.put(i, Tissue::immature_bone, fine ? 0.2 : 0.5);
    box.put(i, Tissue::mature_bone, 0.1);
    box.state.cells[tissue::index(tissue::Cell::osteoblast)][i] = fine ? 8 : 2;
    box.response[i].phenotype = fine ? stimulus::Phenotype::cartilage : stimulus::Phenotype::fibrous;
  }

  const auto lesion = means_in(box, Zone::lesion), track = means_in(box, Zone::track),
             both = means_in(box, Zone::healing_domain);
  BOOST_TEST(lesion.volume == 512);
  BOOST_TEST(both.volume == 1024);
  BOOST_TEST(lesion.new_bone() == 0.3);
  BOOST_TEST(track.new_bone() == 0.6);
  BOOST_TEST(both.new_bone() == 0.45); // by number of cells it would be 0.333
  BOOST_TEST(both.fraction(Tissue::granulation) == 0.55);
  BOOST_TEST(both.cells[tissue::index(tissue::Cell::osteoblast)] == 5.0);
  BOOST_TEST(both.phenotypes[static_cast<std::size_t>(stimulus::Phenotype::cartilage)] == 0.5);
  BOOST_TEST(lesion.phenotypes[static_cast<std::size_t>(stimulus::Phenotype::cartilage)] == 1.0);
}

BOOST_AUTO_TEST_CASE(stromal_cells_of_all_stages_count, *boost::unit_test::tolerance(1e-14)) // rounding only
{
  tests::TwoSizes box;
  for (std::size_t kind = 0; kind < tissue::n_cells; ++kind)
    for (double &density : box.state.cells[kind]) density = std::pow(10.0, static_cast<double>(kind));
  BOOST_TEST(means_in(box, Zone::whole).msc() == 1111.0); // three immature stages and the mature one
}

BOOST_AUTO_TEST_CASE(the_head_is_what_the_mask_says)
{
  tests::TwoSizes box;
  for (std::size_t i = 0; i < box.mesh.n_owned(); ++i)
    box.in_head[i] = box.mesh.cell(i).centre[2] < 2 ? 1 : 0;
  BOOST_TEST(means_in(box, Zone::head).volume == 256); // 16 x 8 x 2 mm
}

BOOST_AUTO_TEST_CASE(a_zone_without_cells_has_no_volume_and_no_mean)
{
  const tests::TwoSizes box; // all cells are host bone outside of the healing domain
  for (const Zone zone : {Zone::lesion, Zone::scaffold_pore, Zone::track, Zone::healing_domain, Zone::head}) {
    const auto means = means_in(box, zone);
    BOOST_TEST(means.volume == 0);
    BOOST_TEST(std::isnan(means.new_bone()));
    BOOST_TEST(std::isnan(means.msc()));
    BOOST_TEST(std::isnan(means.phenotypes[0]));
  }
  BOOST_TEST(means_in(box, Zone::whole).volume == 1024);
}
