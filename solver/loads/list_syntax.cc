#include "loads/list_syntax.h"

#include "base/options.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace wolff::loads {

std::vector<ListEntry> entries_of(const std::string &text)
{
  std::vector<ListEntry> entries;
  std::stringstream list(text);
  for (std::string part; std::getline(list, part, ';');) {
    ListEntry entry;
    std::vector<std::string> words;
    std::stringstream stream(part);
    for (std::string word; stream >> word;) {
      entry.text += (entry.text.empty() ? "" : " ") + word;
      words.push_back(word);
    }
    if (words.empty()) continue;
    while (!words.empty()) {
      try {
        entry.numbers.push_back(parse_number(words.back()));
      } catch (const std::invalid_argument &) {
        break;
      }
      words.pop_back();
    }
    std::reverse(entry.numbers.begin(), entry.numbers.end());
    for (const std::string &word : words) entry.name += (entry.name.empty() ? "" : " ") + word;
    entries.push_back(std::move(entry));
  }
  return entries;
}

} // namespace wolff::loads
