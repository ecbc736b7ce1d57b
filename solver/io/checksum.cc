#include "io/checksum.h"

#include "base/errors.h"
#include "io/input_file.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace wolff::io {

namespace {

class Sha256
{
public:
  Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free)
  {
    check(context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }

  void add(const void *bytes, const std::size_t count)
  {
    check(EVP_DigestUpdate(context_.get(), bytes, count) == 1);
  }

  std::string digits()
  {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    check(EVP_DigestFinal_ex(context_.get(), digest, &length) == 1);
    std::string text;
    for (unsigned int i = 0; i < length; ++i) {
      text += "0123456789abcdef"[digest[i] >> 4];
      text += "0123456789abcdef"[digest[i] & 15];
    }
    return text;
  }

private:
  static void check(const bool good)
  {
    if (!good) throw Fault(Exit::internal, "checksum", "", "OpenSSL could not compute a SHA-256 checksum");
  }

  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX *)> context_;
};

} // namespace

std::string sha256_of_text(const std::string_view text)
{
  Sha256 sum;
  sum.add(text.data(), text.size());
  return sum.digits();
}

std::string sha256_of_file(const std::string &path)
{
  const InputFile file(path);
  Sha256 sum;
  std::vector<char> chunk(std::size_t{1} << 20);
  for (std::uint64_t at = 0; at < file.size();) {
    const std::size_t count = std::min<std::uint64_t>(chunk.size(), file.size() - at);
    file.read(at, chunk.data(), count);
    sum.add(chunk.data(), count);
    at += count;
  }
  file.check_unchanged();
  return sum.digits();
}

} // namespace wolff::io
