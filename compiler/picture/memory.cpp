#include "picture/memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "picture/words.h"

namespace cnnc::picture {
namespace {

constexpr double kLeft = 62, kRight = 626, kTop = 62, kPlot = 270, kNames = 104, kFont = 10;
constexpr size_t kMostNames = 44, kNameLength = 18;

// A buffer of the workspace, and when it is in use: in steps, a half where it takes over another's memory.
struct Stay {
  std::string name;
  int64_t offset = 0, bytes = 0;
  double begin = 0, end = 0;
  bool is_scratch = false;
  std::string look;
};

std::string look_of_family(const std::string& family) {
  const auto has = [&](const char* part) { return family.find(part) != std::string::npos; };
  if (has("upconv") || has("upsample") || has("resize")) return "up";
  if (has("conv")) return "conv";
  if (has("pool")) return "pool";
  return has("dense") ? "dense" : has("copy") ? "input" : "other";
}

// The buffer, or the one that it is a part of.
int whole_of(const Plan& plan, int buffer) {
  return plan.buffers[buffer].whole >= 0 ? plan.buffers[buffer].whole : buffer;
}

std::string look_of_buffer(const Plan& plan, int buffer) {
  for (const Step& step : plan.steps)
    if (whole_of(plan, step.output) == buffer) return look_of_family(plan.kernels[step.kernel].family);
  return "other";
}

std::vector<Stay> stays_of(const Plan& plan) {
  std::set<int> scratch, taken_over;
  for (const Step& step : plan.steps)
    if (step.scratch >= 0) scratch.insert(step.scratch);
  for (const Buffer& buffer : plan.buffers)
    if (buffer.onto >= 0) taken_over.insert(whole_of(plan, buffer.onto));
  std::vector<Stay> stays;
  for (size_t i = 0; i < plan.buffers.size(); ++i) {
    const Buffer& buffer = plan.buffers[i];
    const int number = static_cast<int>(i);
    if (buffer.place != Buffer::Place::workspace || buffer.whole >= 0 || buffer.first < 0) continue;
    stays.push_back({buffer.name, buffer.offset, buffer.layout.bytes(),
                     buffer.first + (buffer.onto >= 0 ? 0.5 : 0),
                     buffer.last + (taken_over.count(number) ? 0.5 : 1), scratch.count(number) > 0,
                     look_of_buffer(plan, number)});
  }
  return stays;
}

// The step in which the most bytes are in use, and how many.
std::pair<int, int64_t> peak_of(const std::vector<Stay>& stays, size_t steps) {
  std::pair<int, int64_t> peak = {0, 0};
  for (size_t step = 0; step < steps; ++step)
    for (const double moment : {0.25, 0.75}) {
      int64_t bytes = 0;
      const double now = static_cast<double>(step) + moment;
      for (const Stay& stay : stays)
        if (stay.begin <= now && now <= stay.end) bytes += stay.bytes;
      if (bytes > peak.second) peak = {static_cast<int>(step), bytes};
    }
  return peak;
}

// What the step begins with: "conv1" of conv1, bn1 and relu1; a copy's name says its layout behind a space.
std::string step_name(const Step& step) {
  return step.covers.empty() ? "copy of " + step.name.substr(0, step.name.find(' ')) : step.covers.front();
}

std::string with_commas(int64_t number) {
  std::string digits = std::to_string(number);
  for (size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

// Steps and bytes to places.
struct Scale {
  size_t steps;
  int64_t bytes;
  double x(double step) const { return kLeft + step * (kRight - kLeft) / static_cast<double>(steps); }
  double y(int64_t byte) const {
    return kTop + kPlot -
           kPlot * static_cast<double>(byte) / static_cast<double>(std::max<int64_t>(bytes, 1));
  }
};

Part grid(const Scale& scale) {
  int64_t tick = 64;
  while (tick * 6 < scale.bytes) tick *= 2;
  Part part;
  for (int64_t bytes = 0; bytes <= scale.bytes; bytes += tick) {
    part.marks.push_back(Path{{{kLeft, scale.y(bytes)}, {kRight, scale.y(bytes)}}, "rule", false});
    part.marks.push_back(
        Label{{kLeft - 5, scale.y(bytes) + 4}, bytes_text(bytes), "faint small", Anchor::end});
  }
  return part;
}

Part part_of(const Scale& scale, const Stay& stay) {
  const double left = scale.x(stay.begin), right = scale.x(stay.end);
  const double high = scale.y(stay.offset + stay.bytes), low = scale.y(stay.offset);
  Part part{fmt::format("{}: {} bytes", stay.name, with_commas(stay.bytes)), {}};
  part.marks.push_back(Polygon{{{left, low}, {left, high}, {right, high}, {right, low}},
                               stay.is_scratch ? "input top" : stay.look + " side"});
  if (stay.is_scratch) part.marks.push_back(Hatch{{left, high}, right - left, low - high, "rule"});
  const std::string size = bytes_text(stay.bytes), text = stay.name + ", " + size;
  const Point middle = {(left + right) / 2, (low + high) / 2 + 4};
  if (low - high < 13) return part;
  for (const std::string& words : {text, stay.name})
    if (text_width(words, kFont) + 6 < right - left) {
      part.marks.push_back(Label{middle, words, "small"});
      break;
    }
  return part;
}

Part names(const Plan& plan, const Scale& scale) {
  Part part;
  const size_t each = (plan.steps.size() + kMostNames - 1) / kMostNames;
  for (size_t i = 0; i < plan.steps.size(); i += each)
    part.marks.push_back(Label{{scale.x(static_cast<double>(i) + 0.5) + 3, kTop + kPlot + 12},
                               shortened(step_name(plan.steps[i]), kNameLength),
                               "faint small",
                               Anchor::end,
                               -55});
  return part;
}

Part peak(const Plan& plan, const Scale& scale, const std::vector<Stay>& stays) {
  const auto [step, bytes] = peak_of(stays, plan.steps.size());
  const double x = scale.x(step + 0.5);
  const std::string text =
      fmt::format("most in use: {} at {}", bytes_text(bytes), step_name(plan.steps[step]));
  const double half = text_width(text, kFont) / 2 + 4;
  return {"",
          {Path{{{x, kTop - 8}, {x, kTop + kPlot}}, "dashed", false},
           Label{{std::clamp(x, half, kPictureWidth - half), kTop - 12}, shortened(text, 100), "small"}}};
}

}  // namespace

std::string bytes_text(int64_t bytes) {
  const auto value = static_cast<double>(bytes);
  const auto with = [](double number, const char* unit) {
    return number == static_cast<double>(static_cast<int64_t>(number))
               ? fmt::format("{:.0f} {}", number, unit)
               : fmt::format("{:.1f} {}", number, unit);
  };
  if (bytes < 1024) return with(value, "B");
  return bytes < 1024 * 1024 ? with(value / 1024, "KiB") : with(value / (1024 * 1024), "MiB");
}

Drawing draw_memory(const Plan& plan) {
  Drawing drawing{kPictureWidth, kTop + kPlot + kNames, plan.name + ": the workspace over a run", {}};
  const std::string title = fmt::format("{}: the workspace over a run, {} bytes ({})", plan.name,
                                        with_commas(plan.workspace_bytes), plan.target.name);
  drawing.parts.push_back({"", {Label{{14, 22}, shortened(title, 78), "title", Anchor::start}}});
  const Scale scale{plan.steps.size(), plan.workspace_bytes};
  const std::vector<Stay> stays = stays_of(plan);
  drawing.parts.push_back(grid(scale));
  for (const Stay& stay : stays) drawing.parts.push_back(part_of(scale, stay));
  drawing.parts.push_back(names(plan, scale));
  if (!stays.empty()) drawing.parts.push_back(peak(plan, scale, stays));
  return drawing;
}

}  // namespace cnnc::picture
