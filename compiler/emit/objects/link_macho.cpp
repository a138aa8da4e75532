// A library for macOS names the one library that it takes functions from, which every Mac has: libSystem.
#include <fmt/format.h>

#include "emit/objects/formats.h"
#include "emit/objects/link_formats.h"
#include "emit/objects/lld.h"

namespace lld::macho {
cnnc::Lld link;
}

namespace cnnc {

namespace {

// What libSystem has of what libraries call, as linkers read it: what runtime/system/macos/libsystem.h
// declares, and what compilers make calls of.
constexpr std::string_view kLibSystem = R"(--- !tapi-tbd
tbd-version: 4
targets: [ x86_64-macos, arm64-macos ]
install-name: '/usr/lib/libSystem.B.dylib'
exports:
  - targets: [ x86_64-macos, arm64-macos ]
    symbols: [ ___error, _clock_gettime_nsec_np, _close, _getpid, _memcpy, _memmove, _memset,
               _memset_pattern16, _memset_pattern4, _memset_pattern8, _mmap, _munmap, _open,
               _pthread_attr_destroy, _pthread_attr_getstacksize, _pthread_attr_init,
               _pthread_attr_setstacksize, _pthread_cond_broadcast, _pthread_cond_wait, _pthread_create,
               _pthread_join, _pthread_mutex_lock, _pthread_mutex_unlock, _pthread_sigmask,
               _sysctlbyname, dyld_stub_binder ]
  - targets: [ x86_64-macos ]
    symbols: [ ___bzero, '_fstat$INODE64' ]
  - targets: [ arm64-macos ]
    symbols: [ _bzero, _fstat ]
...
)";

}  // namespace

// The code signature, without which AArch64's run nothing, has the output's own name in it.
ByteSource macho_shared_library(const ByteSource& archive, const std::string& name, const Target& target) {
  return [archive, name, apple = std::string(target.architecture->apple)](const ByteSink& take) {
    const TemporaryFolder folder;
    const TemporaryFile input, system, output(folder, name);
    input.write(archive);
    system.write([](const ByteSink& sink) { sink(kLibSystem.data(), kLibSystem.size()); });
    const std::string least = fmt::format("{}.0", kLeastMacos);
    call_lld(lld::macho::link, {"ld64.lld", "--threads=1", "-arch", apple, "-platform_version", "macos",
                                least, least, "-dylib", "-install_name", "@rpath/" + name, "-all_load",
                                "-dead_strip", "-x", "-o", output.path(), input.path(), system.path()});
    output.pass_on(take);
  };
}

}  // namespace cnnc
