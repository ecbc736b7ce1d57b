// Where the time of a solve goes: seconds of this rank by kind of work, summed over all levels.
#pragma once

#include <array>
#include <chrono>
#include <string>

namespace wolff::mechanics {

enum class Work
{
  stiffness, ///< passes over the bricks in double
  smoothing, ///< passes over the bricks in float, with what they finish
  exchange,  ///< ghosts, hanging nodes, nodes that bricks share
  transfer,  ///< restriction and prolongation
  coarsest,  ///< direct solve
  vectors    ///< conjugate gradients
};
constexpr std::size_t n_works = 6;
inline const std::array<std::string, n_works> work_names{"stiffness", "smoothing", "exchange",
                                                         "transfer",  "coarsest",  "vectors"};

class SolveProfile
{
public:
  using Seconds = std::array<double, n_works>;

  /// Time from here to the end of the scope counts for @p work, and no longer for the scope around it.
  class Scope
  {
  public:
    Scope(SolveProfile &profile, const Work work) : profile_(profile), outer_(profile.current_)
    {
      profile.switch_to(static_cast<int>(work));
    }
    ~Scope() { profile_.switch_to(outer_); }
    Scope(const Scope &) = delete;
    Scope &operator=(const Scope &) = delete;

  private:
    SolveProfile &profile_;
    int outer_;
  };

  const Seconds &seconds() const { return seconds_; }
  void reset() { seconds_ = {}; }

private:
  using Clock = std::chrono::steady_clock;

  void switch_to(const int work)
  {
    const Clock::time_point now = Clock::now();
    if (current_ >= 0)
      seconds_[static_cast<std::size_t>(current_)] += std::chrono::duration<double>(now - since_).count();
    since_ = now;
    current_ = work;
  }

  Seconds seconds_{};
  Clock::time_point since_;
  int current_ = -1;
};

} // namespace wolff::mechanics
