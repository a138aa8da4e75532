#include "driver/bench/bench_html.h"

#include <fmt/format.h>

#include "driver/bench/bench_plots.h"
#include "driver/bench/bench_rows.h"
#include "driver/console/numbers.h"
#include "picture/svg.h"

namespace cnnc {
namespace {

// Six colours that those with colour blindness can tell apart (Okabe and Ito 2008), of which the dark page's
// are lighter.
constexpr const char* kStyle = R"(
:root { color-scheme: light dark; --ground: #fff; --ink: #1b1f24; --faint: #59636e; --rule: #e1e4e8;
  --s0: #0072b2; --s1: #d55e00; --s2: #009e73; --s3: #cc79a7; --s4: #b8860b; --s5: #7f7f7f; }
@media (prefers-color-scheme: dark) { :root { --ground: #15181c; --ink: #e6e8eb; --faint: #9aa4ae; --rule: #30363d;
  --s0: #56b4e9; --s1: #f0884a; --s2: #2fc79b; --s3: #e29cc4; --s4: #e6c229; --s5: #a5a5a5; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 900px; margin: 0 auto; padding: 24px 20px 60px; }
h1 { font-size: 1.7em; margin: 0 0 .2em; } h2 { font-size: 1.15em; margin: 2.2em 0 .5em; }
p { margin: .2em 0; } p.lead { font-size: 1.1em; margin: .6em 0; } .faint { color: var(--faint); }
details { margin: 1em 0; } summary { cursor: pointer; font-weight: 600; } details p { margin: .5em 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; white-space: nowrap; }
th, td { padding: 3px 8px; text-align: left; border-bottom: 1px solid var(--rule); } th { color: var(--faint); font-weight: 600; }
td.r, th.r { text-align: right; } td.minor { color: var(--faint); padding-left: 0; } tr.all td { font-weight: 600; }
.layers { list-style: none; margin: .6em 0; padding: 0; font-size: 13px; line-height: 1.3; }
.layers li { display: grid; grid-template-columns: 2em 22em 1fr; gap: 0 8px; align-items: center; padding: 2px 0; }
.number { text-align: right; color: var(--faint); } .name { overflow-wrap: anywhere; }
.bar { display: grid; grid-template-columns: 1fr 9.5em; gap: 0 8px; align-items: center; }
.track { position: relative; display: block; height: 13px; color: var(--faint); }
.track b { position: absolute; left: 0; top: 0; height: 12px; } .track i { position: absolute; top: 6px; height: 1px; background: var(--ink); }
.track b.cut { mask-image: linear-gradient(to right, #000 85%, transparent); }
.value { font-variant-numeric: tabular-nums; white-space: nowrap; } .value em { font-style: normal; color: var(--faint); }
svg text { fill: var(--ink); font: 10px system-ui, sans-serif; } svg text.label { fill: var(--faint); }
svg.plot { width: 100%; max-width: 720px; height: auto; display: block; } svg text.point { font-weight: 600; }
svg.plot text { paint-order: stroke; stroke: var(--ground); stroke-width: 2.5px; }
.grid { stroke: var(--rule); } .roof { stroke: var(--ink); stroke-width: 1.3; } .between { stroke: var(--faint); stroke-dasharray: 1 2; }
.leader { stroke: var(--faint); stroke-width: .6; } .r1 { stroke-dasharray: 6 3; } .r2 { stroke-dasharray: 2 3; }
circle { stroke: var(--ground); stroke-width: .6; } circle.ring { fill: var(--ground); stroke-width: 1.2; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 0; margin: .3em 0; font-size: 13px; }
.legend svg { width: 22px; height: 11px; display: inline-block; margin-right: 6px; vertical-align: -1px; }
.s0 { fill: var(--s0); background: var(--s0); } .s1 { fill: var(--s1); background: var(--s1); } .s2 { fill: var(--s2); background: var(--s2); }
.s3 { fill: var(--s3); background: var(--s3); } .s4 { fill: var(--s4); background: var(--s4); } .s5 { fill: var(--s5); background: var(--s5); }
.h0 { stroke: var(--s0); } .h1 { stroke: var(--s1); } .h2 { stroke: var(--s2); } .h3 { stroke: var(--s3); } .h4 { stroke: var(--s4); } .h5 { stroke: var(--s5); }
@media (max-width: 640px) { .layers li { grid-template-columns: 2em 1fr; } .bars-of-layer { grid-column: 2; } main { padding: 16px 14px 40px; } }
)";

std::string html_table(const BenchTable& table) {
  std::string html = "<div class=\"scroll\"><table>\n";
  for (size_t r = 0; r < table.rows.size(); ++r) {
    const Row& row = table.rows[r];
    html += row.front() == "all" ? "<tr class=\"all\">" : "<tr>";
    for (size_t i = 0; i < row.size(); ++i) {
      const bool is_minor = row[i].compare(0, 2, "±") == 0;
      const std::string style = fmt::format("{}{}", table.alignment[i], is_minor ? " minor" : "");
      html += fmt::format("<{0} class=\"{1}\">{2}</{0}>", r == 0 ? "th" : "td", style, escaped(row[i]));
    }
    html += "</tr>\n";
  }
  return html + "</table></div>\n";
}

std::string legend_item(const std::string& sample, const std::string& text) {
  return fmt::format("<li><svg viewBox=\"0 0 20 10\">{}</svg>{}</li>", sample, escaped(text));
}

// Which colour is which schedule's; nothing of one schedule.
std::string items_of_schedules(const BenchReport& report) {
  std::string html;
  if (report.schedules.size() == 1) return html;
  for (size_t s = 0; s < report.schedules.size(); ++s)
    html += legend_item(fmt::format("<rect width=\"20\" height=\"10\" class=\"s{}\"/>", s),
                        report.schedules[s].name);
  return html;
}

std::string list(const std::string& items) {
  return items.empty() ? "" : "<ul class=\"legend\">" + items + "</ul>\n";
}

// What the points and lines of the roofline are.
std::string items_of_roofline(const BenchReport& report) {
  std::string html =
      legend_item("<circle cx=\"10\" cy=\"5\" r=\"4\" class=\"s0\"/>", "by the multiply-adds that are made") +
      legend_item("<circle cx=\"10\" cy=\"5\" r=\"4\" class=\"ring h0\"/>", "by those of the definition") +
      legend_item("<path d=\"M0 5H20\" class=\"between\"/>", "between the two of a layer");
  for (size_t i = 0; i < report.bandwidths.size(); ++i)
    html += legend_item(fmt::format("<path d=\"M0 5H20\" class=\"roof r{}\"/>", i),
                        fmt::format("{} {:.0f} GB/s{}", report.bandwidths[i].name,
                                    report.bandwidths[i].bytes_per_second * 1e-9,
                                    has_slope(report, i) ? "" : ", left of the plot"));
  return html;
}

std::string machine(const BenchReport& report) {
  std::string text =
      fmt::format("<p>{}: {}</p>\n<p class=\"faint\">peak of multiply-adds in registers {:.1f} GFLOP/s{}",
                  escaped(report.processor), escaped(circumstances(report)), report.peak * 1e-9,
                  lacks_byte_peak(report)
                      ? fmt::format(", which stands for that of products of {} too: theirs was not measured",
                                    report.of_dots)
                  : report.byte_peak > 0
                      ? fmt::format(", of products of {} {:.1f}", report.of_dots, report.byte_peak * 1e-9)
                      : "");
  for (const Bandwidth& b : report.bandwidths)
    text += fmt::format("; {} read at {:.1f} GB/s ({:.1f} MiB a thread)", escaped(b.name),
                        b.bytes_per_second * 1e-9, static_cast<double>(b.bytes) / (1 << 20));
  return text + fmt::format("; measured in the same run, {}{}</p>\n", counted(report.rounds, "round"),
                            report.schedules.size() > 1 ? " in alternation" : "");
}

// The time, and where most of it goes, by the first schedule.
std::string lead(const BenchReport& report) {
  const TimedSchedule& first = report.schedules.front();
  if (!first.total) return "";
  const size_t slowest = layers_by_time(report).front();
  std::string html = fmt::format("<p class=\"lead\"><b>{}</b> for {}", with_unit(first.total->median),
                                 report.images == 1 ? "an image" : counted(report.images, "image"));
  if (report.schedules.size() > 1) html += " by " + escaped(first.name);
  if (const double flops = flops_of(report); flops > 0)
    html += fmt::format(", {:.1f} GFLOP/s by the layers' definitions", flops / first.total->median * 1e-9);
  if (const std::optional<Spread>& seconds = first.layers[slowest].seconds)
    html += fmt::format(". Of {} the one that takes the most, {}, takes {:.0f} %",
                        counted(static_cast<int64_t>(report.layers.size()), "layer"),
                        escaped(short_title_of(report.layers[slowest])),
                        100 * seconds->median / first.total->median);
  return html + ".</p>\n";
}

std::string section(const std::string& title, const std::string& words, const std::string& content) {
  return content.empty() ? ""
                         : fmt::format("<h2>{}</h2>\n<p class=\"faint\">{}</p>\n{}", title, words, content);
}

std::string folded(const std::string& title, const std::string& words, const std::string& content) {
  return fmt::format("<details><summary>{}</summary>\n<p class=\"faint\">{}</p>\n{}</details>\n", title,
                     words, content);
}

std::string listed(const Footnotes& notes) {
  std::string html;
  for (size_t i = 0; i < notes.reasons().size(); ++i)
    html += fmt::format("<p class=\"faint\">[{}] {}</p>\n", i + 1, escaped(notes.reasons()[i]));
  return html;
}

std::string plots(const BenchReport& report) {
  const std::string roofline = roofline_plot(report), bars = time_bars(report);
  const bool is_one = report.schedules.size() == 1;
  return section(
             "Time of each layer",
             fmt::format("Medians, the longest first, and their shares of a run; a line from the 10th to the "
                         "90th percentile.{}",
                         is_one ? "" : " A bar that fades at its end is longer than there is room for."),
             bars.empty() ? "" : list(items_of_schedules(report)) + bars) +
         section(
             "Roofline",
             "A point is a layer, with its number in the list above: its operations a second in the best "
             "run, "
             "over its operations for each byte of its inputs, parameters and result. A ring is the same "
             "layer "
             "by the multiply-adds of its definition: Winograd's transforms make fewer, so that it may lie "
             "above "
             "the peak; padding to whole vectors makes more. Layers without multiply-adds, as softmax, and "
             "copies "
             "have no point." +
                 std::string(report.schedules.size() == 1
                                 ? ""
                                 : " The numbers stand beside the first schedule's points."),
             roofline.empty() ? "" : list(items_of_schedules(report) + items_of_roofline(report)) + roofline);
}

std::string of_one(const BenchReport& report) {
  Footnotes notes;
  const std::string table = html_table(detailed_table(report, notes, kOwnUnits));
  return listed(notes) + plots(report) +
         folded("All layers in their order",
                "Medians; speed is that of the best run, by the definition's operations; the family of "
                "kernels and "
                "the numbers of its schedule.",
                table);
}

std::string of_several(const BenchReport& report) {
  Footnotes notes;
  const std::string totals = html_table(totals_table(report, notes, kOwnUnits)),
                    times = html_table(times_table(report, notes, kOwnUnits));
  return section("The whole network",
                 "Medians, with the distance of the 10th or the 90th percentile, whichever is farther; speed "
                 "is that "
                 "of the best run, by the definition's operations.",
                 totals) +
         listed(notes) + plots(report) +
         folded("Time of each layer", "Medians, with the distance of the farther percentile.", times) +
         folded("Speed of each layer, GFLOP/s and % of the peak",
                "Of the best run, by the definition's operations.", html_table(speeds_table(report))) +
         folded("How each layer is computed", "The family of kernels and the numbers of its schedule.",
                html_table(choices_table(report)));
}

}  // namespace

std::string bench_html(const BenchReport& report) {
  const bool is_one = report.schedules.size() == 1;
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{0}: {1}</title>\n<style>{2}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n{3}{4}{5}</main>\n"
      "</body>\n</html>\n",
      escaped(report.network), is_one ? "time of each layer" : "schedules compared", kStyle, machine(report),
      lead(report), is_one ? of_one(report) : of_several(report));
}

}  // namespace cnnc
