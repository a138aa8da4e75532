#include "emit/library/script.h"

#include <fmt/format.h>

#include <cctype>

#include "emit/header/header_words.h"
#include "emit/library/interface_pixels.h"
#include "emit/library/script_templates.h"
#include "emit/library/script_words.h"

namespace cnnc {

namespace {

namespace templates = script_templates;
using header_words::fill;
using header_words::Words;

// Parts that a network has if it reads pictures, has labels, or has its weights in a file.
Words conditional_words(const Plan& plan, const HeaderOptions& options) {
  const bool has_pixels = reads_pixels(plan), has_labels = !options.labels.empty(),
             has_file = options.weights_file;
  const auto only = [](bool condition, std::string_view text) { return std::string(condition ? text : ""); };
  const bool is_batch = plan.images > 1;
  return {
      {"pixels_example",
       only(has_pixels, "\n//   net.runPixels(context.getImageData(0, 0, width, height));")},
      {"labels_example",
       only(has_labels, "\n//   const [{ value, label }] = net.top(@outputs_example@, 1);")},
      {"batch_note",
       only(is_batch, " A run is of @batch@ images; each tensor\n// holds that many, one behind the other.")},
      {"pictures", only(has_pixels, templates::kPictures)},
      {"pixels_method", only(has_pixels, templates::kPixelsMethod)},
      {"labels_method", only(has_labels, templates::kLabelsMethod)},
      {"batch_pictures", only(is_batch, " A list of @batch@\n  // of them, of one size and format.")},
      {"picture_list", is_batch ? "Array.isArray(picture) ? picture : [picture]" : "[picture]"},
      {"picture_wanted", is_batch ? "@batch@ pictures" : "a picture"},
      {"weights_note", only(has_file, " The weights have a file of their own.")},
      {"weights_parameter", only(has_file, ", weights = new URL('@weights@', import.meta.url)")},
      {"weights_argument", only(has_file, ", await bytesOf(weights)")},
      {"weights_source_type", only(has_file, ", weights?: string | URL | BufferSource")},
      {"picture_types", only(has_pixels, templates::kPictureTypes)},
      {"method_types",
       only(has_pixels, "  /** The same of pictures. */\n  runPixels(input: Pictures): Outputs;\n") +
           only(has_labels,
                "  label(index: number): string | undefined;\n  /** The greatest elements, the greatest "
                "first. */\n"
                "  top(output: ArrayLike<number>, count?: number): { index: number; value: number; label: "
                "string }[];\n")},
  };
}

Words words_of(const Plans& plans, const HeaderOptions& options) {
  const Plan& plan = plans.best();
  const HeaderNames names = header_names(plan, options.ports);
  const auto number = [](auto value) { return fmt::format("{}", value); };
  Words words = {
      {"symbol", names.symbol},
      {"version", options.version},
      {"suffix", header_suffix(plans, options)},
      {"batch", number(plan.images)},
      {"labels", number(options.labels.size())},
      {"workspace_bytes", number(workspace_bytes(plans))},
      {"file_bytes", number(options.weights_file ? plans.weights_bytes : 0)},
      {"inputs", script_words::facts(names.inputs, plan.images)},
      {"outputs", script_words::facts(names.outputs, plan.images)},
      {"inputs_example", script_words::names(names.inputs)},
      {"outputs_example", script_words::names(names.outputs)},
      {"input_names", script_words::members(names.inputs)},
      {"output_names", script_words::members(names.outputs)},
      {"input_types", script_words::input_types(names.inputs)},
      {"output_types", script_words::output_types(names.outputs)},
      {"picture_inputs", script_words::picture_types(names.inputs, plan.images)},
      {"picture_formats", script_words::picture_formats(names.inputs)},
  };
  words.merge(conditional_words(plan, options));
  return words;
}

// A file name as a part of a URL (RFC 3986, 2.3), which no text of a script ends at either.
std::string in_url(const std::string& file) {
  std::string url;
  for (const unsigned char c : file) {
    const bool is_plain =
        c < 0x80 && (std::isalnum(c) || std::string_view("-._~").find(c) != std::string_view::npos);
    url += is_plain ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
  }
  return url;
}

}  // namespace

std::string script(const Plans& plans, const HeaderOptions& options, const ScriptFiles& files) {
  Words words = words_of(plans, options);
  words["module"] = in_url(files.module);
  words["script"] = in_url(files.script);
  words["weights"] = in_url(files.weights);
  return fill(templates::kScript, words);
}

std::string script_types(const Plans& plans, const HeaderOptions& options) {
  return fill(templates::kTypes, words_of(plans, options));
}

}  // namespace cnnc
