#include "coupling/lattice_run.h"

#include "base/clock.h"
#include "coupling/lattice_groups.h"
#include "coupling/record.h"
#include "io/cell_reading.h"
#include "io/safe_file.h"
#include "regeneration/lattice.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <memory>

namespace wolff::coupling {

using regeneration::Lattice;

namespace {

/// What is recorded of a day, in the order of the columns.
const std::vector<std::string> &quantities()
{
  static const std::vector<std::string> names{"fraction_empty",       "fraction_msc",
                                              "fraction_mature_bone", "fraction_immature_bone",
                                              "fraction_cartilage",   "fraction_fibrous",
                                              "msc_in_all",           "born",
                                              "differentiated",       "died",
                                              "lost_divisions",       "jumps",
                                              "blocked_jumps",        "left"};
  return names;
}

double sum_of(const std::array<std::int64_t, tissue::n_occupants> &numbers)
{
  double sum = 0;
  for (const std::int64_t n : numbers) sum += static_cast<double>(n);
  return sum;
}

std::vector<double> numbers_of(const Lattice &lattice, const regeneration::LatticeReport &report)
{
  const auto counts = lattice.counts();
  const double sites = sum_of(counts);
  std::vector<double> numbers;
  for (const std::int64_t n : counts) numbers.push_back(sites > 0 ? static_cast<double>(n) / sites : 0);
  numbers.push_back(static_cast<double>(lattice.n_stromal()));
  numbers.push_back(sum_of(report.born));
  numbers.push_back(sum_of(report.differentiated));
  numbers.push_back(sum_of(report.died));
  for (const std::int64_t n : {report.lost_divisions, report.jumps, report.blocked_jumps, report.left})
    numbers.push_back(static_cast<double>(n));
  return numbers;
}

/// Sums over the seeds, a row a day.
struct Ensemble
{
  std::vector<std::vector<double>> sum, squares;
  int seeds = 0;

  void add(const std::size_t day, const std::vector<double> &numbers)
  {
    if (sum.size() <= day) {
      sum.resize(day + 1, std::vector<double>(numbers.size(), 0.0));
      squares.resize(day + 1, std::vector<double>(numbers.size(), 0.0));
    }
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      sum[day][i] += numbers[i];
      squares[day][i] += numbers[i] * numbers[i];
    }
  }
  double mean(const std::size_t day, const std::size_t i) const { return sum[day][i] / seeds; }
  double deviation(const std::size_t day, const std::size_t i) const
  {
    const double m = mean(day, i);
    return std::sqrt(std::max(0.0, (squares[day][i] - seeds * m * m) / (seeds - 1)));
  }
  std::string table() const
  {
    std::string text = "day";
    for (const std::string &name : quantities()) text += "," + name + "," + name + "_sd";
    text += "\n";
    for (std::size_t day = 0; day < sum.size(); ++day) {
      text += std::to_string(day);
      for (std::size_t i = 0; i < quantities().size(); ++i)
        text += "," + to_text(mean(day, i)) + "," + (seeds > 1 ? to_text(deviation(day, i)) : "");
      text += "\n";
    }
    return text;
  }
};

/// Work of each layer for the cuts between ranks: sites on which cells can be, on every fourth line.
std::vector<double> layer_weights(const LatticeBody &body, const MPI_Comm comm)
{
  const regeneration::LatticeExtent &extent = body.extent();
  std::vector<double> weight(static_cast<std::size_t>(extent.nz), 0.0);
  int rank = 0, size = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &size);
  together(comm, [&] {
    for (std::int64_t z = rank; z < extent.nz; z += size)
      for (std::int64_t y = 0; y < extent.ny; y += 4)
        for (std::int64_t x = 0; x < extent.nx; x += 4)
          if (tissue::contains(tissue::sites::free_in_tissue, tissue::site_code(body.ground(x, y, z))))
            weight[static_cast<std::size_t>(z)] += 1;
  });
  MPI_Allreduce(MPI_IN_PLACE, weight.data(), static_cast<int>(weight.size()), MPI_DOUBLE, MPI_SUM, comm);
  for (double &w : weight) w += 1e-3; // empty layers are shared too
  return weight;
}

void heal(const Case &input, const MPI_Comm comm, Log &log, const RunSettings &settings)
{
  const Clock clock;
  const LatticeBodyOptions &options = input.cell_lattice;
  std::unique_ptr<LatticeBody> body;
  together(comm, [&] {
    body = std::make_unique<LatticeBody>(options, input.lattice.spacing, input.stimulus, input.folder);
  });
  const std::vector<double> weight = layer_weights(*body, comm);
  const LatticeGroups groups =
      lattice_groups(options, *body, input.lattice.spacing, input.folder, weight, comm);
  const int days = static_cast<int>(std::ceil(input.course.duration * (1 - 1e-12)));

  Ensemble ensemble;
  nlohmann::json members = nlohmann::json::array();
  for (int k = 0; k < options.ensemble; ++k) {
    tissue::LatticeOptions rules = input.lattice;
    rules.seed += k;
    const auto lattice = std::make_unique<Lattice>(
        comm, body->extent(), [&](auto x, auto y, auto z) { return body->ground(x, y, z); }, groups.grid,
        rules, weight);
    const std::int64_t cells = lattice->seed(
        [&](auto x, auto y, auto z, auto &cell) { return body->is_seeded(x, y, z, rules, cell); });
    const std::vector<tissue::Window> stimulus = stimulus_of(*lattice, *body, groups);
    if (k == 0) {
      const double sites = sum_of(lattice->counts());
      log.line(fmt::format("cell lattice: {} x {} x {} sites of {:g} mm, {:.0f} of tissue, {} cells on day 0",
                           body->extent().nx, body->extent().ny, body->extent().nz, input.lattice.spacing,
                           sites, cells));
      report_groups(*lattice, groups, log);
      if (sites == 0)
        throw Fault(Exit::model, "lattice-empty", "Cell lattice", "no site of the lattice is tissue")
            .hint("Look at the radii and the number of sites");
      if (cells == 0)
        throw Fault(Exit::model, "lattice-empty", "Cell lattice",
                    "no cell is on the lattice on the first day")
            .hint("State where stromal cells are, or a lattice that reaches beyond the gap");
    }
    ensemble.add(0, numbers_of(*lattice, {}));
    for (int day = 1; day <= days; ++day) {
      const double start = clock.seconds();
      const regeneration::LatticeReport report = lattice->advance(day, stimulus);
      ensemble.add(static_cast<std::size_t>(day), numbers_of(*lattice, report));
      const int done = k * days + day, all = options.ensemble * days;
      log.progress({.step = done,
                    .of = all,
                    .day = static_cast<double>(day),
                    .seconds = clock.seconds() - start,
                    .seconds_left = clock.seconds() * (all - done) / done});
    }
    ++ensemble.seeds;
    const std::string checksum = io::hexadecimal(lattice->checksum());
    const auto counts = lattice->counts();
    nlohmann::json member{{"seed", rules.seed}, {"checksum", checksum}};
    for (std::size_t o = 0; o < counts.size(); ++o) member["sites"][tissue::occupant_names()[o]] = counts[o];
    members.push_back(member);
    log.line(fmt::format("seed {}: day {}, {} of {} tissue sites with formed tissue", rules.seed, days,
                         counts[2] + counts[3] + counts[4] + counts[5],
                         static_cast<std::int64_t>(sum_of(counts))));
    together(comm, [&] {
      if (is_first(comm)) io::write_file_safely(settings.folder + "/history.csv", ensemble.table());
    });
  }

  together(comm, [&] {
    if (!is_first(comm)) return;
    const auto last = static_cast<std::size_t>(days);
    nlohmann::json summary{{"case", input.name}, {"title", input.title}, {"status", "finished"},
                           {"day", days},        {"seeds", members},     {"wall_seconds", clock.seconds()}};
    for (std::size_t i = 0; i < quantities().size(); ++i) {
      summary[quantities()[i]] = ensemble.mean(last, i);
      summary[quantities()[i] + "_sd"] =
          ensemble.seeds > 1 ? nlohmann::json(ensemble.deviation(last, i)) : nlohmann::json(nullptr);
    }
    io::write_file_safely(settings.folder + "/summary.json", summary.dump(1) + "\n");
    record_finished(input, settings, clock.seconds(), input.lattice.seed);
  });
}

void require_lattice_backend(const Case &input)
{
  if (input.course.backend != "lattice agents")
    throw Fault(Exit::input, "option-contradicts", "Regeneration/Backend",
                "the cell lattice alone has no other backend")
        .found(input.course.backend)
        .wanted("lattice agents");
}

} // namespace

void check_lattice(const Case &input, const MPI_Comm comm, Log &log)
{
  require_lattice_backend(input);
  together(comm, [&] {
    const LatticeBody body(input.cell_lattice, input.lattice.spacing, input.stimulus, input.folder);
    const double sites = static_cast<double>(body.extent().n_sites());
    log.line(fmt::format("estimate: {:.3g} million sites, at least {:.3g} GB of memory in all", 1e-6 * sites,
                         1e-9 * sites + 0.2));
  });
  if (!input.cell_lattice.element_file.empty()) {
    const LatticeBody body(input.cell_lattice, input.lattice.spacing, input.stimulus, input.folder);
    const LatticeGroups groups =
        lattice_groups(input.cell_lattice, body, input.lattice.spacing, input.folder,
                       std::vector<double>(static_cast<std::size_t>(body.extent().nz), 1.0), comm);
    log.line(fmt::format("elements: {} labels", groups.n_labels));
  }
  log.line("no problem found");
}

Exit run_lattice(const Case &input, const MPI_Comm comm, Log &log, const RunSettings &settings)
{
  require_lattice_backend(input);
  if (settings.exchange) refuse_mechanics(input, "--exchange");
  if (!settings.restart.empty()) refuse_mechanics(input, "--restart");
  return in_result_folder(settings, comm, log, [&] {
    together(comm, [&] {
      if (is_first(comm)) io::write_file_safely(settings.folder + "/case.prm", settings.case_text);
    });
    heal(input, comm, log, settings);
    log.summarise_warnings();
    return Exit::finished;
  });
}

void refuse_mechanics(const Case &input, const std::string &what)
{
  throw Fault(Exit::input, "body-without-mechanics", "Geometry/Body",
              what + " needs mechanics; a cell lattice alone has none")
      .found(input.geometry.body)
      .wanted("femur, or the verbs run and check");
}

} // namespace wolff::coupling
