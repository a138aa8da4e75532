#include "driver/bench/bench_html.h"

#include <fmt/format.h>

#include "driver/bench/bench_plots.h"
#include "driver/bench/bench_rows.h"
#include "picture/svg.h"

namespace cnnc {
namespace {

// Six colours that those with colour blindness can tell apart (Okabe and Ito 2008), of which the dark page's
// are lighter.
constexpr const char* kStyle = R"(
:root { color-scheme: light dark; --ground: #fff; --ink: #1b1f24; --faint: #6a737d; --rule: #e1e4e8;
  --s0: #0072b2; --s1: #d55e00; --s2: #009e73; --s3: #cc79a7; --s4: #b8860b; --s5: #7f7f7f; }
@media (prefers-color-scheme: dark) { :root { --ground: #15181c; --ink: #e6e8eb; --faint: #98a1ab; --rule: #30363d;
  --s0: #56b4e9; --s1: #f0884a; --s2: #2fc79b; --s3: #e29cc4; --s4: #e6c229; --s5: #a5a5a5; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 24px 20px 60px; }
h1 { font-size: 1.7em; margin: 0 0 .2em; } h2 { font-size: 1.15em; margin: 2.2em 0 .5em; }
p { margin: .2em 0; } .faint { color: var(--faint); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; white-space: nowrap; }
th, td { padding: 3px 8px; text-align: left; border-bottom: 1px solid var(--rule); } th { color: var(--faint); font-weight: 600; }
td.r, th.r { text-align: right; } td.minor { color: var(--faint); padding-left: 0; } tr.all td { font-weight: 600; }
svg { width: 100%; height: auto; display: block; } svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
svg text.label, svg text.value { fill: var(--faint); font-size: 11px; }
.grid { stroke: var(--rule); } .roof { stroke: var(--ink); stroke-width: 1.6; } .whisker { stroke: var(--ink); }
circle { fill-opacity: .8; stroke: var(--ground); stroke-width: .8; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 0; margin: .3em 0; font-size: 13px; }
.legend svg { width: 11px; height: 11px; display: inline-block; margin-right: 6px; }
.s0 { fill: var(--s0); } .s1 { fill: var(--s1); } .s2 { fill: var(--s2); } .s3 { fill: var(--s3); } .s4 { fill: var(--s4); }
.s5 { fill: var(--s5); }
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

std::string legend(const BenchReport& report) {
  std::string html = "<ul class=\"legend\">";
  for (size_t s = 0; s < report.schedules.size(); ++s)
    html += fmt::format(
        "<li><svg viewBox=\"0 0 10 10\"><rect width=\"10\" height=\"10\" class=\"s{}\"/></svg>{}</li>", s,
        escaped(report.schedules[s].name));
  return html + "</ul>\n";
}

std::string machine(const BenchReport& report) {
  std::string text = fmt::format(
      "<p>{}: {}</p>\n<p class=\"faint\">peak of multiply-adds in registers {:.1f} GFLOP/s{}",
      escaped(report.processor), escaped(circumstances(report)), report.peak * 1e-9,
      lacks_byte_peak(report) ? ", which stands for that of products of bytes too: theirs was not measured"
      : report.byte_peak > 0  ? fmt::format(", of products of bytes {:.1f}", report.byte_peak * 1e-9)
                              : "");
  for (const Bandwidth& b : report.bandwidths)
    text += fmt::format("; {} read at {:.1f} GB/s ({:.1f} MiB a thread)", escaped(b.name),
                        b.bytes_per_second * 1e-9, static_cast<double>(b.bytes) / (1 << 20));
  return text + fmt::format("; measured in the same run, {} rounds in alternation</p>\n", report.rounds);
}

std::string section(const std::string& title, const std::string& words, const std::string& content) {
  return content.empty() ? ""
                         : fmt::format("<h2>{}</h2>\n<p class=\"faint\">{}</p>\n{}", title, words, content);
}

std::string listed(const Footnotes& notes) {
  std::string html;
  for (size_t i = 0; i < notes.reasons().size(); ++i)
    html += fmt::format("<p class=\"faint\">[{}] {}</p>\n", i + 1, escaped(notes.reasons()[i]));
  return html;
}

std::string sections(const BenchReport& report) {
  Footnotes notes;
  const std::string totals = html_table(totals_table(report, notes)),
                    times = html_table(times_table(report, notes));
  const std::string roofline = roofline_plot(report), bars = time_bars(report);
  return section("The whole network",
                 "Medians, with the distance of the 10th or the 90th percentile, whichever is farther; speed "
                 "is that of "
                 "the best run.",
                 totals) +
         listed(notes) +
         section("Roofline",
                 "A point is a layer: its operations a second in the best run, over the operations for each "
                 "byte of its "
                 "inputs, parameters and result. By the layer's definition: Winograd's transforms take "
                 "fewer, and can be "
                 "above the peak.",
                 roofline.empty() ? "" : legend(report) + roofline) +
         section("Time of each layer",
                 "Medians on a logarithmic axis; the line ends at the 10th and the 90th percentile.",
                 bars.empty() ? "" : legend(report) + bars) +
         section("Time of each layer, ms", "Medians, with the distance of the farther percentile.", times) +
         section("Speed of each layer, GFLOP/s and % of the peak", "Of the best run.",
                 html_table(speeds_table(report))) +
         section("How each layer is computed", "The family of kernels and the numbers of its schedule.",
                 html_table(choices_table(report)));
}

}  // namespace

std::string bench_html(const BenchReport& report) {
  const std::string title = escaped(report.network);
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{0}: schedules "
      "compared</title>\n<style>{1}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n{2}{3}</main>\n"
      "</body>\n</html>\n",
      title, kStyle, machine(report), sections(report));
}

}  // namespace cnnc
