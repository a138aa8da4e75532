// Work that falls into independent parts.
#pragma once
#include <cstdint>
#include <functional>

namespace cnnc {

// Those that this process may run on, at least 1.
int processors();

// Calls work(0) … work(count - 1), several at a time on as many threads as there are processors; with one
// part, or one processor, on the caller's own. No two calls may write the same memory. What a call throws is
// thrown again once all threads have ended; which of the other calls were made is then left open.
void in_parallel(int64_t count, const std::function<void(int64_t)>& work);

}  // namespace cnnc
