// The case file on all ranks: one rank reads, the others get what it read.
#include "app/case_file.h"

#include <nlohmann/json.hpp>

#include <climits>

namespace wolff::app {

namespace {

using nlohmann::json;

// A case file and its problems as bytes for the other ranks. CBOR, because file names need not be UTF-8.
json to_json(const Place &place)
{
  return {place.file, place.line, place.column};
}
Place to_place(const json &j)
{
  return {j[0], j[1], j[2]};
}

json to_json(const Fault &fault)
{
  return {static_cast<int>(fault.code()), fault.name(), fault.place(), fault.message()};
}

Fault to_fault(const json &j)
{
  std::string message = j[3];
  // The composed message ends in a point or in the hint; a point is added again.
  if (message.ends_with('.')) message.pop_back();
  return {static_cast<Exit>(j[0].get<int>()), j[1], j[2], message};
}

json to_json(const CaseFile &input)
{
  json all = {{"files", json::array()},
              {"set", json::array()},
              {"sections", json::array()},
              {"problems", json::array()}};
  for (const SourceFile &file : input.files) all["files"].push_back({file.path, file.text});
  for (const Assignment &a : input.assignments)
    all["set"].push_back(json::array({a.section, a.name, a.value, to_json(a.place)}));
  for (const Subsection &s : input.subsections)
    all["sections"].push_back(json::array({s.section, to_json(s.place)}));
  for (const Problem &p : input.problems)
    all["problems"].push_back(json::array({to_json(p.place), to_json(p.fault)}));
  return all;
}

CaseFile to_case_file(const json &all)
{
  CaseFile input;
  for (const json &j : all["files"]) input.files.push_back({j[0], j[1]});
  for (const json &j : all["set"]) input.assignments.push_back({j[0], j[1], j[2], to_place(j[3])});
  for (const json &j : all["sections"]) input.subsections.push_back({j[0], to_place(j[1])});
  for (const json &j : all["problems"]) input.problems.push_back({to_place(j[0]), to_fault(j[1])});
  return input;
}

} // namespace

CaseFile read_case_file(const std::string &path, const std::vector<std::string> &settings,
                        const MPI_Comm comm)
{
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  CaseFile input;
  std::vector<std::uint8_t> bytes;
  together(comm, [&] {
    if (rank != 0) return;
    input = read_case_file(path, settings);
    bytes = json::to_cbor(to_json(input));
    if (bytes.size() > INT_MAX)
      throw Fault(Exit::too_large, "case-size", path, "the case is too long for one message");
  });
  auto count = static_cast<int>(bytes.size());
  MPI_Bcast(&count, 1, MPI_INT, 0, comm);
  bytes.resize(static_cast<std::size_t>(count));
  MPI_Bcast(bytes.data(), count, MPI_BYTE, 0, comm);
  return to_case_file(json::from_cbor(bytes));
}

} // namespace wolff::app
