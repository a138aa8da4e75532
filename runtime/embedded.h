// The compiled objects of the runtime as bytes inside the compiler, which puts them into every archive that
// it writes.
#pragma once
#include <vector>

namespace cnnc {

struct EmbeddedObject {
  const char* name;  // as a member of the archive: "cnnc_rt_cpu_v1.o"
  const unsigned char *begin, *end;
};

// Sorted by name.
std::vector<EmbeddedObject> runtime_objects();

}  // namespace cnnc
