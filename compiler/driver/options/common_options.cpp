#include "driver/options/common_options.h"

#include <tuple>

#include "support/suggest.h"
#include "target/system.h"
#include "target/target.h"

namespace cnnc {
namespace {

constexpr const char* kModelHelp =
    "the network's text, or an ONNX model; '-' reads a text from the standard input";

// What is said of the inputs of an ONNX model.
void add_inputs(CLI::App& app, Words& words) {
  app.add_option("--shape", words.shapes,
                 "a size that an ONNX model leaves open: DIMENSION=640, INPUT=3x640x480; may be repeated")
      ->type_name("NAME=SIZE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_flag(
      "--fold-pixels", words.fold_pixels,
      "what an ONNX model does to the bytes of pictures first becomes part of its input (docs/onnx.md)");
}

}  // namespace

void add_model(CLI::App& app, Words& words) {
  app.add_option("MODEL.dsl", words.model, kModelHelp)->type_name("");
}

void add_onnx(CLI::App& app, Words& words, const char* input_type, const char* input_help) {
  add_inputs(app, words);
  const std::tuple<const char*, std::vector<std::string>&, const char*, const char*> cuts[] = {
      {"--input", words.inputs, input_type, input_help},
      {"--output", words.outputs, "NAME",
       "a tensor of an ONNX model to be an output instead of the model's; may be repeated"}};
  for (const auto& [option, names, type, help] : cuts)
    app.add_option(option, names, help)
        ->type_name(type)
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_weights(CLI::App& app, Words& words) {
  app.add_option("--weights", words.weights, "a safetensors file, or random:SEED")->type_name("FILE");
}

void add_quantization(CLI::App& app, Words& words) {
  app.add_option("--quantize", words.quantization,
                 "the quantisation: which tensors are bytes (docs/quantization.md)")
      ->type_name("FILE");
}

void add_floats(CLI::App& app, Words& words) {
  app.add_option(
         "--precision", words.precision,
         "what convolutions are computed in that no fast algorithm takes, and dense layers: f32 or bf16 "
         "(default: f32)")
      ->type_name("TYPE");
}

void add_arithmetic(CLI::App& app, Words& words) {
  add_floats(app, words);
  add_quantization(app, words);
}

void add_precision(CLI::App& app, Words& words) {
  add_weights(app, words);
  app.add_option("--weights-type", words.weights_type,
                 "what weights of dense layers are rounded to: f32, f16, bf16 or s8 (default: f32)")
      ->type_name("TYPE");
  add_arithmetic(app, words);
}

void add_target(CLI::App& app, Words& words) {
  std::vector<std::string> names = target_names();
  names.emplace_back("host");
  app.add_option("--target", words.target, "instruction set: " + one_of(names) + " (default: host)")
      ->type_name("ISA");
}

void add_targets(CLI::App& app, Words& words, const std::string& standard) {
  app.add_option(
         "--target", words.target,
         one_of(target_names()) + ", several with commas between, or host (default: " + standard + ")")
      ->type_name("ISA");
}

void add_system(CLI::App& app, Words& words) {
  app.add_option("--system", words.system,
                 "where the library runs: " + one_of(system_names()) + " (default: the targets' own)")
      ->type_name("NAME");
}

void add_jobs(CLI::App& app, Words& words) {
  app.add_option("--jobs", words.jobs, "kernels compiled at a time (default: one a processor)")
      ->type_name("N");
}

void add_compilation(CLI::App& app, Words& words) {
  add_jobs(app, words);
  app.add_flag("--no-cache", words.no_cache, "compile every kernel anew, and keep none");
}

void add_batch(CLI::App& app, Words& words) {
  app.add_option("--batch", words.batch,
                 "images that a run computes together (default: 1, or what an ONNX model fixes)")
      ->type_name("N");
}

void add_schedule(CLI::App& app, Words& words) {
  app.add_option("--schedule", words.schedules,
                 "a file of schedules, which overrides cnnc's own; 'default': without those; may be repeated")
      ->type_name("FILE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_threads(CLI::App& app, Words& words) {
  app.add_option("--threads", words.threads, "that a run uses (default: 1)")->type_name("N");
}

void add_runner(CLI::App& app, Words& words) {
  app.add_option(
         "--runner", words.runner,
         "runs what is compiled elsewhere: as COMMAND PROGRAM, such as 'qemu-aarch64' (docs/targets.md)")
      ->type_name("COMMAND");
  add_system(app, words);
}

void add_algorithm(CLI::App& app, Words& words) {
  app.add_option("--algorithm", words.algorithm,
                 "auto, or direct: no convolution by Winograd's transforms (default: auto)")
      ->type_name("NAME");
}

void add_pictures(CLI::App& app, Words& words) {
  app.add_option("--mean", words.mean,
                 "taken from pixels, which are 0 to 1: 0.5, or one a channel (default: 0)")
      ->type_name("NUMBERS");
  app.add_option("--deviation", words.deviation, "what pixels are divided by then (default: 1)")
      ->type_name("NUMBERS");
  app.add_option("--resize", words.resize,
                 "crop: the middle of a picture; fit: all of it, with grey around; stretch (default: crop)")
      ->type_name("WAY");
  app.add_flag("--bgr", words.bgr, "the network reads blue, green, red");
}

void add_labels(CLI::App& app, Words& words) {
  app.add_option("--labels", words.labels, "a text with a label a line, for the elements of a vector")
      ->type_name("FILE");
}

void add_shown(CLI::App& app, Words& words) {
  add_weights(app, words);
  add_onnx(app, words, "FILE",
           "what the network reads: a picture (PNG, JPEG, BMP) or an array (.npy, .safetensors); or a tensor "
           "of an ONNX model to be an input");
  add_labels(app, words);
  add_pictures(app, words);
  add_compilation(app, words);
}

}  // namespace cnnc
