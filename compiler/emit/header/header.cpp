#include "emit/header/header.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "emit/header/header_names.h"
#include "emit/header/header_pixels.h"
#include "emit/header/header_sets.h"
#include "emit/header/header_system.h"
#include "emit/header/header_templates.h"
#include "emit/header/header_words.h"
#include "runtime/cnnc_rt.h"

namespace cnnc {
namespace {

namespace templates = header_templates;
using namespace header_words;

// What the library needs.
std::string processor(const Target& target) {
  return fmt::format("{} with {}", target.architecture->processor, target.extensions);
}

// Whether a compiler makes code for something else: by what compilers for the architecture define,
// "__x86_64__" after its name or Microsoft's own, and, where that matters, for the system.
std::string made_for_others(const Target& target) {
  const std::string architecture = fmt::format("defined(__{}__)", target.architecture->name);
  if (!*target.system->macro) return "!" + architecture;
  const std::string microsoft = fmt::format(" || defined({})", target.architecture->microsoft_macro);
  return fmt::format("!(defined({}) && ({}{}))", target.system->macro, architecture,
                     target.system->microsoft && *target.architecture->microsoft_macro ? microsoft : "");
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
                           words_of_elements(t));
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
      if (t.bytes)
        lines += fmt::format(
            "#ifndef CNNC_PLAIN_HEADER\n"
            "#define {0}_SCALE {1:.9e}f  // real = {0}_SCALE * (byte - {0}_ZERO)\n"
            "#endif\n"
            "#define {0}_ZERO {2}\n",
            t.macro, t.bytes->scale, negative_in_brackets(t.bytes->zero_point));
      if (!t.shape.is_map()) continue;
      lines += fmt::format("#define {0}_CHANNELS {1}\n#define {0}_HEIGHT {2}\n#define {0}_WIDTH {3}\n",
                           t.macro, t.shape.channels(), t.shape.height(), t.shape.width());
    }
  return lines;
}

bool is_ranked(const HeaderTensor& tensor) {
  return !tensor.shape.is_map() && !tensor.shape.is_vector() && !is_integer(tensor);
}

std::string_view class_of(const HeaderTensor& tensor) {
  switch (tensor.elements) {
    case ElementType::int32:
      return "IntegerTensor";
    case ElementType::uint8:
      return "ByteTensor";
    case ElementType::int8:
      return "SignedByteTensor";
    default:
      return is_ranked(tensor) ? "RankedTensor" : "Tensor";
  }
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
                           words_of_elements(t), to_string(t.shape));
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
  const std::string workspace = "//     void* workspace = @aligned_alloc@;\n";
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
            {"weights_head", ""},
            {"weights_system", ""},
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
          {"weights_head", "@weights_includes@"},
          {"weights_system", "@system_functions@"},
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
  const auto add_of = [&](ElementType type, const char* name, const char* element, const char* note) {
    if (has_any(names, [&](const HeaderTensor& t) { return t.elements == type; })) add(name, element, note);
  };
  add_of(ElementType::int32, "IntegerTensor", "::std::int32_t", "The same of a tensor of whole numbers");
  add_of(ElementType::uint8, "ByteTensor", "::std::uint8_t", "The same of a tensor of bytes");
  add_of(ElementType::int8, "SignedByteTensor", "::std::int8_t", "The same of a tensor of bytes with a sign");
  return classes;
}

// How the tensors are declared and passed.
Words parameter_words(const HeaderNames& names) {
  const auto name = [](const HeaderTensor& t) { return t.parameter; };
  const auto data = [](const HeaderTensor& t) { return t.parameter + ".data()"; };
  const auto in_pointer = [](const HeaderTensor& t) {
    return fmt::format("const {}* {}", element_of(t), t.parameter);
  };
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

Words all_words(const Plans& plans, const HeaderNames& names, const HeaderOptions& options) {
  const Plan& plan = plans.best();
  Words words = {
      {"symbol", names.symbol},
      {"macro", names.macro},
      {"ns", names.name_space},
      {"version", options.version},
      {"processor", processor(plans.of_targets.back().target)},
      {"made_for_others", made_for_others(plans.best().target)},
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
  words.merge(system_words(*plan.target.system));
  words.merge(set_words(plans));
  words.merge(pixel_words(names, plan.images));
  words.merge(label_words(names, options.labels.size(), plan.images));
  words["seven_comma"] = pixels_bytes(plan) > 0 ? "," : "";
  return words;
}

// The header with this suffix.
std::string header_text(const Plans& plans, const HeaderOptions& options, const std::string& suffix) {
  Words words = all_words(plans, header_names(plans.best(), options.ports), options);
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
