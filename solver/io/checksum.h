// SHA-256 of texts and files, as 64 lower-case hexadecimal digits: provenance and checkpoints.
#pragma once

#include <string>
#include <string_view>

namespace wolff::io {

std::string sha256_of_text(std::string_view text);

/// @throws Fault (exit 2) if the file cannot be read or changes meanwhile
std::string sha256_of_file(const std::string &path);

} // namespace wolff::io
