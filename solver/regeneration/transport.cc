#include "regeneration/transport.h"

#include "base/errors.h"
#include "regeneration/scalar_amg.h"
#include "regeneration/time_scheme.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

namespace wolff::regeneration {

void TransportOptions::declare(Options &options)
{
  options.add_choice("Time scheme", scheme, time_schemes().names(),
                     "Of diffusion; only backward Euler never overshoots.");
  options.add("Substeps [-]", substeps, "Diffusion steps in one step of the regeneration.", between(1, 1000));
  options.add_choice(
      "Preconditioner", preconditioner, {"Jacobi", "AMG"},
      "Of all linear systems here: the diagonal; or algebraic multigrid (ML), whose iterations do "
      "not grow with the mesh, for large models and for oxygen.");
  options.add("Relative residual [-]", relative_residual, "Of the linear solver of diffusion.",
              Range{0, 1e-3, true, false});
  options.add("Most iterations [-]", most_iterations, "Of the linear solver of diffusion.",
              between(1, 1000000));
}

double TransportBalance::relative_error() const
{
  const double scale = std::max(std::abs(before), std::abs(after));
  return scale > 0 ? std::abs(before + supplied + reacted - after) / scale : 0;
}

Transport::Transport(const CellMesh &mesh, const std::vector<Role> &roles) : comm_(mesh.comm())
{
  CellField role(mesh.n_local());
  for (std::size_t i = 0; i < mesh.n_owned(); ++i) role[i] = static_cast<double>(roles[i]);
  mesh.update_ghosts(role);
  const auto is = [&](const std::size_t cell, const Role wanted) {
    return role[cell] == static_cast<double>(wanted);
  };

  // Rows are the owned cells of the domain; behind them stand the ghosts, sorted by owner as those of the
  // mesh are.
  std::vector<std::uint32_t> row_of_cell(mesh.n_local(), UINT32_MAX);
  std::vector<std::uint64_t> owned_ids, ghost_ids;
  for (std::size_t i = 0; i < mesh.n_local(); ++i) {
    if (!is(i, Role::domain)) continue;
    row_of_cell[i] = static_cast<std::uint32_t>(half_edge_.size());
    half_edge_.push_back(mesh.cell(i).edge / 2);
    (i < mesh.n_owned() ? owned_ids : ghost_ids).push_back(static_cast<std::uint64_t>(mesh.cell(i).id));
    if (i < mesh.n_owned()) {
      cells_.push_back(static_cast<std::uint32_t>(i));
      volume_.push_back(mesh.volume(i));
    }
  }
  const std::size_t n = cells_.size();
  exchange_ = GhostExchange(comm_, n, find_owners(comm_, owned_ids, ghost_ids));

  supply_area_.assign(n, 0.0);
  begin_.assign(n + 1, 0);
  const auto for_each_side = [&](const auto &visit) {
    for (const discretisation::CellFace &face : mesh.faces()) {
      const auto normal = static_cast<std::int8_t>(face.axis + 1);
      if (row_of_cell[face.first] < n) visit(row_of_cell[face.first], face.second, face.area, normal);
      if (row_of_cell[face.second] < n)
        visit(row_of_cell[face.second], face.first, face.area, static_cast<std::int8_t>(-normal));
    }
  };
  for_each_side([&](const std::uint32_t row, const std::uint32_t other, const double area, std::int8_t) {
    if (is(other, Role::domain)) ++begin_[row + 1];
    if (is(other, Role::supply)) supply_area_[row] += area;
  });
  for (std::size_t row = 0; row < n; ++row) begin_[row + 1] += begin_[row];
  column_.resize(begin_[n]);
  area_.resize(begin_[n]);
  normal_.resize(begin_[n]);
  std::vector<std::uint32_t> next(begin_.begin(), begin_.end());
  for_each_side(
      [&](const std::uint32_t row, const std::uint32_t other, const double area, const std::int8_t normal) {
        if (!is(other, Role::domain)) return;
        normal_[next[row]] = normal;
        column_[next[row]] = row_of_cell[other];
        area_[next[row]++] = area;
      });
}

Transport::Conductances Transport::conductances(const CellField &diffusivity) const
{
  // h/(2 D), infinite where nothing diffuses: then T = A/infinity = 0.
  std::vector<double> resistance(exchange_.n_local());
  for (std::size_t row = 0; row < cells_.size(); ++row)
    resistance[row] = half_edge_[row] / diffusivity[cells_[row]];
  exchange_.update_ghosts(resistance.data(), 1);

  Conductances result;
  result.between.resize(column_.size());
  result.wall.resize(cells_.size());
  for (std::size_t row = 0; row < cells_.size(); ++row) {
    for (std::uint32_t k = begin_[row]; k < begin_[row + 1]; ++k)
      result.between[k] = area_[k] / (resistance[row] + resistance[column_[k]]);
    result.wall[row] = supply_area_[row] / resistance[row];
  }
  return result;
}

double Transport::sum(double value) const
{
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_SUM, comm_);
  return value;
}

double Transport::total(const std::vector<double> &density) const
{
  // Longer accumulation: a balance to 1e-12 must not drown in the rounding of its own sums.
  long double amount = 0;
  for (std::size_t row = 0; row < cells_.size(); ++row) amount += volume_[row] * density[row];
  MPI_Allreduce(MPI_IN_PLACE, &amount, 1, MPI_LONG_DOUBLE, MPI_SUM, comm_);
  return static_cast<double>(amount);
}

/// rate = V dc/dt [1/day] of each row.
void Transport::flow(const Conductances &conductances, const std::vector<double> &wall,
                     const std::vector<double> &supply, std::vector<double> &density,
                     std::vector<double> &rate) const
{
  exchange_.update_ghosts(density.data(), 1);
  for (std::size_t row = 0; row < cells_.size(); ++row) {
    // Differences first: sums of products would lose the small flux between nearly equal values.
    const double here = density[row];
    double inflow = wall[row] * (supply[row] - here);
    for (std::uint32_t k = begin_[row]; k < begin_[row + 1]; ++k)
      inflow += conductances.between[k] * (density[column_[k]] - here);
    rate[row] = inflow;
  }
}

void Transport::open_walls(const Conductances &conductances, const CellField *supply,
                           std::vector<double> &wall, std::vector<double> &supplied) const
{
  wall.assign(cells_.size(), 0.0);
  supplied.assign(cells_.size(), 0.0);
  if (supply == nullptr) return;
  for (std::size_t row = 0; row < cells_.size(); ++row)
    if ((*supply)[cells_[row]] >= 0) {
      wall[row] = conductances.wall[row];
      supplied[row] = (*supply)[cells_[row]];
    }
}

std::vector<double> Transport::times_volume(const CellField &field) const
{
  std::vector<double> product(cells_.size(), 0.0);
  if (!field.empty())
    for (std::size_t row = 0; row < product.size(); ++row) product[row] = volume_[row] * field[cells_[row]];
  return product;
}

/// mass y - step flow(y) = right_side, whose matrix is symmetric, positive (semi-)definite and an M-matrix.
struct Transport::Stage
{
  const Conductances &conductances;
  const std::vector<double> &wall, &no_supply;
  double step;              ///< weight of the scheme times the length of the step [day]
  std::vector<double> mass; ///< V (1 + step loss); at rest V loss, with a step of 1
  std::vector<double> right_side;
};

/// Preconditioned conjugate gradients; the residual is measured in the norm of the inverse diagonal.
std::vector<double> Transport::solve(const Stage &stage, const std::vector<double> &guess,
                                     const TransportOptions &options, int &iterations) const
{
  const std::size_t n = cells_.size();
  std::vector<double> diagonal(n), y = guess, residual(n), search(exchange_.n_local()), image(n),
                                   correction(n);
  const auto apply = [&](std::vector<double> &x) {
    flow(stage.conductances, stage.wall, stage.no_supply, x, image);
    for (std::size_t row = 0; row < n; ++row) image[row] = stage.mass[row] * x[row] - stage.step * image[row];
  };

  apply(y);
  double reference = 0;
  for (std::size_t row = 0; row < n; ++row) {
    double out = stage.wall[row];
    for (std::uint32_t k = begin_[row]; k < begin_[row + 1]; ++k) out += stage.conductances.between[k];
    diagonal[row] = stage.mass[row] + stage.step * out;
    if (!(diagonal[row] > 0)) diagonal[row] = 1; // at rest, a cell that nothing reaches: its row is zero
    residual[row] = stage.right_side[row] - image[row];
    reference += stage.right_side[row] * stage.right_side[row] / diagonal[row];
  }
  reference = sum(reference);
  if (reference == 0) {
    std::fill(y.begin(), y.end(), 0.0);
    return y;
  }

  std::unique_ptr<ScalarAmg> amg;
  // r.r in the norm of the inverse diagonal, and r.z with the preconditioned residual z: the same for Jacobi.
  double rr = 0, rz = 0;
  const auto precondition = [&] {
    rr = 0;
    for (std::size_t row = 0; row < n; ++row) {
      correction[row] = residual[row] / diagonal[row];
      rr += residual[row] * correction[row];
    }
    rz = rr = sum(rr);
    if (amg == nullptr) return;
    amg->apply(residual, correction);
    rz = 0;
    for (std::size_t row = 0; row < n; ++row) rz += residual[row] * correction[row];
    rz = sum(rz);
  };
  precondition();
  const double wanted = options.relative_residual * options.relative_residual * reference;
  if (options.preconditioner == "AMG" && !(rr <= wanted)) {
    std::vector<double> entry;
    for (const double conductance : stage.conductances.between) entry.push_back(-stage.step * conductance);
    amg = std::make_unique<ScalarAmg>(comm_, exchange_, SymmetricRows{diagonal, begin_, column_, entry});
    precondition();
  }
  for (std::size_t row = 0; row < n; ++row) search[row] = correction[row];
  for (int i = 0; !(rr <= wanted); ++i) {
    if (i == options.most_iterations || !std::isfinite(rr))
      throw Fault(Exit::not_converged, "not-converged", "Regeneration/Transport",
                  "diffusion after " + std::to_string(i) + " iterations: relative residual")
          .found(std::sqrt(rr / reference))
          .wanted("at most " + to_text(options.relative_residual))
          .hint("Shorten the step or raise the number of iterations");
    apply(search);
    double curvature = 0;
    for (std::size_t row = 0; row < n; ++row) curvature += search[row] * image[row];
    const double rz_before = rz, length = rz / sum(curvature);
    for (std::size_t row = 0; row < n; ++row) {
      y[row] += length * search[row];
      residual[row] -= length * image[row];
    }
    precondition();
    const double factor = rz / rz_before;
    for (std::size_t row = 0; row < n; ++row) search[row] = correction[row] + factor * search[row];
    ++iterations;
  }
  return y;
}

TransportBalance Transport::advance(CellField &density, const Conductances &conductances, const double days,
                                    const TransportOptions &options, const CellField *supply,
                                    const LinearReaction *reaction) const
{
  const std::size_t n = cells_.size();
  std::vector<double> now(exchange_.n_local()), before, rate(n), wall, supplied, no_supply(n), source, loss;
  for (std::size_t row = 0; row < n; ++row) now[row] = density[cells_[row]];
  open_walls(conductances, supply, wall, supplied);
  if (reaction != nullptr) {
    source = times_volume(reaction->source);
    loss = times_volume(reaction->loss);
  }
  double open_area = 0;
  for (std::size_t row = 0; row < n; ++row) open_area += wall[row];
  const bool open = sum(open_area) > 0;
  const auto inflow = [&](const std::vector<double> &values) {
    double amount = 0;
    for (std::size_t row = 0; row < n; ++row) amount += wall[row] * (supplied[row] - values[row]);
    return sum(amount);
  };
  const auto gain = [&](const std::vector<double> &values) {
    long double amount = 0;
    for (std::size_t row = 0; row < n; ++row) amount += source[row] - loss[row] * values[row];
    return sum(static_cast<double>(amount));
  };

  TransportBalance balance;
  balance.before = total(now);
  double amount = balance.before, last_supplied = 0, last_reacted = 0;
  const double step = days / options.substeps;
  const TimeScheme &chosen = time_schemes().at(options.scheme).law;
  for (int i = 0; i < options.substeps; ++i) {
    const TimeScheme &scheme =
        chosen.two_steps() && i == 0 ? time_schemes().at("backward Euler").law : chosen;
    Stage stage{conductances, wall, no_supply, scheme.weight * step, volume_, std::vector<double>(n)};
    if (scheme.rate != 0) flow(conductances, wall, supplied, now, rate);
    if (reaction != nullptr)
      for (std::size_t row = 0; row < n; ++row) {
        stage.mass[row] += stage.step * loss[row];
        if (scheme.rate != 0) rate[row] += source[row] - loss[row] * now[row];
      }
    for (std::size_t row = 0; row < n; ++row) {
      double known = scheme.now * now[row];
      if (scheme.two_steps()) known += scheme.before * before[row];
      stage.right_side[row] = volume_[row] * known + scheme.rate * step * (scheme.rate != 0 ? rate[row] : 0) +
                              stage.step * wall[row] * supplied[row];
      if (reaction != nullptr) stage.right_side[row] += stage.step * source[row];
    }
    std::vector<double> next = solve(stage, now, options, balance.iterations);

    // Where the solver left a value below zero the exact one is zero to its tolerance.
    if (scheme.keeps_signs()) {
      double negative = 0;
      for (std::size_t row = 0; row < n; ++row)
        if (next[row] < 0) {
          negative -= volume_[row] * next[row];
          next[row] = 0;
        }
      balance.clipped += sum(negative);
    }
    // The residual of the solver is not free of divergence. In a closed domain one common factor gives the
    // amount back, to rounding. At open faces a long step would turn the rounding of the fluxes into an
    // amount, so there the change of the amount is what entered, and the fluxes only check it.
    double entered = scheme.weight * step * inflow(next) - scheme.before * last_supplied;
    if (scheme.rate != 0) entered += scheme.rate * step * inflow(now);
    double reacted = 0;
    if (reaction != nullptr) {
      reacted = scheme.weight * step * gain(next) - scheme.before * last_reacted;
      if (scheme.rate != 0) reacted += scheme.rate * step * gain(now);
    }
    const double reached = total(next), wanted = amount + entered + reacted;
    if (reached > 0) balance.correction = std::max(balance.correction, std::abs(wanted / reached - 1));
    // Beside a reaction nothing is put right: the balance shows the solver's error.
    if (reaction != nullptr) {
      amount = reached;
    } else {
      if (open)
        entered = reached - amount;
      else if (reached > 0 && wanted > 0)
        for (double &value : next) value *= wanted / reached;
      amount += entered;
    }
    last_supplied = entered;
    last_reacted = reacted;
    balance.supplied += entered;
    balance.reacted += reacted;
    before = std::move(now);
    now = std::move(next);
    now.resize(exchange_.n_local());
  }

  balance.smallest = n > 0 ? *std::min_element(now.begin(), now.begin() + static_cast<std::ptrdiff_t>(n))
                           : std::numeric_limits<double>::infinity();
  MPI_Allreduce(MPI_IN_PLACE, &balance.smallest, 1, MPI_DOUBLE, MPI_MIN, comm_);
  balance.after = total(now);
  for (std::size_t row = 0; row < n; ++row) density[cells_[row]] = now[row];
  return balance;
}

int Transport::rest(CellField &density, const Conductances &conductances, const TransportOptions &options,
                    const CellField *supply, const LinearReaction &reaction) const
{
  const std::size_t n = cells_.size();
  std::vector<double> guess(exchange_.n_local()), wall, supplied, no_supply(n);
  for (std::size_t row = 0; row < n; ++row) guess[row] = density[cells_[row]];
  open_walls(conductances, supply, wall, supplied);
  Stage stage{conductances, wall, no_supply, 1, times_volume(reaction.loss), times_volume(reaction.source)};
  for (std::size_t row = 0; row < n; ++row) stage.right_side[row] += wall[row] * supplied[row];
  int iterations = 0;
  const std::vector<double> found = solve(stage, guess, options, iterations);
  // The exact answer is not negative: what stands below zero is the solver's rounding.
  for (std::size_t row = 0; row < n; ++row) density[cells_[row]] = std::max(0.0, found[row]);
  return iterations;
}

} // namespace wolff::regeneration
