// Densities that move with a velocity of their own: up the gradient of another one, or along a flow. The rest
// of Transport is in transport.cc.
#include "regeneration/transport.h"

#include "base/errors.h"

#include <algorithm>
#include <cmath>

namespace wolff::regeneration {

int Transport::move_upwind(CellField &density, const std::vector<double> &out, const double days,
                           const std::string &what) const
{
  constexpr int most_parts = 10000;
  constexpr double courant = 0.9; // below 1 no cell loses more than it has
  const std::size_t n = cells_.size();
  std::vector<double> now(exchange_.n_local()), inflow(n);
  for (std::size_t row = 0; row < n; ++row) now[row] = density[cells_[row]];

  double fastest = 0; // [1/day]
  for (std::size_t row = 0; row < n; ++row) {
    double leaving = 0;
    for (std::uint32_t k = begin_[row]; k < begin_[row + 1]; ++k) leaving += std::max(0.0, out[k]);
    fastest = std::max(fastest, leaving / volume_[row]);
  }
  MPI_Allreduce(MPI_IN_PLACE, &fastest, 1, MPI_DOUBLE, MPI_MAX, comm_);
  if (fastest == 0) return 0;
  const double wanted = std::ceil(fastest * days / courant);
  if (!(wanted <= most_parts))
    throw Fault(Exit::not_converged, "not-converged", "Regeneration",
                what + ": parts into which a step of " + to_text(days) + " days must be divided")
        .found(wanted)
        .wanted("at most " + std::to_string(most_parts))
        .hint("Is its coefficient in the unit of its option?");

  const int parts = std::max(1, static_cast<int>(wanted));
  const double step = days / parts;
  for (int part = 0; part < parts; ++part) {
    exchange_.update_ghosts(now.data(), 1);
    for (std::size_t row = 0; row < n; ++row) {
      double gain = 0;
      for (std::uint32_t k = begin_[row]; k < begin_[row + 1]; ++k)
        gain -= out[k] * (out[k] < 0 ? now[column_[k]] : now[row]);
      inflow[row] = gain;
    }
    for (std::size_t row = 0; row < n; ++row)
      now[row] = std::max(0.0, now[row] + step * inflow[row] / volume_[row]);
  }
  for (std::size_t row = 0; row < n; ++row) density[cells_[row]] = now[row];
  return parts;
}

int Transport::drift(CellField &density, const CellField &attractant, const CellField &mobility,
                     const double days) const
{
  const Conductances conductances = this->conductances(mobility);
  std::vector<double> attraction(exchange_.n_local()), out(column_.size());
  for (std::size_t row = 0; row < cells_.size(); ++row) attraction[row] = attractant[cells_[row]];
  exchange_.update_ghosts(attraction.data(), 1);
  for (std::size_t row = 0; row < cells_.size(); ++row)
    for (std::uint32_t k = begin_[row]; k < begin_[row + 1]; ++k)
      out[k] = conductances.between[k] * (attraction[column_[k]] - attraction[row]);
  return move_upwind(density, out, days, "drift up a gradient");
}

int Transport::carry(CellField &density, const std::vector<Vector3> &flux, const double days) const
{
  std::vector<double> q(3 * exchange_.n_local()), out(column_.size());
  for (std::size_t row = 0; row < cells_.size(); ++row)
    for (std::size_t c = 0; c < 3; ++c) q[3 * row + c] = flux[cells_[row]][static_cast<Eigen::Index>(c)];
  exchange_.update_ghosts(q.data(), 3);
  for (std::size_t row = 0; row < cells_.size(); ++row)
    for (std::uint32_t k = begin_[row]; k < begin_[row + 1]; ++k) {
      const auto axis = static_cast<std::size_t>(std::abs(normal_[k]) - 1);
      const double along = area_[k] * 0.5 * (q[3 * row + axis] + q[3 * column_[k] + axis]);
      out[k] = normal_[k] > 0 ? along : -along;
    }
  return move_upwind(density, out, days, "a factor carried by flow");
}

} // namespace wolff::regeneration
