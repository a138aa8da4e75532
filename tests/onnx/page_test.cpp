// docs/onnx.md lists what there is.
#include <doctest/doctest.h>

#include <cctype>
#include <fstream>
#include <iterator>
#include <set>

#include "onnx/composed/composition.h"
#include "onnx/general/general.h"
#include "onnx/mappings/registry.h"
#include "ops/registry.h"

using namespace cnnc;

namespace {

// The words in `backquotes` of the first cells of the rows under a heading, up to the next one.
std::set<std::string> first_cells(const std::string& heading) {
  std::ifstream stream(CNNC_SOURCE_DIR "/docs/onnx.md");
  std::set<std::string> words;
  bool is_under = false;
  for (std::string line; std::getline(stream, line);) {
    if (line.rfind("## ", 0) == 0) is_under = line == heading;
    if (!is_under || line.empty() || line[0] != '|') continue;
    const std::string cell = line.substr(1, line.find('|', 1));
    for (size_t at = cell.find('`'); at != std::string::npos; at = cell.find('`', at + 1)) {
      const size_t end = cell.find('`', at + 1);
      words.insert(cell.substr(at + 1, end - at - 1));
      at = end;
    }
  }
  return words;
}

}  // namespace

TEST_CASE("the page on ONNX lists the operators that are read, and no others") {
  std::set<std::string> mapped;
  for (const std::string_view op : onnx::mapped_operators())
    if (std::isupper(static_cast<unsigned char>(op[0])) != 0) mapped.emplace(op);  // others are cnnc's own
  for (const std::string_view op : onnx::generally_mapped_operators()) mapped.emplace(op);
  for (const std::string_view op : onnx::composed_operators()) mapped.emplace(op);
  mapped.emplace("If");
  CHECK(first_cells("## What is read") == mapped);
}

TEST_CASE("the page on ONNX lists the layers that are written") {
  std::set<std::string> written;
  for (const Operator* op : operators()) written.emplace(op->name);
  CHECK(first_cells("## What is written") == written);
}
