#include "app/case_syntax.h"

#include "app/utf8.h"

#include <nlohmann/json.hpp>

#include <iterator>
#include <set>

namespace wolff::app {

namespace {

using nlohmann::json;

/// Objects nest this deep at most; the deepest option of a case lies at about four.
constexpr std::size_t depth_limit = 32;

/// Reads a string and counts: the library reports no positions of keys, but how far it has read tells them.
class CountingIterator
{
public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char *;
  using reference = const char &;

  CountingIterator(const std::string &text, std::size_t &offset) : text_(&text), offset_(&offset) {}
  CountingIterator() = default;
  reference operator*() const { return (*text_)[*offset_]; }
  CountingIterator &operator++()
  {
    ++*offset_;
    return *this;
  }
  CountingIterator operator++(int)
  {
    CountingIterator before = *this;
    ++*offset_;
    return before;
  }
  bool at_end() const { return text_ == nullptr || *offset_ >= text_->size(); }
  bool operator==(const CountingIterator &other) const { return at_end() == other.at_end(); }

private:
  const std::string *text_ = nullptr;
  std::size_t *offset_ = nullptr;
};

/// Turns the events of the JSON parser into statements.
class JsonReader : public nlohmann::json_sax<json>
{
public:
  JsonReader(const std::string &text, const std::size_t &offset, const std::string &file)
      : text_(text), offset_(offset), file_(file)
  {
  }

  bool null() override
  {
    problem(at_, "a value is missing")
        .found("null")
        .wanted("a string, a number, true, false or an array of them");
    return true;
  }
  bool boolean(const bool value) override { return scalar(value ? "true" : "false"); }
  bool number_integer(const number_integer_t value) override { return scalar(std::to_string(value)); }
  bool number_unsigned(const number_unsigned_t value) override { return scalar(std::to_string(value)); }
  // The text as written: the option parses it itself, exactly.
  bool number_float(number_float_t, const string_t &as_written) override { return scalar(as_written); }
  bool string(string_t &value) override { return scalar(value); }
  bool binary(binary_t &) override { return false; }

  bool start_object(std::size_t) override
  {
    if (in_array_) {
      problem(at_, "an array holds an object").wanted("strings, numbers, true or false");
      return false;
    }
    if (keys_.size() >= depth_limit) {
      problem(at_, "objects are nested too deeply");
      return false;
    }
    if (!keys_.empty()) {
      open_.push_back(key_);
      result_.subsections.push_back({open_, at_});
    }
    keys_.emplace_back();
    return true;
  }
  bool end_object() override
  {
    keys_.pop_back();
    if (!keys_.empty()) open_.pop_back();
    return true;
  }
  bool key(string_t &name) override
  {
    key_ = name;
    at_ = key_place();
    if (!keys_.back().insert(name).second)
      problem(at_, "a key occurs twice in one object", "duplicate-option").found(name);
    return true;
  }
  bool start_array(std::size_t) override
  {
    if (in_array_ || keys_.empty()) {
      problem(at_, in_array_ ? "an array inside an array" : "a case is one JSON object").found("an array");
      return false;
    }
    in_array_ = true;
    list_.clear();
    return true;
  }
  bool end_array() override
  {
    in_array_ = false;
    if (key_ == "include")
      for (const std::string &file : list_) result_.includes.push_back({open_, file, at_});
    else {
      std::string value;
      for (std::size_t i = 0; i < list_.size(); ++i) value += (i == 0 ? "" : ", ") + list_[i];
      result_.assignments.push_back({open_, key_, value, at_});
    }
    return true;
  }
  bool parse_error(const std::size_t position, const std::string &,
                   const nlohmann::detail::exception &e) override
  {
    const LineColumn at = line_and_column(text_, position == 0 ? 0 : position - 1);
    // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error ..." : the place is
    // told before it.
    std::string what = e.what();
    const std::size_t begin = what.find(": ");
    if (begin != std::string::npos) what.erase(0, begin + 2);
    problem({file_, at.line, at.column}, "the JSON cannot be read: " + what);
    return false;
  }

  Statements take() { return std::move(result_); }

private:
  Fault &problem(const Place &at, const std::string &text, const std::string &name = "case-syntax")
  {
    result_.problems.push_back({at, Fault(Exit::input, name, at.text(), text)});
    return result_.problems.back().fault;
  }

  bool scalar(const std::string &value)
  {
    if (in_array_)
      list_.push_back(value);
    else if (keys_.empty()) {
      problem({file_, 1, 1}, "a case is one JSON object").found(shortened(value));
      return false;
    } else if (key_ == "include")
      result_.includes.push_back({open_, value, at_});
    else
      result_.assignments.push_back({open_, key_, value, at_});
    return true;
  }

  /// Where the key begins whose closing quote was read last.
  Place key_place() const
  {
    std::size_t quote = text_.rfind('"', offset_ == 0 ? 0 : offset_ - 1);
    for (bool escaped = true; escaped && quote != std::string::npos && quote > 0;) {
      quote = text_.rfind('"', quote - 1);
      std::size_t backslashes = 0;
      while (quote != std::string::npos && backslashes < quote && text_[quote - 1 - backslashes] == '\\')
        ++backslashes;
      escaped = backslashes % 2 == 1;
    }
    const LineColumn at = line_and_column(text_, quote == std::string::npos ? 0 : quote);
    return {file_, at.line, at.column};
  }

  const std::string &text_;
  const std::size_t &offset_;
  std::string file_;
  std::vector<std::set<std::string>> keys_; ///< of each open object
  std::vector<std::string> open_, list_;
  std::string key_;
  Place at_{file_, 1, 1};
  bool in_array_ = false;
  Statements result_;
};

} // namespace

Statements parse_json(const std::string &with_mark, const std::string &file)
{
  const std::string text = without_byte_order_mark(with_mark);
  std::size_t offset = 0;
  JsonReader reader(text, offset, file);
  json::sax_parse(CountingIterator(text, offset), CountingIterator(), &reader);
  return reader.take();
}

std::string quoted(const std::string &value)
{
  return json(value).dump(-1, ' ', false, json::error_handler_t::replace);
}

bool unquote(const std::string &literal, std::string &value)
{
  const json parsed = json::parse(literal, nullptr, false);
  if (!parsed.is_string()) return false;
  value = parsed.get<std::string>();
  return true;
}

} // namespace wolff::app
