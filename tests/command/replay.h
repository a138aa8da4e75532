// Golden tests of the command: one self-describing text file each, in cases/.
//
//   # What the case shows.
//   === file model.dsl                  a file in the folder where the commands run
//   network tiny
//   === run cnnc check model.dsl        a line for /bin/sh; `cnnc` is the one that was built
//   === exit 1                          its exit code, unless 0
//   === stdout                          what it prints, unless nothing
//   === stderr
//   model.dsl: error: …
//
// A file may have several runs; they share the folder, and a new one beside it as $CNNC_CACHE. A text that
// does not end in a line break is shown with
// "\ no line break" behind it.
#pragma once
#include <string>

namespace cnnc {

// The text of a case with what its runs give now in place of what it expects. `folder` is an empty one to run
// in, `bin` the one of the command. Throws std::runtime_error for a text that is no case.
std::string replay(const std::string& text, const std::string& folder, const std::string& bin);

std::string read_file(const std::string& path);
void write_file(const std::string& path, const std::string& content);

}  // namespace cnnc
