// The compiled objects of the runtime as bytes inside the compiler, which puts them into every archive that
// it writes.
#pragma once
#include <string_view>
#include <vector>

namespace cnnc {

struct EmbeddedObject {
  const char* name;  // as a member of the archive: "cnnc_rt_cpu_v1.o"
  const unsigned char *begin, *end;
};

// Those for an architecture by its GNU name ("x86_64") and a system by that of --system ("linux"), sorted by
// name; none if cnnc was built without a compiler for them.
std::vector<EmbeddedObject> runtime_objects(std::string_view architecture, std::string_view system);

// Those of runtime/program, which go into no archive, likewise.
std::vector<EmbeddedObject> program_objects(std::string_view architecture, std::string_view system);

}  // namespace cnnc
