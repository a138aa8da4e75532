#include <fmt/format.h>

#include "emit/objects/link_formats.h"
#include "emit/objects/lld.h"
#include "runtime/cnnc_rt.h"

namespace lld::wasm {
cnnc::Lld link;
}

namespace cnnc {

// The stack comes first in memory: what overflows it leaves the memory, which ends the run, and overwrites
// nothing. Functions that are called with other types than they have are warnings of LLD's, and faults of
// ours.
ByteSource linked_wasm(const ByteSource& archive, bool may_import) {
  return [archive, may_import](const ByteSink& take) {
    const TemporaryFile input, output;
    input.write(archive);
    std::vector<std::string> words = {"wasm-ld",
                                      "--threads=1",
                                      "--no-entry",
                                      "--export-dynamic",
                                      "--export=__heap_base",
                                      "-z",
                                      fmt::format("stack-size={}", static_cast<int>(CNNC_RT_STACK_BYTES)),
                                      "--stack-first",
                                      "--strip-all",
                                      "--fatal-warnings",
                                      "-o",
                                      output.path()};
    if (may_import) words.emplace_back("--allow-undefined");
    words.insert(words.end(), {"--whole-archive", input.path()});
    call_lld(lld::wasm::link, words);
    output.pass_on(take);
  };
}

}  // namespace cnnc
