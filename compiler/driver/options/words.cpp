#include "driver/options/words.h"

#include "driver/options/common_options.h"
#include "driver/options/help.h"
#include "driver/options/version.h"

namespace cnnc {
namespace {

constexpr const char* kTextHelp = "the network's text; '-' reads it from the standard input";

void add_compile(CLI::App& app, Words& words) {
  add_model(app, words);
  app.add_option("-o", words.output,
                 "the library: FILE.a, FILE.so, FILE.o, or a folder; its header is written beside it "
                 "(default: MODEL.a "
                 "here)")
      ->type_name("FILE");
  add_precision(app, words);
  add_targets(app, words, "all of this architecture");
  add_system(app, words);
  add_batch(app, words);
  add_onnx(app, words);
  add_algorithm(app, words);
  add_schedule(app, words);
  app.add_option("--threads", words.threads,
                 "that runs are to be fastest with, and have memory for; any number can be used (default: 1)")
      ->type_name("N");
  add_compilation(app, words);
  app.add_option("--weights-file", words.weights_file, "write the packed weights there, not into the library")
      ->type_name("FILE");
  app.add_option("--header", words.header, "write the header there, not beside the library")
      ->type_name("FILE");
  app.add_option("--depfile", words.depfile, "write there, for make and Ninja, which files were read")
      ->type_name("FILE");
  app.add_option("--pkg-config", words.pkg_config, "write there, for pkg-config, how to link the library")
      ->type_name("FILE");
  app.add_option("--npm", words.npm,
                 "a folder, in place of '-o': the module of '--target wasm' as a package of npm")
      ->type_name("DIR");
  app.add_option("--bindings", words.bindings,
                 "python: also write a module for NumPy that loads the shared library")
      ->type_name("LANGUAGE");
  app.add_flag("--check-finite", words.check_finite,
               "a run returns an error if an input or an output has an infinity or a NaN");
  app.add_option("--emit", words.emit,
                 "print a stage's value and stop: ast, graph, passes, schedule, plan, stmt, llvm or asm")
      ->type_name("STAGE");
  app.add_flag("--trace", words.trace,
               "print each pass, its time, and the graph that it leaves, on the standard error");
}

void add_import(CLI::App& app, Words& words) {
  CLI::App* command = app.add_subcommand("import", "an ONNX model as a text, with its weights beside it");
  command->add_option("NET.onnx", words.model, "the ONNX model")->type_name("");
  command
      ->add_option("-o", words.output, "the text; the weights are written beside it (default: NET.dsl here)")
      ->type_name("FILE");
  add_batch(*command, words);
  add_onnx(*command, words);
}

void add_check(CLI::App& app, Words& words) {
  CLI::App* command = app.add_subcommand("check", "parse and check shapes and weights; writes nothing");
  add_model(*command, words);
  add_weights(*command, words);
  add_onnx(*command, words);
}

void add_summary(CLI::App& app, Words& words) {
  CLI::App* command =
      app.add_subcommand("summary", "the layer table: shapes, parameters, cost, receptive fields");
  add_model(*command, words);
  command->add_flag("--expand", words.expand, "every layer, also of blocks and repetitions");
  command->add_flag("--formulas", words.formulas, "also how each output's size comes about");
  command->add_flag("--json", words.as_json, "print all of it for programs (docs/summary.md)");
  add_floats(*command, words);
  add_quantization(*command, words);
  add_targets(*command, words, "all of this architecture");
  add_schedule(*command, words);
  add_onnx(*command, words);
}

void add_explain(CLI::App& app, Words& words) {
  CLI::App* command =
      app.add_subcommand("explain", "the story of one layer: its formula, its loops, what they cost");
  add_model(*command, words);
  command->add_option("LAYER", words.layer, "its name, as 'cnnc summary --expand' lists it")->type_name("");
  command->add_flag("--measure", words.measure, "compile the network and time the layer, too");
  add_floats(*command, words);
  add_quantization(*command, words);
  add_target(*command, words);
  add_schedule(*command, words);
  add_threads(*command, words);
  add_onnx(*command, words);
  add_compilation(*command, words);
}

void add_plot(CLI::App& app, Words& words) {
  CLI::App* command = app.add_subcommand("plot", "draw the network as a picture, SVG");
  add_model(*command, words);
  command->add_option("-o", words.output, "the picture (default: MODEL.svg here)")->type_name("FILE");
  command
      ->add_option(
          "--what", words.what,
          "layers; memory, over a run; field: what each sees; filters; maps, of --input (default: layers)")
      ->type_name("WHAT");
  command
      ->add_option(
          "--style", words.style,
          "volumes: blocks as papers draw them; graph: a box a layer, from top to bottom (default: volumes)")
      ->type_name("STYLE");
  add_targets(*command, words, "all of this architecture; of several the best is drawn");
  add_arithmetic(*command, words);
  command->add_flag("--expand", words.expand, "every layer, also of groups and repetitions");
  add_shown(*command, words);
  command->add_option("--layer", words.layer, "whose filters are drawn (default: the first convolution)")
      ->type_name("NAME");
}

void add_report(CLI::App& app, Words& words) {
  CLI::App* command = app.add_subcommand(
      "report", "all about the network on one page: pictures, layers, cost, memory, times");
  add_model(*command, words);
  command->add_option("-o", words.output, "the page (default: MODEL.html here)")->type_name("FILE");
  add_shown(*command, words);
  add_targets(*command, words, "all of this architecture; of several the best is drawn");
  add_arithmetic(*command, words);
  command->add_flag("--measure", words.measure, "measure times here; else none are told");
  command->add_flag("--date", words.date, "say on which day the page was made");
}

void add_fmt(CLI::App& app, Words& words) {
  CLI::App* command = app.add_subcommand("fmt", "print the text in its canonical layout");
  command->add_option("MODEL.dsl", words.model, kTextHelp)->type_name("");
  command->add_flag("-i", words.in_place, "rewrite the file instead");
  command->add_flag("--check", words.check, "print nothing; exit 1 if the layout is not canonical");
}

void add_export(CLI::App& app, Words& words) {
  CLI::App* command = app.add_subcommand("export", "write the network with its weights as an ONNX model");
  add_model(*command, words);
  command->add_option("-o", words.output, "the ONNX model (default: MODEL.onnx here)")->type_name("FILE");
  add_weights(*command, words);
  add_quantization(*command, words);
  add_onnx(*command, words);
}

void add_verify(CLI::App& app, Words& words) {
  CLI::App* command =
      app.add_subcommand("verify", "run the compiled network; compare each layer with its definition");
  add_model(*command, words);
  add_precision(*command, words);
  command->add_option("--seed", words.seed, "of the random input (default: 1)")->type_name("N");
  add_targets(*command, words, "host");
  add_batch(*command, words);
  add_onnx(*command, words);
  add_algorithm(*command, words);
  add_schedule(*command, words);
  add_threads(*command, words);
  add_runner(*command, words);
  add_compilation(*command, words);
}

void add_run(CLI::App& app, Words& words) {
  CLI::App* command = app.add_subcommand("run", "run the network on pictures or arrays; print its answers");
  add_model(*command, words);
  command
      ->add_option("FILE...", words.files,
                   "pictures (PNG, JPEG, BMP) or arrays (.npy, .safetensors), one an input")
      ->type_name("")
      ->expected(1, 100000);
  add_precision(*command, words);
  command->add_option("--top", words.top, "elements of a vector that are shown (default: 5)")->type_name("N");
  add_labels(*command, words);
  add_pictures(*command, words);
  command->add_option("-o", words.output, "write the output: FILE.npy, a map as FILE.png, or into a folder")
      ->type_name("FILE");
  command->add_flag("--time", words.time, "print how long a run takes");
  add_onnx(*command, words);
  add_threads(*command, words);
  add_compilation(*command, words);
}

void add_bench(CLI::App& app, Words& words) {
  CLI::App* command =
      app.add_subcommand("bench", "the time of each layer, and what of the machine's peak it is");
  add_model(*command, words);
  add_precision(*command, words);
  add_target(*command, words);
  add_batch(*command, words);
  add_onnx(*command, words);
  add_schedule(*command, words);
  add_threads(*command, words);
  add_runner(*command, words);
  command
      ->add_option("--schedules", words.compared,
                   "to compare, with commas between: tuned, default, naive, adams2019, mullapudi2016, li2018")
      ->type_name("NAMES");
  command->add_option("--seconds", words.seconds, "to measure each schedule for (default: 2)")
      ->type_name("N");
  command
      ->add_option("--limit", words.limit,
                   "seconds to make an autoscheduler's kernel, and to run it (default: 60)")
      ->type_name("N");
  command->add_option("--json", words.json, "write all that was found there, for programs")
      ->type_name("FILE");
  command->add_option("--html", words.html, "write it as a page with plots")->type_name("FILE");
  command->add_flag("--simulate", words.simulate,
                    "time tasks on one thread, and reckon how long the threads of --threads would take");
  add_compilation(*command, words);
}

void add_tune(CLI::App& app, Words& words) {
  CLI::App* command =
      app.add_subcommand("tune", "search the fastest schedule of each layer; write the records");
  add_model(*command, words);
  command->add_option("-o", words.output, "the records; those in it stay (default: MODEL.schedule here)")
      ->type_name("FILE");
  command->add_option("--budget", words.budget, "time for all of it, such as 30s, 10m or 2h (default: 10m)")
      ->type_name("TIME");
  add_arithmetic(*command, words);
  add_threads(*command, words);
  add_runner(*command, words);
  add_targets(*command, words, "host");
  add_batch(*command, words);
  add_onnx(*command, words);
  command->add_option("--shard", words.shard, "of N parts of the work the I-th, for several machines")
      ->type_name("I/N");
  add_jobs(*command, words);
  command->add_option("--merge", words.merged, "instead: the best records of these files, to -o or printed")
      ->type_name("FILE...")
      ->expected(1, 1000);
}

void add_quantize(CLI::App& app, Words& words) {
  CLI::App* command = app.add_subcommand(
      "quantize", "run the network on inputs; write which tensors become bytes, and say what that costs");
  add_model(*command, words);
  add_weights(*command, words);
  command
      ->add_option(
          "--calibrate", words.data,
          "pictures, arrays (.npy), folders of both, or a safetensors file: what the network is run on")
      ->type_name("FILE...")
      ->expected(1, 100000);
  command
      ->add_option("--test", words.test,
                   "likewise: what is lost is measured on these (default: on those of --calibrate)")
      ->type_name("FILE...")
      ->expected(1, 100000);
  command->add_option("-o", words.output, "the quantisation (default: MODEL.quant here)")->type_name("FILE");
  command
      ->add_option("--method", words.method,
                   "how ranges are found: min-max, percentile, percentile:99.9 or least-squares (default: "
                   "min-max)")
      ->type_name("NAME");
  command
      ->add_option("--weight-bits", words.weight_bits,
                   "8, or 7 for processors without dot products of bytes (default: 8)")
      ->type_name("N");
  command
      ->add_option("--input-type", words.input_type,
                   "what who runs the library gives: f32, u8 or s8 (default: f32)")
      ->type_name("TYPE");
  command->add_option("--output-type", words.output_type, "what he gets (default: f32)")->type_name("TYPE");
  command->add_flag("--no-equalise", words.no_equalise,
                    "channels keep their ranges (default: made alike where that helps)");
  command->add_flag("--no-correct-bias", words.no_correct_bias,
                    "mean errors stay (default: taken away through the bias)");
  command->add_option("--keep-float", words.keep_float, "the N layers that lose most stay in floats")
      ->type_name("N");
  command
      ->add_option("--least-sqnr", words.least_sqnr,
                   "so do more, until each output has so much signal to noise")
      ->type_name("DB");
  add_pictures(*command, words);
  add_onnx(*command, words);
  add_threads(*command, words);
  add_compilation(*command, words);
}

}  // namespace

void add_options(CLI::App& app, Words& words) {
  app.name("cnnc");
  app.description("cnnc compiles a convolutional network, described in text, to a static library.");
  app.set_help_flag("-h,--help", "print this text");
  app.set_version_flag("--version", std::string("cnnc ") + kVersion, "print the version");
  app.formatter_fn([](const CLI::App* a, const std::string&, CLI::AppFormatMode) { return help_text(*a); });
  app.require_subcommand(0, 1);
  add_compile(app, words);
  add_import(app, words);
  add_check(app, words);
  add_summary(app, words);
  add_explain(app, words);
  add_plot(app, words);
  add_report(app, words);
  add_fmt(app, words);
  add_export(app, words);
  add_verify(app, words);
  add_run(app, words);
  add_bench(app, words);
  add_tune(app, words);
  add_quantize(app, words);
}

}  // namespace cnnc
