#include "discretisation/hanging_nodes.h"

namespace wolff::discretisation {

void HangingNodes::start_hanging(const std::size_t first_shared)
{
  first_shared_ = first_shared;
  is_hanging_.assign(n_local() - first_shared, 0);
}

std::int64_t HangingNodes::n_free_global() const
{
  std::int64_t hanging = 0;
  for (const Hanging &h : hanging_) hanging += h.node < n_owned() ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, &hanging, 1, MPI_INT64_T, MPI_SUM, comm_);
  return n_global_ - hanging;
}

} // namespace wolff::discretisation
