#include "coupling/lattice_run.h"

#include "base/clock.h"
#include "coupling/backend_options.h"
#include "coupling/checkpoint_folder.h"
#include "coupling/field_files.h"
#include "coupling/lattice_cells.h"
#include "coupling/lattice_files.h"
#include "coupling/record.h"
#include "io/cell_reading.h"
#include "io/pvd.h"
#include "io/safe_file.h"
#include "regeneration/lattice.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <numeric>
#include <optional>

namespace wolff::coupling {

using regeneration::Lattice;

namespace {

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

/// One run of the ensemble after the other, and day after day; what is written on the way.
class LatticeRun
{
public:
  LatticeRun(const Case &input, const MPI_Comm comm, Log &log, const RunSettings &settings)
      : input_(input), comm_(comm), log_(log), settings_(settings),
        days_(static_cast<int>(std::ceil(input.course.duration * (1 - 1e-12))))
  {
    together(comm, [&] {
      body_ = std::make_unique<LatticeBody>(input.cell_lattice, input.lattice.spacing, input.stimulus,
                                            input.folder);
    });
    weight_ = layer_weights(*body_, comm);
    groups_ = lattice_groups(input.cell_lattice, *body_, input.lattice.spacing, input.folder, weight_, comm);
  }

  Exit heal()
  {
    const std::optional<std::string> checkpoint = start();
    for (; progress_.seed_number < input_.cell_lattice.ensemble; ++progress_.seed_number, progress_.day = 0)
      if (!heal_seed(progress_.day > 0 ? checkpoint : std::nullopt)) {
        together(comm_, [&] {
          if (is_first(comm_))
            record_finished(input_, settings_, clock_.seconds(), input_.lattice.seed, "stopped");
        });
        return Exit::stopped;
      }
    together(comm_, [&] {
      if (is_first(comm_)) summarise();
    });
    return Exit::finished;
  }

private:
  /// The checkpoint to go on from, with progress_ set to it, or nothing and a folder without an earlier run.
  std::optional<std::string> start()
  {
    std::optional<std::string> checkpoint;
    if (settings_.restart == "auto")
      checkpoint = newest_checkpoint(settings_.folder, comm_, log_);
    else if (!settings_.restart.empty())
      checkpoint = settings_.restart;
    if (checkpoint) {
      progress_ = read_lattice_checkpoint(*checkpoint, input_, days_, settings_.allow_change, log_, comm_);
      log_.line(fmt::format("continues from {}: seed {}, day {}", *checkpoint,
                            input_.lattice.seed + progress_.seed_number, progress_.day));
    } else if (settings_.restart == "auto")
      log_.line("no checkpoint to continue from: starts at day 0");
    together(comm_, [&] {
      if (!is_first(comm_)) return;
      if (!checkpoint)
        for (const char *old : {"history.csv", "summary.json", "wolff.pvd", "status.json", "checkpoint"})
          std::filesystem::remove_all(settings_.folder + "/" + old);
      io::write_file_safely(settings_.folder + "/case.prm", settings_.case_text);
    });
    return checkpoint;
  }

  /// A seed to its last day. Returns whether it got there.
  bool heal_seed(const std::optional<std::string> &checkpoint)
  {
    tissue::LatticeOptions rules = input_.lattice;
    rules.seed += progress_.seed_number;
    Lattice lattice(
        comm_, body_->extent(), [&](auto x, auto y, auto z) { return body_->ground(x, y, z); }, groups_.grid,
        rules, weight_);
    const std::vector<tissue::Window> stimulus = stimulus_of(lattice, *body_, groups_);
    if (checkpoint)
      place_cells(*checkpoint, lattice);
    else {
      const std::int64_t cells = lattice.seed(
          [&](auto x, auto y, auto z, auto &cell) { return body_->is_seeded(x, y, z, rules, cell); });
      if (progress_.seed_number == 0) announce(lattice, cells);
      progress_.ensemble.add(0, lattice_numbers(lattice, {}));
      write_if_due(lattice, stimulus);
    }
    while (progress_.day < days_) {
      const double start = common_seconds();
      const regeneration::LatticeReport report = lattice.advance(++progress_.day, stimulus);
      progress_.ensemble.add(static_cast<std::size_t>(progress_.day), lattice_numbers(lattice, report));
      write_if_due(lattice, stimulus);
      if (!go_on(lattice, start)) return false;
    }
    finish_seed(lattice);
    return true;
  }

  void announce(const Lattice &lattice, const std::int64_t cells)
  {
    double sites = 0;
    for (const std::int64_t n : lattice.counts()) sites += static_cast<double>(n);
    log_.line(fmt::format("cell lattice: {} x {} x {} sites of {:g} mm, {:.0f} of tissue, {} cells on day 0",
                          body_->extent().nx, body_->extent().ny, body_->extent().nz, input_.lattice.spacing,
                          sites, cells));
    report_groups(lattice, groups_, log_);
    if (sites == 0)
      throw Fault(Exit::model, "lattice-empty", "Cell lattice", "no site of the lattice is tissue")
          .hint("Look at the radii and the number of sites");
    if (cells == 0)
      throw Fault(Exit::model, "lattice-empty", "Cell lattice", "no cell is on the lattice on the first day")
          .hint("State where stromal cells are, or a lattice that reaches beyond the gap");
  }

  /// The fields of the first seed on the first day, on or after each multiple of Output/Every, and at last.
  void write_if_due(const Lattice &lattice, const std::vector<tissue::Window> &stimulus)
  {
    const double every = input_.output.view_every;
    const int day = progress_.day;
    const auto multiples = [&](const int d) { return std::floor(d / every + 1e-9); };
    const bool is_due = day == 0 || day == days_ || multiples(day) > multiples(day - 1);
    if (progress_.seed_number > 0 || !is_due || input_.output.fields == "none") return;
    const std::string name = field_file_name("view", day), path = settings_.folder + "/" + name;
    write_element_view(lattice, groups_, stimulus, day, path);
    if (input_.output.states == "all") write_cells(lattice, *body_, lattice_file_name(path));
    progress_.views.emplace_back(day, name);
    together(comm_, [&] {
      if (!is_first(comm_)) return;
      std::vector<io::PvdEntry> entries;
      for (const auto &[when, file] : progress_.views) entries.push_back({when, file});
      io::write_pvd(settings_.folder + "/wolff.pvd", entries);
    });
  }

  /// After a day that began at @p start: progress, and a checkpoint if one is due. False: stop here.
  bool go_on(const Lattice &lattice, const double start)
  {
    const double now = common_seconds();
    longest_day_ = std::max(longest_day_, now - start);
    const int all = input_.cell_lattice.ensemble * days_,
              done = progress_.seed_number * days_ + progress_.day;
    ++days_done_;
    log_.progress({.step = done,
                   .of = all,
                   .day = static_cast<double>(progress_.day),
                   .seconds = now - start,
                   .seconds_left = now * (all - done) / days_done_});
    const bool asked = settings_.stop_requested && settings_.stop_requested();
    const bool time_over =
        settings_.time_limit && *settings_.time_limit - now < 2 * longest_day_ && done < all;
    const bool due = now - last_checkpoint_ > 60 * input_.output.checkpoint_minutes;
    if (asked || time_over || due) {
      write_lattice_checkpoint(lattice, *body_, input_, progress_, days_, settings_.folder);
      last_checkpoint_ = common_seconds();
      checkpoint_step_ = done;
    }
    if (settings_.is_kept) settings_.is_kept(done, checkpoint_step_);
    if (!asked && !time_over) return true;
    log_.line(fmt::format("stopped {} after day {} of {} of seed {}; a checkpoint is written. Continue with "
                          "--restart auto.",
                          asked ? "on request" : "before the time limit", progress_.day, days_,
                          lattice.options().seed));
    return false;
  }

  void finish_seed(const Lattice &lattice)
  {
    ++progress_.ensemble.seeds;
    const auto counts = lattice.counts();
    nlohmann::json member{{"seed", lattice.options().seed},
                          {"checksum", io::hexadecimal(lattice.checksum())}};
    for (std::size_t o = 0; o < counts.size(); ++o) member["sites"][tissue::occupant_names()[o]] = counts[o];
    progress_.members.push_back(member);
    log_.line(fmt::format("seed {}: day {}, {} of {} tissue sites with formed tissue", lattice.options().seed,
                          days_, counts[2] + counts[3] + counts[4] + counts[5],
                          std::accumulate(counts.begin(), counts.end(), std::int64_t{0})));
    together(comm_, [&] {
      if (is_first(comm_))
        io::write_file_safely(settings_.folder + "/history.csv", progress_.ensemble.table());
    });
  }

  void summarise() const
  {
    const Ensemble &ensemble = progress_.ensemble;
    const auto last = static_cast<std::size_t>(days_);
    nlohmann::json summary{{"case", input_.name},        {"title", input_.title},
                           {"status", "finished"},       {"day", days_},
                           {"seeds", progress_.members}, {"wall_seconds", clock_.seconds()}};
    for (std::size_t i = 0; i < lattice_quantities().size(); ++i) {
      summary[lattice_quantities()[i]] = ensemble.mean(last, i);
      summary[lattice_quantities()[i] + "_sd"] =
          ensemble.seeds > 1 ? nlohmann::json(ensemble.deviation(last, i)) : nlohmann::json(nullptr);
    }
    io::write_file_safely(settings_.folder + "/summary.json", summary.dump(1) + "\n");
    record_finished(input_, settings_, clock_.seconds(), input_.lattice.seed);
  }

  /// The clock of rank 0, so that all ranks decide alike. Collective.
  double common_seconds() const
  {
    double seconds = clock_.seconds();
    MPI_Bcast(&seconds, 1, MPI_DOUBLE, 0, comm_);
    return seconds;
  }

  const Clock clock_{};
  const Case &input_;
  MPI_Comm comm_;
  Log &log_;
  const RunSettings &settings_;
  int days_, days_done_ = 0;
  std::int64_t checkpoint_step_ = -1; ///< days of all seeds until the last checkpoint
  std::unique_ptr<LatticeBody> body_;
  std::vector<double> weight_;
  LatticeGroups groups_;
  LatticeProgress progress_;
  double longest_day_ = 0, last_checkpoint_ = 0;
};

void require_lattice_backend(const Case &input)
{
  if (input.course.backend != "lattice agents")
    throw Fault(Exit::input, "option-contradicts", "Regeneration/Backend",
                "the cell lattice alone has no other backend")
        .found(input.course.backend)
        .wanted("lattice agents");
  throw_if_any(ignored_by_backend(input));
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
  return in_result_folder(settings, comm, log, [&] {
    const Exit how = LatticeRun(input, comm, log, settings).heal();
    log.summarise_warnings();
    return how;
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
