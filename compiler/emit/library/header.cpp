#include "emit/library/header.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <stdexcept>

#include "emit/library/header_names.h"
#include "emit/library/header_templates.h"
#include "runtime/cnnc_rt.h"

namespace cnnc {
namespace {

namespace templates = header_templates;
using Words = std::map<std::string, std::string, std::less<>>;

// The template with each @word@ replaced; a value may hold further words.
std::string fill(std::string_view text, const Words& words) {
  std::string result;
  while (true) {
    const size_t begin = text.find('@'), end = text.find('@', begin + 1);
    if (end == std::string_view::npos) break;
    const auto word = words.find(text.substr(begin + 1, end - begin - 1));
    if (word == words.end())
      throw std::logic_error("header template: " + std::string(text.substr(begin, end - begin)));
    result.append(text.substr(0, begin)).append(fill(word->second, words));
    text.remove_prefix(end + 1);
  }
  return result.append(text);
}

// What the library needs.
std::string processor(const Target& target) {
  return fmt::format("{} with {}", target.architecture->processor, target.extensions);
}

// What compilers for the architecture define: "__x86_64__", after LLVM's name of it.
std::string predefined_macro(const Architecture& architecture) {
  const std::string_view triple = architecture.triple;
  return fmt::format("__{}__", triple.substr(0, triple.find('-')));
}

bool is_integer(const HeaderTensor& tensor) {
  return tensor.elements == ElementType::int32;
}

// What C calls an element.
std::string_view element_of(const HeaderTensor& tensor) {
  return is_integer(tensor) ? "int32_t" : "float";
}

// One piece of text for each tensor.
template <class Function>
std::vector<std::string> each(const std::vector<HeaderTensor>& tensors, Function&& text) {
  std::vector<std::string> result;
  for (const HeaderTensor& tensor : tensors) result.push_back(text(tensor));
  return result;
}

// Of the inputs, then of the outputs, with commas between.
template <class In, class Out>
std::string arguments(const HeaderNames& names, In&& in, Out&& out) {
  std::vector<std::string> result = each(names.inputs, in);
  for (std::string& text : each(names.outputs, out)) result.push_back(std::move(text));
  return fmt::format("{}", fmt::join(result, ", "));
}

size_t longest_name(const HeaderNames& names) {
  size_t longest = 0;
  for (const auto* tensors : {&names.inputs, &names.outputs})
    for (const HeaderTensor& tensor : *tensors)
      longest = std::max({longest, tensor.name.size(), tensor.parameter.size()});
  return longest;
}

// The table of tensors in the comment at the top.
std::string tensor_table(const HeaderNames& names) {
  const size_t width = longest_name(names);
  std::string table;
  const auto add = [&](const std::vector<HeaderTensor>& tensors, std::string_view kind) {
    for (const HeaderTensor& t : tensors)
      table += fmt::format("//   {}  {:{}}  {} {}\n", kind, t.name, width, to_string(t.shape),
                           is_integer(t) ? "of int32_t" : "floats");
  };
  add(names.inputs, "input ");
  add(names.outputs, "output");
  return table;
}

std::string tensor_macros(const HeaderNames& names, int64_t images) {
  std::string lines;
  for (const auto* tensors : {&names.inputs, &names.outputs})
    for (const HeaderTensor& t : *tensors) {
      lines += fmt::format("#define {}_ELEMENTS {}\n", t.macro, images * t.shape.elements());
      if (!t.shape.is_map()) continue;
      lines += fmt::format("#define {0}_CHANNELS {1}\n#define {0}_HEIGHT {2}\n#define {0}_WIDTH {3}\n",
                           t.macro, t.shape.channels(), t.shape.height(), t.shape.width());
    }
  return lines;
}

bool is_ranked(const HeaderTensor& tensor) {
  return !tensor.shape.is_map() && !tensor.shape.is_vector() && !is_integer(tensor);
}

template <class Condition>
bool has_any(const HeaderNames& names, Condition&& condition) {
  return std::any_of(names.inputs.begin(), names.inputs.end(), condition) ||
         std::any_of(names.outputs.begin(), names.outputs.end(), condition);
}

std::string_view class_of(const HeaderTensor& tensor) {
  return is_integer(tensor) ? "IntegerTensor" : is_ranked(tensor) ? "RankedTensor" : "Tensor";
}

// The C++ types of the tensors.
std::string types(const HeaderNames& names) {
  std::string lines;
  const auto add = [&](const std::vector<HeaderTensor>& tensors, std::string_view kind) {
    for (const HeaderTensor& t : tensors)
      lines += fmt::format("// The {} '{}'.\nusing {} = {}<{}>;\n", kind, t.name, t.type, class_of(t),
                           fmt::join(t.shape.sizes, ", "));
  };
  add(names.inputs, "input");
  add(names.outputs, "output");
  return lines;
}

// What the C function's comment says of each parameter.
std::string parameter_notes(const HeaderNames& names) {
  const size_t width = std::max(longest_name(names), std::string_view("workspace").size());
  std::string lines;
  const auto add = [&](const std::vector<HeaderTensor>& tensors, std::string_view what) {
    for (const HeaderTensor& t : tensors)
      lines += fmt::format("//   {:{}}  {}: {}_ELEMENTS {}, {}\n", t.parameter, width, what, t.macro,
                           is_integer(t) ? "of int32_t" : "floats", to_string(t.shape));
  };
  add(names.inputs, "read");
  add(names.outputs, "written");
  return lines + fmt::format(
                     "//   {:{}}  @macro@_WORKSPACE_BYTES bytes aligned to @macro@_WORKSPACE_ALIGNMENT, with "
                     "any contents",
                     "workspace", width);
}

std::string cxx_example(const HeaderNames& names, bool weights_file) {
  const std::string model =
      weights_file
          ? "//     @ns@::Weights weights(\"@symbol@.weights\");\n//     @ns@::Model model(weights);\n"
          : "//     @ns@::Model model;\n";
  std::string inputs, declared,
      passed = arguments(
          names, [](const HeaderTensor&t) { return t.parameter; },
          [](const HeaderTensor&t) { return t.parameter; });
  for (const HeaderTensor& t : names.inputs)
    inputs += fmt::format("//     @ns@::{} {};  // to be filled: {}[i]{}\n", t.type, t.parameter, t.parameter,
                          t.shape.is_map() ? fmt::format(" or {}(@indices@)", t.parameter) : "");
  if (names.outputs.size() == 1)
    return model + inputs +
           fmt::format("//     @ns@::{} {} = model(@input_arguments@);\n", names.outputs[0].type,
                       names.outputs[0].parameter);
  for (const HeaderTensor& t : names.outputs)
    declared += fmt::format("//     @ns@::{} {};\n", t.type, t.parameter);
  return model + inputs + declared + fmt::format("//     model({});\n", passed);
}

std::string c_example(const HeaderNames& names, bool weights_file) {
  const auto name = [](const HeaderTensor& t) { return t.parameter; };
  const std::string passed = arguments(names, name, name);
  const std::string workspace =
      "//     void* workspace = aligned_alloc(@macro@_WORKSPACE_ALIGNMENT, @macro@_WORKSPACE_BYTES);\n";
  if (!weights_file)
    return workspace + fmt::format("//     int error = @symbol@_run({}, workspace);\n", passed);
  return workspace + fmt::format(
                         "//     const void* weights;\n"
                         "//     int error = @symbol@_open_weights(\"@symbol@.weights\", &weights);\n"
                         "//     @symbol@_options options = {{.size = sizeof options, .weights = weights}};\n"
                         "//     if (!error) error = @symbol@_run_with({}, workspace, &options);\n",
                         passed);
}

// What differs between a library with its weights inside and one with a weights file.
Words weights_words(bool file) {
  if (!file)
    return {{"weights_place", "inside the library"},
            {"weights_class", ""},
            {"weights_includes", ""},
            {"weights_temporary", ""},
            {"weights_member", ""},
            {"weights_init", ""},
            {"weights_bodies", ""},
            {"weights_functions", ""},
            {"weights_option",
             "  const void* weights;    // null: those inside the library; or others in the same packed "
             "form, aligned to 64"},
            {"constructor", "Model()"},
            {"constructor_head", "Model::Model()"},
            {"run", std::string(templates::kRun)},
            {"run_with", std::string(templates::kRunWith)},
            {"weights_passed", "nullptr"}};
  return {{"weights_place", "of the weights file"},
          {"weights_class", std::string(templates::kCxxWeightsClass)},
          {"weights_includes", "#include <cerrno>\n#include <cstring>\n"},
          {"weights_temporary",
           "  Model(const Weights&& weights) = delete;  // a temporary would be gone before the first run\n"},
          {"weights_member", "  const void* weights_;\n"},
          {"weights_init", ",\n      weights_(weights.data())"},
          {"weights_bodies", std::string(templates::kWeightsBodies)},
          {"weights_functions", std::string(templates::kWeightsFunctions)},
          {"weights_option",
           "  const void* weights;    // from @symbol@_open_weights(), or that file's bytes elsewhere, "
           "aligned to 64"},
          {"constructor", "explicit Model(const Weights& weights)"},
          {"constructor_head", "Model::Model(const Weights& weights)"},
          {"run", ""},
          {"run_with", std::string(templates::kRunWithWeights)},
          {"weights_passed", "this->weights_"}};
}

// What differs between one image a run and a batch.
Words batch_words(int64_t images) {
  const std::string batch = fmt::format("{}", images);
  if (images == 1)
    return {{"batch", batch},
            {"batch_note", ""},
            {"batch_factor", ""},
            {"ranked_indices", "one index for each size"},
            {"ranked_images", ""},
            {"indices", "channel, y, x"},
            {"element_access", std::string(templates::kElementAccess)}};
  return {{"batch", batch},
          {"batch_note",
           "// A run computes a batch of @batch@ images; they follow one another in each tensor.\n"},
          {"batch_factor", "@batch@ * "},
          {"ranked_indices", "the image's index and one for each size"},
          {"ranked_images", "@batch@, "},
          {"indices", "image, channel, y, x"},
          {"element_access", std::string(templates::kElementAccessOfBatch)}};
}

// The C++ classes of tensors that are neither maps nor vectors, and of those of whole numbers.
std::string ranked_tensors(const HeaderNames& names, int64_t images) {
  std::string classes;
  const auto add = [&](const char* name, const char* element, const char* note) {
    Words words = batch_words(images);
    words.merge(Words{{"ranked_class", name}, {"ranked_element", element}, {"ranked_note", note}});
    classes += fill(templates::kRankedTensor, words);
  };
  if (has_any(names, is_ranked))
    add("RankedTensor", "float", "The same of a tensor that is neither a map nor a vector");
  if (has_any(names, is_integer))
    add("IntegerTensor", "::std::int32_t", "The same of a tensor of whole numbers");
  return classes;
}

// How the tensors are declared and passed.
Words parameter_words(const HeaderNames& names) {
  const auto name = [](const HeaderTensor& t) { return t.parameter; };
  const auto data = [](const HeaderTensor& t) { return t.parameter + ".data()"; };
  const auto in_pointer = [](const HeaderTensor& t) { return "const float* " + t.parameter; };
  const auto out_pointer = [](const HeaderTensor& t) {
    return fmt::format("{}* {}", element_of(t), t.parameter);
  };
  const auto array = [](const HeaderTensor& t) {
    return fmt::format("{} {}[@macro@_STATIC {}_ELEMENTS]", element_of(t), t.parameter, t.macro);
  };
  const auto in_array = [&](const HeaderTensor& t) { return "const " + array(t); };
  const auto out_array = [&](const HeaderTensor& t) { return array(t); };
  const auto in_typed = [](const HeaderTensor& t) {
    return fmt::format("const {}& {}", t.type, t.parameter);
  };
  const auto out_typed = [](const HeaderTensor& t) { return fmt::format("{}& {}", t.type, t.parameter); };
  return {{"pointers", arguments(names, name, name)},
          {"data_arguments", arguments(names, data, data)},
          {"pointer_parameters", arguments(names, in_pointer, out_pointer)},
          {"c_parameters", arguments(names, in_array, out_array)},
          {"typed_parameters", arguments(names, in_typed, out_typed)},
          {"typed_inputs", fmt::format("{}", fmt::join(each(names.inputs, in_typed), ", "))},
          {"input_arguments", fmt::format("{}", fmt::join(each(names.inputs, name), ", "))},
          {"parameter_notes", parameter_notes(names)}};
}

// The call that returns the output is there if there is one output.
Words call_words(const HeaderNames& names) {
  if (names.outputs.size() != 1) return {{"call_returning", ""}, {"call_returning_body", ""}};
  return {{"call_returning", "  // Runs the network.\n  @output_type@ operator()(@typed_inputs@);\n"},
          {"call_returning_body", std::string(templates::kCallReturningBody)},
          {"output_type", names.outputs[0].type}};
}

// "AVX-512", "AVX2" and "SSE4.1", with the word before the last.
std::string listed(const std::vector<std::string>& texts, std::string_view before_last) {
  const std::vector<std::string> first(texts.begin(), texts.end() - 1);
  return fmt::format("{}{}{}", fmt::join(first, ", "), before_last, texts.back());
}

// Of an output that is a vector with a label for each element; null if there is none.
const HeaderTensor* labelled_output(const HeaderNames& names, size_t labels) {
  for (const HeaderTensor& t : names.outputs)
    if (labels > 0 && t.shape.is_vector() && !is_integer(t) && t.shape.elements() == int64_t(labels))
      return &t;
  return nullptr;
}

Words label_words(const HeaderNames& names, size_t labels, int64_t images) {
  if (labels == 0) return {{"top_members", ""}, {"labels_bodies", ""}, {"label_functions", ""}};
  const HeaderTensor* top = images == 1 ? labelled_output(names, labels) : nullptr;
  std::string functions(templates::kLabelFunctions), members, bodies;
  if (top) {
    functions += templates::kTopFunction;
    members = templates::kTopMembers;
    bodies = templates::kTopBody;
  }
  return {{"labels", fmt::format("{}", labels)},
          {"top_members", members},
          {"labels_bodies", bodies},
          {"label_functions", functions},
          {"top_type", top ? top->type : ""}};
}

// What the header says of each picture that is read.
std::string pixel_notes(const HeaderNames& names) {
  std::string lines;
  for (const HeaderTensor& t : names.inputs)
    if (t.pixels)
      lines += fmt::format("//   {}  {}, {}\n", t.parameter, to_string(t.shape), to_string(*t.pixels));
  return lines;
}

// The parameters of a run of pictures in C: five for each picture.
std::string pixel_parameters(const HeaderNames& names) {
  const auto in = [](const HeaderTensor& t) {
    if (!t.pixels)
      return fmt::format("const {} {}[@macro@_STATIC {}_ELEMENTS]", element_of(t), t.parameter, t.macro);
    return fmt::format("const unsigned char* {}, int {}", t.parameter, fmt::join(t.words, ", int "));
  };
  const auto out = [](const HeaderTensor& t) {
    return fmt::format("{} {}[@macro@_STATIC {}_ELEMENTS]", element_of(t), t.parameter, t.macro);
  };
  return arguments(names, in, out);
}

// What differs where pictures are read.
Words pixel_words(const HeaderNames& names, int64_t images) {
  const auto is_picture = [](const HeaderTensor& t) { return t.pixels.has_value(); };
  if (!has_any(names, is_picture))
    return {{"pixels_class", ""},
            {"pixel_calls", ""},
            {"pixel_bodies", ""},
            {"run_pixels", ""},
            {"pixel_error", ""}};
  std::vector<std::string> formats;
  for (const HeaderTensor& t : names.inputs)
    if (t.pixels) formats.push_back(fmt::format("'{}' of '{}'", name_of(t.pixels->format), t.name));
  const auto in_typed = [](const HeaderTensor& t) {
    return fmt::format("const {}& {}", t.pixels ? "Pixels" : t.type, t.parameter);
  };
  const auto out_typed = [](const HeaderTensor& t) { return fmt::format("{}& {}", t.type, t.parameter); };
  const auto data = [](const HeaderTensor& t) {
    if (!t.pixels) return t.parameter + ".data()";
    return fmt::format("{0}.data, {0}.width, {0}.height, {0}.stride, {0}.format", t.parameter);
  };
  const bool one = names.outputs.size() == 1;
  return {{"pixels_class", std::string(templates::kPixelsClass)},
          {"default_formats", fmt::format("{}", fmt::join(formats, ", "))},
          {"pixel_calls",
           (one ? std::string(templates::kPixelCallReturning) : "") + std::string(templates::kPixelCall)},
          {"pixel_bodies", std::string(templates::kPixelCallBody) +
                               (one ? std::string(templates::kPixelCallReturningBody) : "")},
          {"run_pixels", std::string(templates::kRunPixels)},
          {"pixel_notes", pixel_notes(names)},
          {"pixel_parameters", pixel_parameters(names)},
          {"pixel_typed_inputs", fmt::format("{}", fmt::join(each(names.inputs, in_typed), ", "))},
          {"pixel_typed_parameters", arguments(names, in_typed, out_typed)},
          {"pixel_data", arguments(names, data, data)},
          {"pixel_batch_note", images == 1 ? ""
                                           : "// The @batch@ pictures of a batch have one size and format, "
                                             "and follow one another in memory.\n"},
          {"pixel_error",
           "  @macro@_ERROR_PIXELS = 8  // width, height, stride or format of the pixels is none that can be "
           "read\n"}};
}

Words words_of_one_set() {
  return {{"sets_note", ""},
          {"sets_members", ""},
          {"set_member", ""},
          {"set_functions", ""},
          {"set_option", ""},
          {"set_layer_name", ""},
          {"set_passed", ""},
          {"sets_bodies", ""},
          {"options_error", "options->size is not the size of a known options struct"},
          {"layer_note",
           "// The name of a layer, 0 to @macro@_LAYERS - 1, after the network's text; null for another "
           "number.\n"}};
}

// What differs between a library for one instruction set and one for several.
Words set_words(const Plans& plans) {
  if (plans.of_targets.size() == 1) return words_of_one_set();
  std::vector<std::string> quoted, extensions, numbers;
  for (const Plan& plan : plans.of_targets) {
    const std::string name = plan.target.name;
    quoted.push_back('"' + name + '"');
    extensions.push_back(plan.target.extensions);
    numbers.push_back(fmt::format("@macro@_{} = {}", upper_case(name), numbers.size() + 1));
  }
  return {
      {"sets_note",
       fmt::format("// It has kernels for {}:\n"
                   "// the first run chooses the best that the processor and the operating system support.\n",
                   fmt::join(extensions, "; "))},
      {"set_names", listed(quoted, " or ")},
      {"set_enum", fmt::format("{}", fmt::join(numbers, ", "))},
      {"last_set", upper_case(plans.of_targets.back().target.name)},
      {"sets_members", std::string(templates::kSetsMembers)},
      {"sets_bodies", std::string(templates::kSetsBodies)},
      {"set_member", "  int instruction_set_ = 0;\n"},
      {"set_passed", ", this->instruction_set_"},
      {"options_error", "options->size or options->instruction_set is none that this library knows"},
      {"set_functions", std::string(templates::kSetFunctions)},
      {"set_option",
       "  int instruction_set;     // 0: the best that the processor has; or the one of that number, "
       "@macro@_@last_set@ for example\n"},
      {"layer_note",
       "// The name of a layer, after the network's text; null for another number. Layers are 0 to "
       "@macro@_LAYERS - 1\n"
       "// at most: their number depends on the instruction set, and those that one has not take 0 "
       "seconds.\n"},
      {"set_layer_name",
       "// Of another instruction set than the best that this processor has.\n"
       "const char* @symbol@_layer_name_of(int layer, int instruction_set);\n"}};
}

Words all_words(const Plans& plans, const HeaderNames& names, const HeaderOptions& options) {
  const Plan& plan = plans.best();
  Words words = {
      {"symbol", names.symbol},
      {"macro", names.macro},
      {"ns", names.name_space},
      {"version", options.version},
      {"processor", processor(plans.of_targets.back().target)},
      {"architecture", predefined_macro(*plans.best().target.architecture)},
      {"tensors", tensor_table(names)},
      {"tensor_macros", tensor_macros(names, plan.images)},
      {"ranked_tensor", ranked_tensors(names, plan.images)},
      {"integer_includes", has_any(names, is_integer) ? "#include <cstdint>\n" : ""},
      {"integer_c_includes", has_any(names, is_integer) ? "#include <stdint.h>\n" : ""},
      {"types", types(names)},
      {"cxx_example", cxx_example(names, options.weights_file)},
      {"c_example", c_example(names, options.weights_file)},
      {"stack_bytes", fmt::format("{}", +CNNC_RT_STACK_BYTES)},
      {"workspace_bytes", fmt::format("{}", workspace_bytes(plans))},
      {"weights_bytes", fmt::format("{}", plans.weights_bytes)},
      {"finite_note", options.check_finite ? std::string(templates::kFiniteNote) : ""},
      {"layers", fmt::format("{}", count_layers(plans))},
      {"options_indent",
       std::string(names.symbol.size() + std::string_view("  const ::_options options_ = {").size(), ' ')},
      {"indent", std::string(names.symbol.size() + std::string_view("int _run_with(").size(), ' ')}};
  words.merge(weights_words(options.weights_file));
  words.merge(batch_words(plan.images));
  words.merge(parameter_words(names));
  words.merge(call_words(names));
  words.merge(set_words(plans));
  words.merge(pixel_words(names, plan.images));
  words.merge(label_words(names, options.labels.size(), plan.images));
  words["seven_comma"] = pixels_bytes(plan) > 0 ? "," : "";
  return words;
}

// The header with this suffix.
std::string header_text(const Plans& plans, const HeaderOptions& options, const std::string& suffix) {
  Words words = all_words(plans, header_names(plans.best()), options);
  words["header_suffix"] = suffix;
  std::string text;
  for (std::string_view part :
       {templates::kBanner, templates::kCxxInterface, templates::kCInterface, templates::kCxxBodies})
    text += fill(part, words);
  return text + "#endif\n";
}

}  // namespace

std::string header_suffix(const Plans& plans, const HeaderOptions& options) {
  std::string text = header_text(plans, options, "");
  for (const std::string& label : options.labels) text += label + '\n';
  text.resize((text.size() + 7) / 8 * 8);  // cnnc_rt_hash() wants whole words
  return fmt::format(".{}.h_is_not_of_this_library.take_the_header_that_cnnc_wrote_with_it.{:016x}",
                     header_names(plans.best()).symbol,
                     cnnc_rt_hash(CNNC_RT_HASH_OF_NOTHING, text.data(), text.size()));
}

std::string make_header(const Plans& plans, const HeaderOptions& options) {
  return header_text(plans, options, header_suffix(plans, options));
}

}  // namespace cnnc
