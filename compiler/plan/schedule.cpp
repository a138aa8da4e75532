#include "plan/schedule.h"

#include <fmt/format.h>

#include <stdexcept>

namespace cnnc {

int64_t number(const Schedule& schedule, std::string_view name) {
  const auto found = schedule.find(name);
  if (found == schedule.end()) throw std::logic_error(fmt::format("the schedule has no number '{}'", name));
  return found->second;
}

std::string to_string(const Schedule& schedule) {
  std::string text;
  for (const auto& [name, value] : schedule)
    text += fmt::format("{}{} {}", text.empty() ? "" : " ", name, value);
  return text;
}

std::string to_string(const Choice& choice) {
  return choice.schedule.empty() ? choice.family : choice.family + " " + to_string(choice.schedule);
}

}  // namespace cnnc
