#include "emit/objects/link_formats.h"
#include "emit/objects/lld.h"

namespace lld::elf {
cnnc::Lld link;
}

namespace cnnc {

namespace {

// The output is written without a temporary file of LLD's, which a signal would leave.
ByteSource linked(const ByteSource& archive, std::vector<std::string> options) {
  return [archive, options = std::move(options)](const ByteSink& take) {
    const TemporaryFile input, output;
    input.write(archive);
    std::vector<std::string> words = {"ld.lld", "--threads=1", "--no-mmap-output-file", "-o", output.path()};
    words.insert(words.end(), options.begin(), options.end());
    words.insert(words.end(), {"--whole-archive", input.path()});
    call_lld(lld::elf::link, words);
    output.pass_on(take);
  };
}

}  // namespace

ByteSource elf_shared_library(const ByteSource& archive, const std::string& soname) {
  return linked(archive, {"-shared", "-soname", soname, "-z", "text", "-z", "relro", "-z", "now", "-z",
                          "noexecstack", "--hash-style=gnu", "--build-id=sha1", "-O2"});
}

ByteSource elf_object(const ByteSource& archive) {
  return linked(archive, {"-r"});
}

}  // namespace cnnc
