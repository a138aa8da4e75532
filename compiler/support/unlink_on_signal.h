// Files that must not outlive an interrupted run.
#pragma once
#include <string>

namespace cnnc {

// From now on SIGINT, SIGTERM and SIGHUP (those of them that have their default action) unlink the path
// before they end the process as they would by default. Not in a child that the process forks. May be called
// from any thread.
void unlink_on_signal(const std::string& path);

// Takes it back: the file was renamed or is gone.
void keep_on_signal(const std::string& path);

}  // namespace cnnc
