#include "driver/report/report_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "driver/report/report_words.h"
#include "picture/svg.h"
#include "support/checked.h"

namespace cnnc {
namespace {

constexpr size_t kFewLayers = 24, kBars = 12;
// How long the longest bars are, in hundredths of their column, which has their numbers, too.
constexpr double kCellBar = 45, kBar = 60;

// What a row says of a layer, or of a scope's.
struct Sums {
  std::optional<int64_t> parameters = 0;
  double macs = 0, work = 0;
};

Sums sums_of(const Report& report, int begin, int end) {
  Sums sums;
  for (int i = begin; i < end; ++i) {
    const ReportLayer& cost = report.costs[static_cast<size_t>(i)];
    sums.parameters =
        sums.parameters && cost.parameters ? checked_add(*sums.parameters, *cost.parameters) : std::nullopt;
    sums.macs += cost.macs;
    sums.work += cost.work;
  }
  return sums;
}

// Whether a scope's rows are unfolded at first.
bool is_open(const Report& report, const picture::Item& scope) {
  const auto all = static_cast<int>(report.layers.size());
  return report.layers.size() <= kFewLayers || 2 * (scope.end - scope.begin) > all;
}

// The most work of a row that is seen at first: of a layer, or of a folded scope.
double greatest_row(const Report& report, const std::vector<picture::Item>& items) {
  double greatest = 1e-30;
  for (const picture::Item& item : items)
    greatest =
        std::max(greatest, !item.layer && is_open(report, item) ? greatest_row(report, item.items)
                                                                : sums_of(report, item.begin, item.end).work);
  return greatest;
}

std::string or_nothing(double number) {
  return number == 0 ? "" : rounded_number(number);
}

struct Cells {
  std::string name, what, shape, field, title;
};

// What all rows are drawn with.
struct Table {
  const Report& report;
  double all, greatest;  // work: of a run, and greatest_row()
};

std::string cells(const Table& table, const Cells& c, const Sums& sums) {
  const double width = kCellBar * std::min(1.0, sums.work / table.greatest);
  const std::string parameters =
      sums.parameters ? or_nothing(static_cast<double>(*sums.parameters)) : "&gt; 2^63";
  const std::string share = sums.work == 0 ? "" : fmt::format("{:.1f} %", 100 * sums.work / table.all);
  return fmt::format(
      "<span class=\"who\" title=\"{}\"><b>{}</b> "
      "<i>{}</i></span><span>{}</span><span class=\"sees\">{}</span><span>{}</span>"
      "<span>{}</span><span class=\"time\" title=\"{}\"><u style=\"width:{:.0f}%\"></u>{}</span>",
      escaped(c.title), escaped(c.name), escaped(c.what), c.shape, c.field, parameters, or_nothing(sums.macs),
      work_text(table.report, sums.work), width, share);
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// Of a join its name: the sign that stands in pictures is no word.
std::string operator_of(const picture::Layer& layer) {
  return layer.kind == picture::Kind::join ? layer.op : layer.what;
}

std::string layer_row(const Table& table, int number) {
  const Report& report = table.report;
  const picture::Layer& layer = report.layers[static_cast<size_t>(number)];
  const ReportLayer& cost = report.costs[static_cast<size_t>(number)];
  return "<div class=\"row\">" +
         cells(table,
               {layer.name, operator_of(layer) + cost.also, to_string(layer.shape), cost.field,
                joined(layer.nodes)},
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
  if (all_alike && item.items.size() == 1) return item.items.front().block;
  return all_alike ? fmt::format("{} × {}", item.items.size(), item.items.front().block)
                   : fmt::format("{} layers", item.end - item.begin);
}

std::string rows_of(const Table& table, const std::vector<picture::Item>& items) {
  const Report& report = table.report;
  std::string html;
  for (const picture::Item& item : items) {
    if (item.layer) {
      html += layer_row(table, *item.layer);
      continue;
    }
    const picture::Layer& last = report.layers[static_cast<size_t>(item.end - 1)];
    html += fmt::format("<details{}><summary class=\"row\">{}</summary>\n{}</details>\n",
                        is_open(report, item) ? " open" : "",
                        cells(table, {item.name, what_of(item), to_string(last.shape), "", ""},
                              sums_of(report, item.begin, item.end)),
                        rows_of(table, item.items));
  }
  return html;
}

}  // namespace

std::string layer_rows(const Report& report) {
  const Table table{report, work_of_run(report), greatest_row(report, report.tree.items)};
  double rest = total_work(report);
  for (const ReportLayer& cost : report.costs) rest -= cost.work;
  std::string rows = rows_of(table, report.tree.items);
  if (rest > 1e-9 * table.all)
    rows +=
        "<div class=\"row\">" +
        cells(table, {"", "copies into other layouts, and what is no layer's", "", "", ""}, {0, 0, rest}) +
        "</div>\n";
  return fmt::format(
      "<div class=\"table\"><div class=\"row head-row\"><span "
      "class=\"who\">layer</span><span>result</span>"
      "<span class=\"sees\">sees</span><span>parameters</span><span>MACs</span><span "
      "class=\"time\">{}</span></div>\n{}</div>\n",
      report.is_measured ? "time" : "made", rows);
}

std::string work_bars(const Report& report) {
  const std::vector<size_t> most = steps_with_most_work(report, kBars);
  const double all = work_of_run(report);
  std::string html = "<div class=\"bars\">\n";
  double rest = total_work(report);
  for (const size_t i : most) {
    const ReportStep& step = report.steps[i];
    rest -= step.work;
    html += fmt::format(
        "<div><span class=\"who\"><b>{}</b> <i>{}</i></span><span class=\"time\"><u "
        "style=\"width:{:.0f}%\"></u>"
        "{}, {:.1f} %</span></div>\n",
        escaped(step.name), escaped(step.what), kBar * step.work / report.steps[most[0]].work,
        work_text(report, step.work), 100 * step.work / all);
  }
  const auto others = std::count_if(report.steps.begin(), report.steps.end(),
                                    [](const ReportStep& step) { return step.work > 0; }) -
                      static_cast<long>(most.size());
  if (others > 0)
    html += fmt::format(
        "<div><span class=\"who\">{} others</span><span class=\"time\">{}, {:.1f} %</span></div>\n", others,
        work_text(report, std::max(rest, 0.0)), 100 * std::max(rest, 0.0) / all);
  return html + "</div>\n";
}

}  // namespace cnnc
