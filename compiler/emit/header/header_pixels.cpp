#include "emit/header/header_pixels.h"

#include "emit/header/header_templates.h"

namespace cnnc {

namespace templates = header_templates;
using namespace header_words;

namespace {

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

// Of an output that is a vector with a label for each element; null if there is none.
const HeaderTensor* labelled_output(const HeaderNames& names, size_t labels) {
  for (const HeaderTensor& t : names.outputs)
    if (labels > 0 && t.shape.is_vector() && !is_integer(t) && t.shape.elements() == int64_t(labels))
      return &t;
  return nullptr;
}

}  // namespace

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

}  // namespace cnnc
