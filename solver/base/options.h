// Options of a case, declared once: name with unit, default, range, meaning, source. A declaration binds the
// option to the variable that holds it, so declaring is also reading. The case file itself is read in app/.
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace wolff {

/// Admissible interval of a number; open ends exclude the bound.
struct Range
{
  double least = -std::numeric_limits<double>::infinity();
  double greatest = std::numeric_limits<double>::infinity();
  bool open_least = false, open_greatest = false;

  bool contains(double value) const;
  /// "a number greater than 0", "a number in [0, 1)", ...
  std::string description() const;
};

inline Range any_number()
{
  return {};
}
inline Range positive()
{
  return {0, std::numeric_limits<double>::infinity(), true, false};
}
inline Range non_negative()
{
  return {0, std::numeric_limits<double>::infinity(), false, false};
}
inline Range between(double least, double greatest)
{
  return {least, greatest, false, false};
}
inline Range fraction()
{
  return {0, 1, false, false};
}

/// One declared option. `set` throws std::invalid_argument whose text says what is wanted.
struct Option
{
  enum class Kind
  {
    number,
    integer,
    boolean,
    text,
    choice,
    numbers
  };

  std::vector<std::string> section; ///< path of subsections, outermost first
  std::string name;                 ///< with unit: "Head radius [mm]"
  std::string meaning;
  std::string source; ///< reference and mark, e.g. "Bergmann 2001 [V]"; empty if not a physical number
  Kind kind = Kind::text;
  Range range;
  std::vector<std::string> choices;
  std::string default_text;
  std::function<void(const std::string &)> set;
  std::function<std::string()> get;

  std::string path() const; ///< "Geometry/Femur/Head radius [mm]"
};

/// The tree of all options. Values are exact: a default is never rounded through text.
class Options
{
public:
  /// Opens a subsection for the life of the object.
  class Section
  {
  public:
    Section(Options &options, const std::string &name) : options_(options) { options_.open_.push_back(name); }
    ~Section() { options_.open_.pop_back(); }
    Section(const Section &) = delete;
    Section &operator=(const Section &) = delete;

  private:
    Options &options_;
  };

  void add(const std::string &name, double &value, const std::string &meaning, const Range &range = {},
           const std::string &source = "");
  void add(const std::string &name, int &value, const std::string &meaning, const Range &range = {},
           const std::string &source = "");
  void add(const std::string &name, bool &value, const std::string &meaning);
  void add(const std::string &name, std::string &value, const std::string &meaning);
  /// Comma-separated numbers; @p count 0 means any number of them.
  void add(const std::string &name, std::vector<double> &value, const std::string &meaning,
           std::size_t count = 0, const std::string &source = "");
  void add_choice(const std::string &name, std::string &value, const std::vector<std::string> &choices,
                  const std::string &meaning);

  const std::vector<Option> &all() const { return options_; }
  /// The option at "Section/Sub/Name [unit]", or nullptr.
  const Option *find(const std::string &path) const;

private:
  friend class Section;
  Option &append(const std::string &name, const std::string &meaning, const std::string &source);

  std::vector<std::string> open_;
  std::vector<Option> options_;
};

/// Read one number: the whole token must be consumed, the decimal sign is a point, NaN and infinity are
/// refused.
/// @throws std::invalid_argument
double parse_number(const std::string &text);

} // namespace wolff
