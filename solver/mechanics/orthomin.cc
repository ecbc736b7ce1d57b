#include "mechanics/orthomin.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace wolff::mechanics {

namespace {

/// Entries that stay in cache while all kept directions pass by.
constexpr std::size_t chunk = 512;

/// Share of w.w that may be left after a subtraction before it is done once more: images are kept in float.
constexpr double least_share = 1e-4;

/// Sum of a_i b_i in eight lanes, which a compiler may keep in one register.
template <typename A, typename B>
double dot(const A *const a, const B *const b, const std::size_t n)
{
  std::array<double, 8> lanes{};
  const std::size_t whole = n / 8 * 8;
  for (std::size_t i = 0; i < whole; i += 8)
    for (std::size_t l = 0; l < 8; ++l)
      lanes[l] += static_cast<double>(a[i + l]) * static_cast<double>(b[i + l]);
  double sum = 0;
  for (const double lane : lanes) sum += lane;
  for (std::size_t i = whole; i < n; ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

/// a += factor b
template <typename B>
void add(double *const a, const double factor, const B *const b, const std::size_t n)
{
  for (std::size_t i = 0; i < n; ++i) a[i] += factor * static_cast<double>(b[i]);
}

} // namespace

Orthomin::Orthomin(const std::size_t memory, const MPI_Comm comm) : memory_(memory), comm_(comm) {}

std::vector<double> Orthomin::inner_products(const std::vector<double> &w, const std::vector<double> &r) const
{
  const std::size_t count = kept_.size();
  std::vector<double> products(2 * count + 3, 0.0);
  for (std::size_t begin = 0; begin < w.size(); begin += chunk) {
    const std::size_t size = std::min(chunk, w.size() - begin);
    const double *const here = w.data() + begin, *const residual = r.data() + begin;
    for (std::size_t l = 0; l < count; ++l) {
      products[l] += dot(here, kept_[l].w.data() + begin, size);
      products[count + l] += dot(residual, kept_[l].w.data() + begin, size);
    }
    double *const last = products.data() + 2 * count;
    last[0] += dot(here, here, size);
    last[1] += dot(here, residual, size);
    last[2] += dot(residual, residual, size);
  }
  MPI_Allreduce(MPI_IN_PLACE, products.data(), static_cast<int>(products.size()), MPI_DOUBLE, MPI_SUM, comm_);
  for (std::size_t l = 0; l < count; ++l) products[l] /= kept_[l].square;
  return products;
}

void Orthomin::remember(const std::size_t memory)
{
  if (memory <= memory_) return;
  if (kept_.size() == memory_) { // the oldest first: room is made behind the newest
    std::rotate(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(oldest_), kept_.end());
    oldest_ = kept_.size();
  }
  memory_ = memory;
}

Orthomin::Norms Orthomin::step(std::vector<double> &z, std::vector<double> &w, std::vector<double> &x,
                               std::vector<double> &r)
{
  const std::size_t n = w.size(), count = kept_.size();
  std::vector<double> products = inner_products(w, r);
  const auto square_left = [&] {
    double left = products[2 * count];
    for (std::size_t l = 0; l < count; ++l) left -= products[l] * products[l] * kept_[l].square;
    return left;
  };
  const auto subtract = [&](const std::size_t begin, const std::size_t size) {
    for (std::size_t l = 0; l < count; ++l) {
      add(w.data() + begin, -products[l], kept_[l].w.data() + begin, size);
      add(z.data() + begin, -products[l], kept_[l].z.data() + begin, size);
    }
  };
  for (int pass = 0; pass < 2 && square_left() < least_share * products[2 * count]; ++pass) {
    for (std::size_t begin = 0; begin < n; begin += chunk) subtract(begin, std::min(chunk, n - begin));
    products = inner_products(w, r);
  }
  const double square = square_left();
  // Of what will be left of w: r is orthogonal to the kept images but for their rounding, which would count
  // where little is left.
  double along = products[2 * count + 1];
  for (std::size_t l = 0; l < count; ++l) along -= products[l] * products[count + l];
  const double factor = along / square;
  if (!(square > 0) || !std::isfinite(factor))
    return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};

  // The new direction takes the place of the oldest, piece by piece once that piece has been subtracted.
  if (count < memory_) kept_.push_back({std::vector<double>(n), std::vector<float>(n), 0});
  Direction &place = kept_[oldest_];
  oldest_ = (oldest_ + 1) % memory_;
  for (std::size_t begin = 0; begin < n; begin += chunk) {
    const std::size_t size = std::min(chunk, n - begin);
    subtract(begin, size);
    std::copy_n(z.data() + begin, size, place.z.data() + begin);
    for (std::size_t i = begin; i < begin + size; ++i) place.w[i] = static_cast<float>(w[i]);
    add(x.data() + begin, factor, z.data() + begin, size);
    add(r.data() + begin, -factor, w.data() + begin, size);
  }
  place.square = square;
  return {std::sqrt(std::max(0.0, products[2 * count + 2] - factor * along)), std::sqrt(square)};
}

} // namespace wolff::mechanics
