// Compiled code as a script, with a module beside it, for systems whose libraries are modules.
#pragma once
#include <string>
#include <vector>

#include "emit/library/library_objects.h"
#include "target/target.h"

namespace cnnc {

// Writes both into the folder; the script's path. Arguments and errors are those of Program.
std::string make_script_program(const std::string& folder, const Objects& objects,
                                const std::vector<std::string>& functions, const Target& target);

// Throws RunnerError.
void write_program_file(const std::string& path, const std::string& bytes);

}  // namespace cnnc
