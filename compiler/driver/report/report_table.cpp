#include "driver/report/report_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "driver/report/report_words.h"
#include "picture/svg.h"
#include "support/checked.h"

namespace cnnc {
namespace {

constexpr size_t kFewLayers = 24, kBars = 12;

// What a row says of a layer, or of a scope's.
struct Sums {
  std::optional<int64_t> parameters = 0;
  double macs = 0, seconds = 0;
};

Sums sums_of(const Report& report, int begin, int end) {
  Sums sums;
  for (int i = begin; i < end; ++i) {
    const ReportLayer& cost = report.costs[static_cast<size_t>(i)];
    sums.parameters =
        sums.parameters && cost.parameters ? checked_add(*sums.parameters, *cost.parameters) : std::nullopt;
    sums.macs += cost.macs;
    sums.seconds += cost.seconds;
  }
  return sums;
}

double greatest_share(const Report& report) {
  double greatest = 1e-30;
  for (const ReportLayer& cost : report.costs) greatest = std::max(greatest, cost.seconds);
  return greatest;
}

std::string or_nothing(double number) {
  return number == 0 ? "" : in_short(number);
}

struct Cells {
  std::string name, what, shape, field, title;
};

std::string cells(const Report& report, const Cells& c, const Sums& sums) {
  const double all = std::max(sums_of(report, 0, static_cast<int>(report.costs.size())).seconds, 1e-30);
  const double width = std::min(100.0, 100 * sums.seconds / greatest_share(report));
  const std::string parameters =
      sums.parameters ? or_nothing(static_cast<double>(*sums.parameters)) : "&gt; 2^63";
  const std::string time = sums.seconds == 0 ? "" : fmt::format("{:.1f} %", 100 * sums.seconds / all);
  return fmt::format(
      "<span class=\"who\" title=\"{}\"><b>{}</b> "
      "<i>{}</i></span><span>{}</span><span class=\"sees\">{}</span><span>{}</span>"
      "<span>{}</span><span class=\"time\" title=\"{}\"><u style=\"width:{:.0f}%\"></u>{}</span>",
      escaped(c.title), escaped(c.name), escaped(c.what), c.shape, c.field, parameters, or_nothing(sums.macs),
      time_text(sums.seconds), width, time);
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string layer_row(const Report& report, int number) {
  const picture::Layer& layer = report.layers[static_cast<size_t>(number)];
  return "<div class=\"row\">" +
         cells(report,
               {layer.name, layer.what, to_string(layer.shape),
                report.costs[static_cast<size_t>(number)].field, joined(layer.nodes)},
               sums_of(report, number, number + 1)) +
         "</div>\n";
}

// Of a scope the number of equal blocks in it: "3 × bottleneck".
std::string what_of(const picture::Item& item) {
  if (!item.block.empty()) return item.block;
  const bool all_alike = !item.items.empty() &&
                         std::all_of(item.items.begin(), item.items.end(), [&](const picture::Item& each) {
                           return !each.block.empty() && each.block == item.items.front().block;
                         });
  return all_alike ? fmt::format("{} × {}", item.items.size(), item.items.front().block)
                   : fmt::format("{} layers", item.end - item.begin);
}

std::string rows_of(const Report& report, const std::vector<picture::Item>& items) {
  const bool open = report.layers.size() <= kFewLayers;
  std::string html;
  for (const picture::Item& item : items) {
    if (item.layer) {
      html += layer_row(report, *item.layer);
      continue;
    }
    const picture::Layer& last = report.layers[static_cast<size_t>(item.end - 1)];
    html += fmt::format("<details{}><summary class=\"row\">{}</summary>\n{}</details>\n", open ? " open" : "",
                        cells(report, {item.name, what_of(item), to_string(last.shape), "", ""},
                              sums_of(report, item.begin, item.end)),
                        rows_of(report, item.items));
  }
  return html;
}

}  // namespace

std::string layer_rows(const Report& report) {
  return "<div class=\"table\"><div class=\"row head-row\"><span "
         "class=\"who\">layer</span><span>result</span>"
         "<span class=\"sees\">sees</span><span>parameters</span><span>MACs</span><span "
         "class=\"time\">time</span></div>\n" +
         rows_of(report, report.tree.items) + "</div>\n";
}

std::string time_bars(const Report& report) {
  const Sums all = sums_of(report, 0, static_cast<int>(report.costs.size()));
  const std::vector<size_t> slowest = slowest_layers(report, kBars);
  std::string html = "<div class=\"bars\">\n";
  double rest = all.seconds;
  for (const size_t i : slowest) {
    const double seconds = report.costs[i].seconds;
    rest -= seconds;
    html += fmt::format(
        "<div><span class=\"who\"><b>{}</b> <i>{}</i></span><span class=\"time\"><u "
        "style=\"width:{:.0f}%\"></u>"
        "{}, {:.1f} %</span></div>\n",
        escaped(report.layers[i].name), escaped(report.layers[i].what),
        100 * seconds / greatest_share(report), time_text(seconds), 100 * seconds / all.seconds);
  }
  const auto others = std::count_if(report.costs.begin(), report.costs.end(),
                                    [](const ReportLayer& cost) { return cost.seconds > 0; }) -
                      static_cast<long>(slowest.size());
  if (others > 0)
    html += fmt::format(
        "<div><span class=\"who\">{} other layers</span><span class=\"time\">{}, {:.1f} %</span></div>\n",
        others, time_text(std::max(rest, 0.0)), 100 * std::max(rest, 0.0) / all.seconds);
  return html + "</div>\n";
}

}  // namespace cnnc
