#include "driver/data/data_set.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>

#include "driver/console/input_error.h"
#include "driver/data/inputs.h"
#include "driver/data/npy.h"
#include "driver/data/picture.h"
#include "driver/options/option_values.h"
#include "weights/weights.h"

namespace cnnc {
namespace {

namespace fs = std::filesystem;
using Values = std::vector<float>;

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
  throw InputError{fmt::format("{}: error: {}\n", path, reason)};
}

bool is_array(const std::string& path) {
  return fs::path(path).extension() == ".npy";
}

// The pictures and arrays of a folder, by their names.
std::vector<std::string> files_of_folder(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (const std::string path = entry.path().string(); is_picture(path) || is_array(path))
      files.push_back(path);
  if (error) fail(folder, "the folder cannot be read: " + error.message());
  if (files.empty())
    fail(folder, "the folder has no pictures (.png, .jpg, .jpeg, .bmp) and no arrays (.npy)");
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> files_of(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code unknown;
    if (!fs::is_directory(path, unknown)) {
      files.push_back(path);
      continue;
    }
    const std::vector<std::string> inside = files_of_folder(path);
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

std::vector<int64_t> without_ones(std::vector<int64_t> sizes) {
  sizes.erase(std::remove(sizes.begin(), sizes.end(), 1), sizes.end());
  return sizes;
}

// How many examples of the shape a tensor of these sizes holds: one, or as many as its first size says.
int64_t examples_in(const std::string& path, const std::string& what, const std::vector<int64_t>& sizes,
                    const std::string& input, const Shape& shape) {
  if (without_ones(sizes) == without_ones(shape.sizes)) return 1;
  if (!sizes.empty() && without_ones({sizes.begin() + 1, sizes.end()}) == without_ones(shape.sizes)) {
    if (sizes[0] == 0) fail(path, what + " has no examples");
    return sizes[0];
  }
  fail(path, fmt::format("{} is {}; the input '{}' wants {}, or Nx{} for N of them", what,
                         fmt::join(sizes, "x"), input, to_string(shape), to_string(shape)));
}

Values part_of(const Values& values, int64_t example, int64_t elements) {
  const auto begin = values.begin() + static_cast<std::ptrdiff_t>(example * elements);
  return {begin, begin + static_cast<std::ptrdiff_t>(elements)};
}

// What is no number has no range.
Values require_finite(Values values, const std::string& path, int64_t example) {
  const auto found = std::find_if(values.begin(), values.end(), [](float v) { return !std::isfinite(v); });
  if (found != values.end())
    fail(path, fmt::format("element {} of example {} is {}, which is no finite number",
                           found - values.begin(), example, *found));
  return values;
}

// A tensor of a file with values for an input in several examples.
struct Source {
  int64_t examples = 1;
  std::function<Values(int64_t example)> values;
};

Source source_of(const std::string& path, const Node& input, const PictureOptions& options) {
  if (!is_array(path)) {
    const auto read = [path, options, name = input.name, shape = input.shape,
                       pixels = input.pixels](int64_t) {
      return input_values(path, name, shape, options, pixels ? &*pixels : nullptr);
    };
    if (!is_picture(path)) read(0);  // says what it is not
    return {1, read};
  }
  const auto array = std::make_shared<const Array>(read_npy(path));
  return {examples_in(path, "the array", array->sizes, input.name, input.shape), [=](int64_t example) {
            return require_finite(part_of(array->values, example, input.shape.elements()), path, example);
          }};
}

std::vector<Source> sources_of_safetensors(const std::string& path, const std::vector<const Node*>& inputs) {
  Diagnostics diagnostics;
  const std::optional<NamedTensors> tensors = read_safetensors(path, diagnostics);
  if (!tensors) throw InputError{render(diagnostics, {path, ""}, false)};
  std::vector<Source> sources;
  for (const Node* input : inputs) {
    const auto found = tensors->find(input->name);
    if (found == tensors->end() || !found->second.values)
      fail(path, fmt::format("there is no tensor of floats with the name of the input '{}'", input->name));
    const auto values = found->second.values;
    const int64_t elements = input->shape.elements();
    sources.push_back({examples_in(path, fmt::format("'{}'", input->name), found->second.shape.sizes,
                                   input->name, input->shape),
                       [=](int64_t example) {
                         return require_finite(part_of(*values, example, elements), path, example);
                       }});
  }
  return sources;
}

// A source for each input, all of as many examples.
using Group = std::vector<Source>;

void require_alike(const Group& group, const std::string& path) {
  for (const Source& source : group)
    if (source.examples != group[0].examples)
      fail(path, fmt::format("this file, or one for another input, has more examples: {} and {}",
                             group[0].examples, source.examples));
}

std::vector<Group> groups_of(const std::vector<std::string>& files, const std::vector<const Node*>& inputs,
                             const PictureOptions& options) {
  if (files.size() % inputs.size() != 0)
    throw InputError{
        fmt::format("cnnc: error: the network reads {} inputs, a file each for each example; "
                    "found {}\n",
                    inputs.size(), files.size())};
  std::vector<Group> groups;
  for (size_t first = 0; first < files.size(); first += inputs.size()) {
    Group group;
    for (size_t i = 0; i < inputs.size(); ++i)
      group.push_back(source_of(files[first + i], *inputs[i], options));
    require_alike(group, files[first]);
    groups.push_back(std::move(group));
  }
  return groups;
}

DataSet data_of(const std::vector<Group>& groups) {
  // Where each group's examples begin.
  std::vector<int64_t> begins = {0};
  for (const Group& group : groups) begins.push_back(begins.back() + group[0].examples);
  return {begins.back(), [=](int64_t example) {
            const auto behind = std::upper_bound(begins.begin(), begins.end(), example);
            const auto number = static_cast<size_t>(behind - begins.begin()) - 1;
            std::vector<Values> values;
            for (const Source& source : groups[number])
              values.push_back(source.values(example - begins[number]));
            return values;
          }};
}

}  // namespace

DataSet read_data(const std::vector<std::string>& paths, const Graph& graph, const PictureOptions& options) {
  std::vector<const Node*> inputs;
  for (const NodeId id : graph.inputs) inputs.push_back(&graph.nodes[id]);
  if (paths.size() == 1 && fs::path(paths[0]).extension() == ".safetensors") {
    const Group group = sources_of_safetensors(paths[0], inputs);
    require_alike(group, paths[0]);
    return data_of({group});
  }
  return data_of(groups_of(files_of(paths), inputs, options));
}

}  // namespace cnnc
