#include "loads/load_set.h"

#include "loads/activity.h"
#include "loads/list_syntax.h"
#include "loads/muscles.h"

#include "base/errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>

namespace wolff::loads {

namespace {

std::string components(const Vector3 &force)
{
  return fmt::format("({:.6g}, {:.6g}, {:.6g})", force[0], force[1], force[2]);
}

/// What the direction of a force on the head is held against.
enum class DirectionCheck
{
  all,    ///< laterally, posteriorly, distally
  distal, ///< distally
  none
};

/// A case before muscles and load factor are applied, with what they need.
struct Draft
{
  LoadCase load;
  std::string place;   ///< the option or file that states the force
  double body_weight;  ///< [N]
  std::string muscles; ///< set that belongs to it; empty: none is known
  DirectionCheck direction = DirectionCheck::all;
};

bool pushes_into_socket(const Vector3 &force)
{
  return force[0] <= 0 && force[1] <= 0 && force[2] < 0;
}

Fault wrong_direction(const std::string &place, const std::string &what, const Vector3 &force)
{
  return Fault(Exit::model, "load-direction", place, what)
      .found(components(force))
      .wanted("a force on the head that points laterally, posteriorly and distally: no component "
              "positive, the last one negative")
      .hint("The axes are x medial, y anterior, z proximal for both sides of the body; some data sets "
            "count x lateral");
}

Draft of_activity(const std::string &name, const LoadOptions &options)
{
  const auto &activity = activities().at(name);
  LoadCase load;
  load.name = name;
  load.force = activity.law.force / 100 * options.body_weight;
  load.cycles = activity.law.is_walking ? options.walking_cycles : 0;
  return {load, "Loads/Activity", options.body_weight, activity.law.muscles};
}

std::vector<Draft> one_activity(const LoadOptions &options, const std::optional<GaitCycle> &)
{
  const std::vector<double> &given = options.hip_contact_force;
  const std::string option = "Loads/Hip contact force [N]";
  Draft draft = of_activity(options.activity, options);
  draft.place = option; // it may replace the activity's force: the place to look at first
  if (given.empty()) return {draft};
  if (given.size() != 3)
    throw Fault(Exit::input, "option-value", option, "wrong number of components")
        .found(fmt::format("{} numbers", given.size()))
        .wanted("three numbers: medial, anterior, proximal");
  draft.load.name = "given force";
  draft.load.force = Vector3(given[0], given[1], given[2]);
  draft.muscles = "";
  return {draft};
}

std::vector<Draft> several_activities(const LoadOptions &options, const std::optional<GaitCycle> &)
{
  const std::string option = "Loads/Activities";
  std::vector<Draft> drafts;
  for (const ListEntry &entry : entries_of(options.activities)) {
    if (entry.name.empty() || entry.numbers.size() > 1)
      throw Fault(Exit::input, "option-value", option, "an entry is not understood")
          .found("\"" + entry.text + "\"")
          .wanted("a name and its cycles a day, such as level walking 6144")
          .hint("Numbers take a decimal point; entries are parted by semicolons");
    for (const double number : entry.numbers)
      if (!(number > 0))
        throw Fault(Exit::input, "option-value", option, "cycles a day of \"" + entry.name + "\"")
            .found(number)
            .wanted("a number greater than 0");
    const std::vector<std::string> known = activities().names();
    if (std::find(known.begin(), known.end(), entry.name) == known.end())
      throw Fault(Exit::input, "unknown-name", option, "no activity of this name")
          .found("\"" + entry.name + "\"")
          .wanted("one of: " + join(known));
    Draft draft = of_activity(entry.name, options);
    draft.place = option;
    if (!entry.numbers.empty()) draft.load.cycles = entry.numbers[0];
    if (draft.load.cycles == 0)
      throw Fault(Exit::input, "option-missing", option, "cycles a day of \"" + entry.name + "\"")
          .found("the name alone")
          .wanted("its number behind the name")
          .hint("A default is known for walking only");
    drafts.push_back(draft);
  }
  if (drafts.empty())
    throw Fault(Exit::input, "option-missing", option, "no activity is named")
        .found("\"" + options.activities + "\"")
        .wanted("names with cycles a day, such as level walking 6144; stairs up 100");
  return drafts;
}

std::vector<Draft> ten_subjects(const LoadOptions &options, const std::optional<GaitCycle> &)
{
  std::vector<Draft> drafts;
  for (const auto &subject : walking_subjects()) {
    const double weight = options.subject_weights == "own" ? subject.law.body_weight : options.body_weight;
    LoadCase load;
    load.name = "walking " + subject.name;
    load.force = subject.law.force / 100 * weight;
    load.cycles = options.walking_cycles / 10; // each subject stands for a tenth of the day's walking
    drafts.push_back({load, "Loads/Load set", weight, "walking"});
  }
  return drafts;
}

std::vector<Draft> phases_of_gait(const LoadOptions &options, const std::optional<GaitCycle> &cycle)
{
  if (options.gait.phases.empty())
    throw Fault(Exit::input, "option-value", "Loads/Gait cycle/Phases [%]", "no phase is given")
        .wanted("one or more phases, such as 17, 50");
  if (!cycle)
    throw Fault(Exit::input, "option-missing", "Loads/Gait cycle/File", "no file is named")
        .wanted("a CSV file with the columns phase, Fx, Fy, Fz");
  // The frame of a file shows at its peak; in other parts of the cycle a sound force may point forward.
  const std::string &check = options.gait.direction_check;
  const Vector3 peak = *std::max_element(cycle->force.begin(), cycle->force.end(),
                                         [](const auto &a, const auto &b) { return a.norm() < b.norm(); });
  if (check == "peak" && !pushes_into_socket(peak))
    throw wrong_direction(cycle->place, "the peak of the cycle would pull the head out of the socket", peak);
  std::vector<Draft> drafts;
  for (const double phase : options.gait.phases) {
    LoadCase load;
    load.name = "gait " + to_text(phase);
    load.force = cycle->force_at(phase);
    load.cycles = options.walking_cycles;
    drafts.push_back({load, cycle->place + ", phase " + to_text(phase) + " %", options.body_weight, "",
                      check == "strict" ? DirectionCheck::all
                      : check == "peak" ? DirectionCheck::distal
                                        : DirectionCheck::none});
  }
  return drafts;
}

/// The muscles of a set that act. Removes from @p unknown the names that the set knows.
std::vector<Muscle> acting(const MuscleSet &set, const std::vector<std::string> &left_out,
                           std::set<std::string> &unknown)
{
  std::vector<Muscle> muscles;
  for (const Muscle &muscle : set) {
    unknown.erase(muscle.name);
    if (std::find(left_out.begin(), left_out.end(), muscle.name) == left_out.end()) muscles.push_back(muscle);
  }
  return muscles;
}

void add_muscles(Draft &draft, const std::string &asked, const std::vector<std::string> &left_out,
                 std::set<std::string> &unknown)
{
  if (asked == "none") return;
  const std::string set = asked == "of the activity" ? draft.muscles : asked;
  // Over a cycle muscles rise and fall; only the moment of the peak is known.
  if (set.empty() || draft.load.name.starts_with("gait "))
    throw Fault(Exit::input, "muscles-unknown", "Loads/Muscles",
                "no muscle forces are known for the load case \"" + draft.load.name + "\"")
        .found(asked)
        .wanted("none" + std::string(draft.load.name == "given force" ? ", or the name of a set" : ""));
  for (const Muscle &muscle : acting(muscle_sets().at(set).law, left_out, unknown))
    draft.load.muscles.push_back({muscle.name, muscle.attachment, muscle.force / 100 * draft.body_weight});
}

void require_head_force(const Draft &draft, std::vector<Fault> &faults)
{
  const Vector3 &force = draft.load.force;
  // In kN, or in multiples of body weight, no force on a hip reaches ten; in N even that of swing does.
  if (!(force.norm() >= 10 && force.norm() <= 2e4))
    faults.push_back(
        Fault(Exit::model, "units", draft.place, "the force on the head has no plausible size")
            .found(components(force))
            .wanted("10 to 20000 N")
            .hint(force.norm() < 10 ? "It looks like kN or multiples of body weight" : "It looks like mN"));
  else if (draft.direction == DirectionCheck::all && !pushes_into_socket(force))
    faults.push_back(wrong_direction(draft.place, "contact would pull the head out of the socket", force));
  else if (draft.direction == DirectionCheck::distal && !(force[2] < 0))
    faults.push_back(
        Fault(Exit::model, "load-direction", draft.place, "contact would pull the head out of the socket")
            .found(components(force))
            .wanted("a force on the head that points distally: the last component negative"));
}

using Rule = std::vector<Draft> (*)(const LoadOptions &, const std::optional<GaitCycle> &);

const Table<Rule> &load_sets()
{
  static const Table<Rule> table{
      {"one activity", "one activity or one given force", "", one_activity},
      {"several activities", "one case each", "", several_activities},
      {"ten subjects", "level walking of ten measured subjects", "", ten_subjects},
      {"gait cycle", "phases of a cycle from a file", "", phases_of_gait},
  };
  return table;
}

} // namespace

std::vector<LoadCase> load_set(const LoadOptions &options, const std::optional<GaitCycle> &cycle)
{
  std::vector<Draft> drafts = load_sets().at(options.set).law(options, cycle);
  std::vector<LoadCase> cases;
  std::vector<Fault> faults;
  std::map<std::string, std::string> names;
  std::vector<std::string> left_out;
  for (const ListEntry &entry : entries_of(options.muscles_left_out)) left_out.push_back(entry.text);
  std::set<std::string> unknown(left_out.begin(), left_out.end());
  for (Draft &draft : drafts) {
    add_muscles(draft, options.muscles, left_out, unknown);
    LoadCase &load = draft.load;
    load.force *= options.load_factor;
    for (MuscleForce &muscle : load.muscles) muscle.force *= options.load_factor;
    require_head_force(draft, faults);
    if (!names.emplace(array_part(load.name), load.name).second)
      faults.push_back(Fault(Exit::input, "load-case-twice", draft.place, "two load cases have one name")
                           .found("\"" + load.name + "\" and \"" + names[array_part(load.name)] + "\"")
                           .hint("State one case with the cycles of both"));
    cases.push_back(std::move(load));
  }
  if (!unknown.empty())
    faults.push_back(
        Fault(Exit::input, "unknown-name", "Loads/Muscles left out", "no load case has a muscle of this name")
            .found("\"" + *unknown.begin() + "\"")
            .wanted(options.muscles == "none" ? "nothing, as Loads/Muscles is none"
                                              : "names of the set in use, such as abductor"));
  throw_if_any(std::move(faults));
  return cases;
}

std::string text_of(const LoadCase &load)
{
  // A component that rounds to nothing points as it should.
  const auto way = [&](const int c, const char *usual, const char *other) {
    return fmt::format("{:.0f} N {}", std::abs(load.force[c]), load.force[c] < 0.5 ? usual : other);
  };
  std::string text = way(0, "laterally", "medially") + ", " + way(1, "posteriorly", "anteriorly") + ", " +
                     way(2, "distally", "proximally");
  if (load.cycles > 0) text += ", " + to_text(load.cycles) + " cycles a day";
  if (!load.muscles.empty()) text += ", " + std::to_string(load.muscles.size()) + " muscle forces";
  return text;
}

std::string array_part(const std::string &case_name)
{
  std::string part;
  for (const char c : case_name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 128 && std::isalnum(byte) != 0)
      part += static_cast<char>(std::tolower(byte));
    else if (!part.empty() && part.back() != '_')
      part += '_';
  }
  while (!part.empty() && part.back() == '_') part.pop_back();
  return part;
}

} // namespace wolff::loads
