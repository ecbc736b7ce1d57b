#include "tissue/kinetics.h"

#include "base/errors.h"
#include "tissue/integrator.h"

#include <algorithm>
#include <cmath>

namespace wolff::tissue {

namespace {

using material::Tissue;

// Unknowns of the point: cells over capacity, then the fractions that change. The free volume is one of them,
// so that the integrator keeps it non-negative as well.
constexpr std::array changing_tissues{Tissue::fibrous, Tissue::cartilage, Tissue::immature_bone,
                                      Tissue::mature_bone, Tissue::granulation};
enum Position : std::size_t
{
  fibrous = n_cells,
  cartilage,
  immature_bone,
  mature_bone,
  granulation,
  n_unknowns
};
using Unknowns = std::array<double, n_unknowns>;
// The implanted cells stand behind them, where there are any: cells that nobody implanted cost nothing.
constexpr std::size_t n_with_implanted = n_unknowns + n_msc_stages;
using UnknownsWithImplanted = std::array<double, n_with_implanted>;

constexpr std::size_t mature_msc = index(Cell::mature_msc);
constexpr std::size_t fibroblast = index(Cell::fibroblast);
constexpr std::size_t chondrocyte = index(Cell::chondrocyte);
constexpr std::size_t osteoblast = index(Cell::osteoblast);

/// The right-hand side with everything that is constant over the step multiplied out.
struct Rate
{
  Rate(const KineticsOptions &o, const Windows &w, const double a, const Signals &signals)
  {
    const double w_resorption = w[0], w_mature = w[1], w_immature = w[2], w_cartilage = w[3],
                 w_fibrous = w[4];
    const double w_bone = w_immature + w_mature;
    stage = static_cast<double>(n_maturation_stages) / o.maturation_time;
    msc_division = o.msc_division * a;
    msc_death = (o.msc_death + signals.added_msc_death) * signals.msc_death_factor;
    const std::array window{w_fibrous, w_cartilage, w_bone};
    const std::array division{o.fibroblast_division, o.chondrocyte_division, o.osteoblast_division};
    const std::array death{o.fibroblast_death, o.chondrocyte_death, o.osteoblast_death};
    for (std::size_t j = 0; j < 3; ++j) {
      becoming[j] =
          o.differentiation * a * window[j] * signals.differentiation * (j == 2 ? signals.osteogenic : 1);
      dividing[j] = division[j] * a * window[j];
      dying[j] = death[j] * std::max(0.0, 1 - window[j]);
    }
    implanted_excess = signals.implanted_osteogenic - 1;
    producing_fibrous = o.fibrous_production * w_fibrous;
    producing_cartilage = o.cartilage_production * w_cartilage;
    producing_immature = o.bone_production * w_immature;
    producing_mature = o.bone_production * w_mature;
    replacing_cartilage = o.endochondral * w_bone;
    maturing_bone = o.bone_maturation * w_mature;
    removing_fibrous = o.fibrous_removal * std::max(0.0, 1 - w_fibrous);
    removing_cartilage = o.cartilage_removal * std::max(0.0, 1 - w_cartilage);
    resorbing_bone = o.bone_resorption * w_resorption;
  }

  template <std::size_t n>
  void operator()(const std::array<double, n> &y, std::array<double, n> &dy) const
  {
    double stromal = 0, all = 0;
    for (std::size_t k = 0; k <= mature_msc; ++k) stromal += y[k];
    all = stromal + y[fibroblast] + y[chondrocyte] + y[osteoblast];
    const double theta = y[granulation];
    const double room = theta > all && theta > 0 ? 1 - all / theta : 0;

    double inflow = msc_division * room * stromal;
    for (std::size_t k = 0; k < n_maturation_stages; ++k) {
      dy[k] = inflow - (stage + msc_death) * y[k];
      inflow = stage * y[k];
    }
    dy[mature_msc] = inflow - (becoming[0] + becoming[1] + becoming[2] + msc_death) * y[mature_msc];
    for (std::size_t j = 0; j < 3; ++j)
      dy[fibroblast + j] = becoming[j] * y[mature_msc] + (dividing[j] * room - dying[j]) * y[fibroblast + j];

    if constexpr (n == n_with_implanted) {
      double implanted = 0;
      for (std::size_t k = 0; k < n_msc_stages; ++k) implanted += y[n_unknowns + k];
      inflow = msc_division * room * implanted;
      for (std::size_t k = 0; k < n_maturation_stages; ++k) {
        dy[n_unknowns + k] = inflow - (stage + msc_death) * y[n_unknowns + k];
        inflow = stage * y[n_unknowns + k];
      }
      const double mature = y[n_unknowns + n_maturation_stages];
      const double faster = becoming[2] * implanted_excess * mature;
      dy[n_unknowns + n_maturation_stages] =
          inflow - (becoming[0] + becoming[1] + becoming[2] + msc_death) * mature - faster;
      dy[mature_msc] -= faster;
      dy[osteoblast] += faster;
    }

    const double replaced = replacing_cartilage * y[osteoblast] * y[cartilage];
    const double matured = maturing_bone * y[immature_bone];
    dy[fibrous] = producing_fibrous * y[fibroblast] * theta - removing_fibrous * y[fibrous];
    dy[cartilage] =
        producing_cartilage * y[chondrocyte] * theta - replaced - removing_cartilage * y[cartilage];
    dy[immature_bone] =
        producing_immature * y[osteoblast] * theta + replaced - matured - resorbing_bone * y[immature_bone];
    dy[mature_bone] = producing_mature * y[osteoblast] * theta + matured - resorbing_bone * y[mature_bone];
    dy[granulation] = -(dy[fibrous] + dy[cartilage] + dy[immature_bone] + dy[mature_bone]);
  }

  double stage, msc_division, msc_death, implanted_excess;
  std::array<double, 3> becoming, dividing, dying; ///< fibroblast, chondrocyte, osteoblast
  double producing_fibrous, producing_cartilage, producing_immature, producing_mature;
  double replacing_cartilage, maturing_bone, removing_fibrous, removing_cartilage, resorbing_bone;
};

template <std::size_t n>
std::array<double, n> pack(const PointState &state, const double capacity)
{
  std::array<double, n> y;
  for (std::size_t i = 0; i < n_cells; ++i) y[i] = state.cells[i] / capacity;
  for (std::size_t i = 0; i < changing_tissues.size(); ++i)
    y[n_cells + i] = state.fractions[material::index(changing_tissues[i])];
  for (std::size_t i = n_unknowns; i < n; ++i) y[i] = state.implanted[i - n_unknowns] / capacity;
  return y;
}

double activity_of(const Signals &signals, const double day, const KineticsOptions &options)
{
  return signals.activity < 0 ? activity(day, options) : signals.activity;
}

Fault state_fault(const std::string &what)
{
  return Fault(Exit::not_converged, "tissue-state", "", what);
}

void require_admissible(const PointState &state, const Windows &windows)
{
  double sum = 0;
  for (const double density : state.cells)
    if (!(density >= 0 && std::isfinite(density)))
      throw state_fault("cell density [1/mm^3]").found(density).wanted("a finite number of at least 0");
  for (std::size_t k = 0; k < n_msc_stages; ++k)
    if (!(state.implanted[k] >= 0 && state.implanted[k] <= state.cells[k]))
      throw state_fault("implanted cells [1/mm^3]")
          .found(state.implanted[k])
          .wanted("a number in [0, all cells of the stage]");
  for (const double fraction : state.fractions) {
    if (!(fraction >= 0 && fraction <= 1 + 1e-9))
      throw state_fault("volume fraction [-]").found(fraction).wanted("a number in [0, 1]");
    sum += fraction;
  }
  if (!(std::abs(sum - 1) <= 1e-9))
    throw state_fault("sum of the volume fractions [-]").found(sum).wanted("1 to 1e-9");
  for (const double window : windows)
    if (!(window >= 0 && window <= 1 + 1e-12))
      throw state_fault("weight of a phenotype [-]").found(window).wanted("a number in [0, 1]");
}

} // namespace

const std::array<std::string, n_cells> &cell_names()
{
  static const std::array<std::string, n_cells> names = [] {
    std::array<std::string, n_cells> list;
    for (std::size_t k = 0; k < n_maturation_stages; ++k) list[k] = "immature_msc_" + std::to_string(k + 1);
    list[mature_msc] = "mature_msc";
    list[fibroblast] = "fibroblasts";
    list[chondrocyte] = "chondrocytes";
    list[osteoblast] = "osteoblasts";
    return list;
  }();
  return names;
}

double activity(const double day, const KineticsOptions &options)
{
  return day < options.active_until ? 1.0 : options.activity_afterwards;
}

PointState rates(const PointState &state, const Windows &windows, const double day,
                 const KineticsOptions &options, const Signals &signals)
{
  UnknownsWithImplanted slope;
  Rate(options, windows, activity_of(signals, day, options),
       signals)(pack<n_with_implanted>(state, options.capacity), slope);
  PointState rate;
  rate.fractions = {};
  for (std::size_t k = 0; k < n_msc_stages; ++k) rate.implanted[k] = slope[n_unknowns + k] * options.capacity;
  for (std::size_t i = 0; i < n_cells; ++i) rate.cells[i] = slope[i] * options.capacity;
  for (std::size_t i = 0; i < changing_tissues.size(); ++i)
    rate.fractions[material::index(changing_tissues[i])] = slope[n_cells + i];
  return rate;
}

namespace {

/// advance() with @p n unknowns.
template <std::size_t n>
PointState advanced(const PointState &state_before, const Windows &windows, const double day,
                    const double days, const KineticsOptions &options, const Signals &signals)
{
  std::array<double, n> y = pack<n>(state_before, options.capacity);
  bool changing = false;

  // The activity jumps at t_L: the step is parted there, so that each part is smooth.
  const double end = day + days, jump = signals.activity < 0 ? options.active_until : day;
  const std::array<double, 3> ends{day, jump > day && jump < end ? jump : end, end};
  for (std::size_t part = 0; part < 2; ++part) {
    const double duration = ends[part + 1] - ends[part];
    if (!(duration > 0)) continue;
    const Rate rate(options, windows, activity_of(signals, ends[part], options), signals);
    std::array<double, n> slope;
    rate(y, slope);
    if (std::all_of(slope.begin(), slope.end(), [](const double s) { return s == 0; })) continue;
    changing = true;
    if (!integrate(rate, y, duration).finished)
      throw state_fault("cell kinetics: the step of " + to_text(days) + " days from day " + to_text(day) +
                        " could not be computed")
          .hint("Are the rates finite and of the order of 1 per day?");
  }
  if (!changing) return state_before;

  PointState after = state_before;
  for (std::size_t i = 0; i < n_cells; ++i) after.cells[i] = y[i] * options.capacity;
  // Both are integrated to a tolerance of their own.
  for (std::size_t i = n_unknowns; i < n; ++i)
    after.implanted[i - n_unknowns] = std::min(y[i] * options.capacity, after.cells[i - n_unknowns]);
  double others = 0;
  for (std::size_t i = 0; i < changing_tissues.size(); ++i)
    after.fractions[material::index(changing_tissues[i])] = y[n_cells + i];
  for (std::size_t i = 0; i < material::n_tissues; ++i)
    if (i != material::index(Tissue::granulation)) others += after.fractions[i];
  after.fractions[material::index(Tissue::granulation)] = std::max(0.0, 1 - others);
  return after;
}

} // namespace

PointState advance(const PointState &state_before, const Windows &windows, const double day,
                   const double days, const KineticsOptions &options, const Signals &signals)
{
  require_admissible(state_before, windows);
  if (!(signals.osteogenic >= 0 && std::isfinite(signals.osteogenic) && signals.added_msc_death >= 0 &&
        std::isfinite(signals.added_msc_death) && signals.msc_death_factor >= 0 &&
        signals.msc_death_factor <= 1 && signals.activity <= 1 && signals.differentiation >= 0 &&
        std::isfinite(signals.differentiation)))
    throw state_fault("signals: factor on osteoblasts [-], added death [1/day], factors on death and "
                      "differentiation, activity [-]")
        .found(to_text(signals.osteogenic) + ", " + to_text(signals.added_msc_death) + ", " +
               to_text(signals.msc_death_factor) + ", " + to_text(signals.differentiation) + ", " +
               to_text(signals.activity))
        .wanted("finite numbers of at least 0, the third and the last at most 1");
  if (!(signals.implanted_osteogenic >= 0 && std::isfinite(signals.implanted_osteogenic)))
    throw state_fault("signals: factor on implanted cells that become osteoblasts [-]")
        .found(signals.implanted_osteogenic)
        .wanted(non_negative().description());
  for (const double density : state_before.implanted)
    if (density > 0) return advanced<n_with_implanted>(state_before, windows, day, days, options, signals);
  return advanced<n_unknowns>(state_before, windows, day, days, options, signals);
}

} // namespace wolff::tissue
