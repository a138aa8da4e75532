#include "driver/options/help.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

namespace cnnc {
namespace {

constexpr const char* kMainFooter = R"(
Weights: '--weights FILE.safetensors' binds trained ones by name, as PyTorch calls and lays them out;
'--weights random:SEED' makes seeded ones, for tests and benchmarks. An ONNX model (MODEL.onnx) brings its own.

Compiled kernels are kept in the folder $CNNC_CACHE (default: $XDG_CACHE_HOME/cnnc or ~/.cache/cnnc), at most
$CNNC_CACHE_MIB (256) MiB of them; it may be deleted at any time.

Exit codes: 0 done, 1 the input is wrong, 2 the command line is wrong, 70 a fault of cnnc itself.
)";

constexpr const char* kVerifyFooter = R"(
'worst for its bound': of the element that uses up most of its bound on rounding errors, the error and the bound.
'ratio': the one divided by the other; up to 1 is right, above 1 is a failure.
)";

constexpr const char* kRunFooter = R"(
A picture is resized bilinearly, with its edges smoothed where it gets smaller, as Pillow and torchvision do. Networks
that torchvision trained want '--mean 0.485,0.456,0.406 --deviation 0.229,0.224,0.225'. A network with several inputs
reads as many files a run, in the order of its text.
)";

constexpr const char* kBenchFooter = R"(
'ms' is the median and 'best' the least of all runs; GFLOP/s and the share of the peak are those of the best run, by
the operations that the layer's definition has (2 a multiply-add): a convolution by Winograd's transforms needs
fewer, and can be above the peak. The peak is of multiply-adds in registers, read in between; layers that are computed
in bytes or bfloat16 have that of these. Layers are timed in runs of their own, in alternation with those that are timed as a
whole. Without '--weights' they are random:1.

Schedules: 'tuned', which is measured unless '--schedules' says otherwise, is what a compilation uses, with the records
of schedules that come with cnnc and what '--schedule' says; 'default' is without either. 'naive' is what Halide makes
of each convolution's definition without a schedule; adams2019, mullapudi2016 and li2018 are its autoschedulers. All are
measured in alternation. Before that, each layer's result is compared with its definition: a wrong one has no time, nor
has the whole network by that schedule. Where a strategy fails at a kernel, the default stands in for it. '±' is the
distance of the 10th or the 90th percentile from the median, whichever is farther; '× tuned' the time in units of the
first schedule's.
)";

constexpr const char* kTuneFooter = R"(
The schedules of each distinct layer are compiled and timed in processes of their own, in alternation with the default,
the layers that take longest first. One that crashes, hangs or computes something else is a line of the log. The default
stays unless another is at least 3 % faster. The file is written after each layer; Ctrl-C stops, and the same command
goes on from there. 'cnnc MODEL.dsl --schedule FILE' compiles with the records, 'cnnc bench --schedule FILE' times them.
)";

std::string row(const std::string& left, const std::string& right) {
  return fmt::format("  {:<20} {}\n", left, right);
}

std::string commands(const CLI::App& app) {
  if (app.get_parent()) return "";
  std::string text = "\ncommands:\n" + row("(none)", "compile MODEL.dsl to MODEL.a, with MODEL.h beside it");
  for (const CLI::App* command : app.get_subcommands(nullptr))
    text += row(command->get_name(), command->get_description());
  return text + row("COMMAND --help", "the options of a command");
}

}  // namespace

std::string usage(const CLI::App& app) {
  if (!app.get_parent())
    return "usage: cnnc MODEL.dsl -o MODEL.a [options]\n       cnnc COMMAND MODEL.dsl [options]\n";
  std::string positions;
  for (const CLI::Option* option : app.get_options())
    if (!option->nonpositional()) positions += " " + option->get_name();
  return fmt::format("usage: cnnc {}{} [options]\n{}", app.get_name(), positions,
                     app.get_name() == "tune" ? "       cnnc tune --merge FILE... [-o FILE]\n" : "");
}

std::vector<const CLI::Option*> options_in_order(const CLI::App& app) {
  std::vector<const CLI::Option*> options = app.get_options();
  std::stable_partition(options.begin(), options.end(), [&](const CLI::Option* option) {
    return option != app.get_help_ptr() && option != app.get_version_ptr();
  });
  return options;
}

std::string written(const CLI::Option& option) {
  const std::string type = option.get_expected_max() == 0 ? "" : option.get_type_name();
  return option.get_name(option.get_positional(), true) + (type.empty() ? "" : " " + type);
}

std::string footer(const CLI::App& app) {
  if (!app.get_parent()) return kMainFooter;
  if (app.get_name() == "bench") return kBenchFooter;
  if (app.get_name() == "tune") return kTuneFooter;
  if (app.get_name() == "run") return kRunFooter;
  return app.get_name() == "verify" ? kVerifyFooter : "";
}

std::string help_text(const CLI::App& app) {
  std::string text = app.get_description() + "\n\n" + usage(app) + commands(app) + "\noptions:\n";
  for (const CLI::Option* option : options_in_order(app))
    text += row(written(*option), option->get_description());
  return text + footer(app);
}

}  // namespace cnnc
