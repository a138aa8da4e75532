// Which cnnc this is, in a source that the build writes (driver/version.cmake): a new revision compiles
// nothing else.
#pragma once

namespace cnnc {

extern const char* const kVersion;  // "0.2.0 (git 0123456789ab)", or "0.2.0" of sources without a repository

}  // namespace cnnc
