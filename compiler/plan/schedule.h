// How a kernel is computed, where that can be chosen: numbers with names.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace cnnc {

// Such as x: the pixels of a register tile. plan/choose/space.h says which numbers a family of kernels has.
using Schedule = std::map<std::string, int64_t, std::less<>>;

// The number of that name; throws std::logic_error if there is none.
int64_t number(const Schedule& schedule, std::string_view name);

// "blocks 2 x 14"
std::string to_string(const Schedule& schedule);

// An algorithm, which is a family of kernels, and some or all numbers of its schedule.
struct Choice {
  std::string family;
  Schedule schedule;
  friend bool operator==(const Choice& a, const Choice& b) {
    return a.family == b.family && a.schedule == b.schedule;
  }
};

// "conv_blocked blocks 2 x 14"
std::string to_string(const Choice& choice);

}  // namespace cnnc
