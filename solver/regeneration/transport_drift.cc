// Drift of a density up the gradient of another one; the rest of Transport is in transport.cc.
#include "regeneration/transport.h"

#include "base/errors.h"

#include <algorithm>
#include <cmath>

namespace wolff::regeneration {

int Transport::drift(CellField &density, const CellField &attractant, const CellField &mobility,
                     const double days) const
{
  constexpr int most_parts = 10000;
  constexpr double courant = 0.9; // below 1 no cell loses more than it has
  const std::size_t n = cells_.size();
  const Conductances conductances = this->conductances(mobility);
  std::vector<double> attraction(exchange_.n_local()), now(exchange_.n_local()), inflow(n);
  for (std::size_t row = 0; row < n; ++row) {
    attraction[row] = attractant[cells_[row]];
    now[row] = density[cells_[row]];
  }
  exchange_.update_ghosts(attraction.data(), 1);

  double fastest = 0; // [1/day]
  for (std::size_t row = 0; row < n; ++row) {
    double out = 0;
    for (std::uint32_t k = begin_[row]; k < begin_[row + 1]; ++k)
      out += conductances.between[k] * std::max(0.0, attraction[column_[k]] - attraction[row]);
    fastest = std::max(fastest, out / volume_[row]);
  }
  MPI_Allreduce(MPI_IN_PLACE, &fastest, 1, MPI_DOUBLE, MPI_MAX, comm_);
  if (fastest == 0) return 0;
  const double wanted = std::ceil(fastest * days / courant);
  if (!(wanted <= most_parts))
    throw Fault(Exit::not_converged, "not-converged", "Regeneration",
                "drift up a gradient: parts into which a step of " + to_text(days) + " days must be divided")
        .found(wanted)
        .wanted("at most " + std::to_string(most_parts))
        .hint("Is the chemotactic coefficient in the unit of its option?");

  const int parts = std::max(1, static_cast<int>(wanted));
  const double step = days / parts;
  for (int part = 0; part < parts; ++part) {
    exchange_.update_ghosts(now.data(), 1);
    for (std::size_t row = 0; row < n; ++row) {
      double gain = 0;
      for (std::uint32_t k = begin_[row]; k < begin_[row + 1]; ++k) {
        const double uphill = attraction[row] - attraction[column_[k]];
        gain += conductances.between[k] * uphill * (uphill > 0 ? now[column_[k]] : now[row]);
      }
      inflow[row] = gain;
    }
    for (std::size_t row = 0; row < n; ++row)
      now[row] = std::max(0.0, now[row] + step * inflow[row] / volume_[row]);
  }
  for (std::size_t row = 0; row < n; ++row) density[cells_[row]] = now[row];
  return parts;
}

} // namespace wolff::regeneration
