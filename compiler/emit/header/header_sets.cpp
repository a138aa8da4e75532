#include "emit/header/header_sets.h"

#include "emit/header/header_templates.h"

namespace cnnc {

namespace templates = header_templates;
using namespace header_words;

namespace {

// "AVX-512", "AVX2" and "SSE4.1", with the word before the last.
std::string listed(const std::vector<std::string>& texts, std::string_view before_last) {
  const std::vector<std::string> first(texts.begin(), texts.end() - 1);
  return fmt::format("{}{}{}", fmt::join(first, ", "), before_last, texts.back());
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

}  // namespace

Words set_words(const Plans& plans) {
  if (plans.of_targets.size() == 1) return words_of_one_set();
  std::vector<std::string> quoted, extensions, numbers;
  for (const Plan& plan : plans.of_targets) {
    quoted.push_back(fmt::format("\"{}\"", plan.target.name));
    extensions.push_back(plan.target.extensions);
    numbers.push_back(
        fmt::format("@macro@_{} = {}", upper_case(identifier_of(plan.target)), numbers.size() + 1));
  }
  return {
      {"sets_note",
       fmt::format("// It has kernels for {}:\n"
                   "// the first run chooses the best that the processor and the operating system support.\n",
                   fmt::join(extensions, "; "))},
      {"set_names", listed(quoted, " or ")},
      {"set_enum", fmt::format("{}", fmt::join(numbers, ", "))},
      {"last_set", upper_case(identifier_of(plans.of_targets.back().target))},
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

}  // namespace cnnc
