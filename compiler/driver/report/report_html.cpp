#include "driver/report/report_html.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "driver/console/numbers.h"
#include "driver/report/report_table.h"
#include "driver/report/report_words.h"
#include "picture/svg.h"
#include "picture/write_svg.h"

namespace cnnc {
namespace {

constexpr const char* kStyle = R"(
:root { color-scheme: light dark; --page: #fff; --text: #1b1f24; --pale: #59636e; --line: #d0d7de; --bar: #0072b2; }
@media (prefers-color-scheme: dark) { :root { --page: #15181c; --text: #e6e8eb; --pale: #9aa4ae; --line: #3d444d; --bar: #56b4e9; } }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 20px 16px 60px; }
h1 { font-size: 1.7em; margin: 0 0 .2em; } h2 { font-size: 1.15em; margin: 2em 0 .3em; }
p { margin: .3em 0; } .note { color: var(--pale); font-size: 13px; } ul { padding-left: 1.2em; margin: .4em 0; }
main svg { display: block; } .wide { overflow-x: auto; }
.table, .bars { font-size: 13px; font-variant-numeric: tabular-nums; margin: .6em 0; }
.row { display: grid; grid-template-columns: minmax(0, 2.6fr) 1.2fr .9fr 1fr 1fr 1.4fr; gap: 8px; padding: 3px 0;
  border-bottom: 1px solid var(--line); list-style: none; }
.row span { text-align: right; overflow-wrap: anywhere; } .row span.who, .row span.time { text-align: left; }
.head-row { color: var(--pale); font-weight: 600; } i { color: var(--pale); font-style: normal; } b { font-weight: 600; }
summary { cursor: pointer; } summary.row b::before { content: "▸ "; } details[open] > summary.row b::before { content: "▾ "; }
details > div.row .who, details details > summary .who { padding-left: 14px; }
details details > div.row .who { padding-left: 28px; }
u { display: inline-block; height: 8px; background: var(--bar); margin-right: 5px; border-radius: 2px; text-decoration: none; }
.bars div { display: grid; grid-template-columns: minmax(0, 1fr) 1.6fr; gap: 8px; padding: 2px 0; }
code { font-size: 13px; overflow-wrap: anywhere; }
@media (max-width: 640px) { .row { grid-template-columns: minmax(0, 2fr) 1.4fr 1.2fr .9fr .8fr; gap: 6px; font-size: 12px; }
  .row u, .row .sees { display: none; } }
)";

std::string section(const std::string& title, const std::string& words, const std::string& content) {
  return fmt::format("<h2>{}</h2>\n<p class=\"note\">{}</p>\n{}", escaped(title), escaped(words), content);
}

std::string picture_section(const ReportPicture& picture) {
  const std::string drawing =
      fmt::format("<div class=\"wide\">{}</div>\n", picture::svg_element(picture.drawing));
  if (!picture.is_folded) return section(picture.title, picture.words, drawing);
  return section(picture.title, picture.words,
                 "<details><summary>show</summary>\n" + drawing + "</details>\n");
}

std::string list(const std::vector<std::string>& lines) {
  std::string html = "<ul>\n";
  for (const std::string& line : lines) html += "<li>" + escaped(line) + "</li>\n";
  return html + "</ul>\n";
}

std::string library(const Report& report) {
  return section(
      "What the library needs", "What 'cnnc' makes of this network: a static library and a header.",
      list(
          {fmt::format("Processors: code for {}; the first run chooses. Nothing is needed but the C library.",
                       fmt::join(report.targets, ", ")),
           fmt::format("Weights, as they are packed: {} bytes.", with_commas(report.weights_bytes)),
           fmt::format(
               "Workspace, which the program gives: {} bytes. Tensors take up to {} of them at a time, "
               "scratch memory of kernels up to {}.",
               with_commas(report.workspace_bytes), with_commas(report.tensor_bytes),
               with_commas(report.scratch_bytes))}));
}

std::string table_section(const Report& report) {
  const std::string how = report.is_measured
                              ? "Time: measured, the median of many runs, in shares of a run"
                              : "Made: shares of the multiply-adds that the kernels make, which are no times";
  return section(
      "Layers",
      "Result: channels x height x width. Sees: how much of the input one element of the result is made of. "
      "MACs: multiply-adds for an image, by the definition. " +
          how + "; none where the layer before computes it on the way. Behind + stands what else a row has.",
      layer_rows(report));
}

// What of a run is most of it.
std::string bars_section(const Report& report) {
  if (report.is_measured)
    return section("Where the time goes", "Medians of runs on one core.", work_bars(report));
  return section(
      "Where the multiply-adds are made",
      "By the kernels that the compiler chose, with those of transforms and of padding. These are no "
      "times: pools, copies and activations have none, and memory counts for nothing; '--measure' "
      "measures times.",
      work_bars(report));
}

std::string end_of_page(const Report& report) {
  return fmt::format(
      "<h2>How this page was made</h2>\n<p><code>{}</code></p>\n<p class=\"note\">cnnc {}{}</p>\n",
      escaped(report.command), escaped(report.version), report.date ? ", " + escaped(*report.date) : "");
}

}  // namespace

std::string report_html(const Report& report) {
  std::string page = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{0}</title>\n"
      "<style>{1}{2}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n{3}",
      escaped(report.network), picture::style_of_drawings(), kStyle, list(headlines(report)));
  bool has_table = false;
  for (const ReportPicture& picture : report.pictures) {
    page += picture_section(picture);
    if (has_table) continue;  // behind the first picture, of the layers
    has_table = true;
    page += bars_section(report) + table_section(report);
  }
  if (!report.notes.empty()) page += list(report.notes);
  return page + library(report) + end_of_page(report) + "</main>\n</body>\n</html>\n";
}

}  // namespace cnnc
