// ranks: 1 2 3 4
// Faults: form of the message, and one common fault on all ranks.
#include "base/errors.h"

#include <boost/test/unit_test.hpp>

using namespace wolff;

BOOST_AUTO_TEST_CASE(a_message_names_code_fault_place_found_wanted_and_hint_in_one_line)
{
  const Fault fault = Fault(Exit::model, "poisson-range", "a\nb.vtu", "cell 17: Poisson ratio")
                          .found(0.5)
                          .wanted("a number in (-1, 0.5)")
                          .hint("Use 0.49");
  BOOST_TEST(fault.line() == "error[3:poisson-range] a b.vtu: cell 17: Poisson ratio; found 0.5; wanted a "
                             "number in (-1, 0.5). Use 0.49");
}

BOOST_AUTO_TEST_CASE(the_nearest_name_is_found_across_case_and_typing_errors)
{
  const std::vector<std::string> known{"youngs_modulus_MPa", "poisson_ratio", "phase"};
  BOOST_TEST(nearest_name("Youngs_Modulus_mpa", known) == "youngs_modulus_MPa");
  BOOST_TEST(nearest_name("fase", known) == "phase");
  BOOST_TEST(nearest_name("temperature_in_kelvin", known) == "");
}

BOOST_AUTO_TEST_CASE(a_fault_on_one_rank_is_thrown_on_every_rank_with_the_highest_code)
{
  int rank = 0, size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  BOOST_CHECK_EXCEPTION(together(MPI_COMM_WORLD,
                                 [&] {
                                   if (rank == 0) throw Fault(Exit::input, "first", "f", "two");
                                   if (rank == size - 1) throw Fault(Exit::model, "last", "g", "three");
                                 }),
                        Fault, [&](const Fault &f) {
                          return size == 1 ? f.line() == "error[2:first] f: two."
                                           : f.line() == "error[3:last] g: three.";
                        });
  BOOST_CHECK_NO_THROW(together(MPI_COMM_WORLD, [] {}));
}

BOOST_AUTO_TEST_CASE(all_faults_of_a_list_reach_every_rank_with_code_place_and_text)
{
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  BOOST_CHECK_EXCEPTION(together(MPI_COMM_WORLD,
                                 [&] {
                                   if (rank == 0)
                                     throw FaultList(
                                         {Fault(Exit::input, "one", "a", "first").hint("Did you mean b?"),
                                          Fault(Exit::model, "two", "", "second").found(2)});
                                 }),
                        FaultList, [](const FaultList &list) {
                          return list.faults().size() == 2 && list.code() == Exit::model &&
                                 list.faults()[0].line() == "error[2:one] a: first. Did you mean b?" &&
                                 list.faults()[1].line() == "error[3:two] second; found 2.";
                        });
}
