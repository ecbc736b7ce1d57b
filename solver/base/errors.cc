#include "base/errors.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <new>

namespace wolff {

Fault::Fault(const Exit code, std::string name, std::string place, std::string what_is_wrong)
    : code_(code), name_(std::move(name)), place_(std::move(place)), problem_(std::move(what_is_wrong))
{
  compose();
}

Fault &Fault::found(const std::string &value)
{
  found_ = value;
  compose();
  return *this;
}

Fault &Fault::found(const double value)
{
  return found(to_text(value));
}

Fault &Fault::wanted(const std::string &description)
{
  wanted_ = description;
  compose();
  return *this;
}

Fault &Fault::hint(const std::string &advice)
{
  hint_ = advice;
  compose();
  return *this;
}

void Fault::compose()
{
  message_ = problem_;
  if (!found_.empty()) message_ += "; found " + found_;
  if (!wanted_.empty()) message_ += "; wanted " + wanted_;
  if (!message_.ends_with('?')) message_ += '.'; // a message that was passed on may end in its hint
  if (!hint_.empty()) message_ += ' ' + hint_;
  // One line is the contract: file names and values from outside may hold line breaks.
  for (char &c : message_)
    if (c == '\n' || c == '\r') c = ' ';
  line_ = "error[" + std::to_string(static_cast<int>(code_)) + ":" + name_ + "] ";
  if (!place_.empty()) line_ += place_ + ": ";
  for (char &c : line_)
    if (c == '\n' || c == '\r') c = ' ';
  line_ += message_;
}

Exit FaultList::code() const
{
  Exit highest = Exit::finished;
  for (const Fault &fault : faults_) highest = std::max(highest, fault.code());
  return highest;
}

void throw_if_any(std::vector<Fault> faults)
{
  if (faults.empty()) return;
  if (faults.size() == 1) throw faults.front();
  throw FaultList(std::move(faults));
}

namespace {

std::string lower(std::string text)
{
  for (char &c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::size_t edit_distance(const std::string &a, const std::string &b)
{
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

} // namespace

std::string nearest_name(const std::string &wrong, const std::vector<std::string> &known)
{
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, wrong.size() / 2) + 1;
  for (const std::string &name : known) {
    const std::size_t distance = edit_distance(lower(wrong), lower(name));
    if (distance < best_distance) {
      best_distance = distance;
      best = name;
    }
  }
  return best;
}

std::string join(const std::vector<std::string> &names, const std::size_t most)
{
  std::string text;
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i) text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > most) text += ", ... (" + std::to_string(names.size()) + " in all)";
  return text;
}

std::string to_text(const double value)
{
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value);
  return {buffer, end.ptr};
}

void together(const MPI_Comm comm, const std::function<void()> &work)
{
  std::vector<Fault> faults;
  try {
    work();
  } catch (const Fault &fault) {
    faults.push_back(fault);
  } catch (const FaultList &list) {
    faults = list.faults();
  } catch (const std::bad_alloc &) {
    faults.emplace_back(Exit::internal, "out-of-memory", "", "memory could not be allocated");
  } catch (const std::exception &e) {
    faults.emplace_back(Exit::internal, "exception", "", e.what());
  }

  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  struct
  {
    int code, rank;
  } mine{0, rank}, worst{};
  for (const Fault &fault : faults) mine.code = std::max(mine.code, static_cast<int>(fault.code()));
  MPI_Allreduce(&mine, &worst, 1, MPI_2INT, MPI_MAXLOC, comm);
  if (worst.code == 0) return;

  // All faults of that rank travel as one string, parted by characters that no message holds.
  constexpr char between_parts = '\x1f', after_fault = '\x1e';
  std::string text;
  if (rank == worst.rank)
    for (const Fault &fault : faults)
      text += std::to_string(static_cast<int>(fault.code())) + between_parts + fault.name() + between_parts +
              fault.place() + between_parts + fault.message() + after_fault;
  unsigned long length = text.size();
  MPI_Bcast(&length, 1, MPI_UNSIGNED_LONG, worst.rank, comm);
  text.resize(length);
  MPI_Bcast(text.data(), static_cast<int>(length), MPI_CHAR, worst.rank, comm);

  std::vector<Fault> agreed;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find(after_fault, begin);
    std::array<std::string, 4> parts;
    for (std::size_t p = 0, from = begin; p < parts.size(); ++p) {
      const std::size_t to = p + 1 < parts.size() ? text.find(between_parts, from) : end;
      parts[p] = text.substr(from, to - from);
      from = to + 1;
    }
    if (!parts[3].empty() && parts[3].back() == '.') parts[3].pop_back(); // compose() adds it again
    agreed.emplace_back(static_cast<Exit>(std::stoi(parts[0])), parts[1], parts[2], parts[3]);
    begin = end + 1;
  }
  throw_if_any(std::move(agreed));
}

} // namespace wolff
