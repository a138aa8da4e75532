// The command line as a value: what the user asks for, checked as far as it can be without opening a file.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "emit/kernels/kernel_cache.h"
#include "graph/element_type.h"
#include "graph/pixels.h"
#include "onnx/import/translate_options.h"
#include "quantize/quantization.h"
#include "target/target.h"

namespace cnnc {

// --weights FILE.safetensors, --weights random:SEED, or none.
struct WeightsFile {
  std::string path;
};
struct RandomWeights {
  uint64_t seed = 0;
};
using Weights = std::variant<std::monostate, WeightsFile, RandomWeights>;

// --emit: the value between two stages that is printed in place of a library.
enum class Emit { ast, graph, passes, schedule, plan, stmt, llvm, assembly };

// What becomes of a picture where the network's text does not say it: its levels by 255, then (value - mean)
// / deviation, one of each for a channel or for all; the channels red, green, blue, or in the reverse order.
struct PictureOptions {
  std::optional<Resize> resize;         // crop
  std::vector<double> mean, deviation;  // 0 and 1
  bool bgr = false;
};

// What a library is for: the instruction sets of --target, none of which is this machine's best; or, without
// --target, all of this machine's architecture.
struct LibraryTargets {
  std::vector<Isa> isas;
  bool all = false;
  const System* system = nullptr;  // of --system; null: the targets' own
};

// In all of these `model` is a path, or "-" for the standard input; `onnx` is what the command line says of
// an ONNX model; an empty target is this machine's, and so is an empty list of them, else the best first; an
// empty number of images what the model says, an empty cache none; `threads` is what a run will have, or has;
// `runner` is the command that runs compiled code, empty where this process does.
struct CompileOptions {
  std::string model;
  onnx::TranslateOptions onnx;
  std::optional<std::string> output;
  Weights weights;
  ElementType weights_type = ElementType::float32;  // --weights-type
  bool bfloat16 = false;                            // --precision bf16
  std::optional<std::string> quantization;          // --quantize
  LibraryTargets targets;
  int jobs = 1;
  std::optional<KernelCache> cache;
  std::optional<std::string> header, weights_file, depfile, pkg_config;
  std::optional<std::string> npm;  // a folder
  bool python = false;             // --bindings python
  bool check_finite = false;
  std::optional<Emit> emit;
  bool trace = false;
  bool allow_winograd = true;          // --algorithm auto; false: direct
  std::optional<int64_t> images;       // --batch
  std::vector<std::string> schedules;  // --schedule
  int threads = 1;
};

struct ImportOptions {
  std::string model;
  onnx::TranslateOptions onnx;
  std::optional<std::string> output;
};

struct CheckOptions {
  std::string model;
  onnx::TranslateOptions onnx;
  Weights weights;
};

struct SummaryOptions {
  std::string model;
  onnx::TranslateOptions onnx;
  LibraryTargets targets;
  bool bfloat16 = false;                    // --precision bf16
  std::optional<std::string> quantization;  // --quantize
  std::vector<std::string> schedules;       // --schedule
  bool expand = false, formulas = false, json = false;
};

struct ExplainOptions {
  std::string model, layer;
  onnx::TranslateOptions onnx;
  std::optional<Isa> target;
  bool bfloat16 = false;                    // --precision bf16
  std::optional<std::string> quantization;  // --quantize
  std::vector<std::string> schedules;       // --schedule
  int threads = 1;
  bool measure = false;
  int jobs = 1;
  std::optional<KernelCache> cache;
};

// A file that a network is run on to show what it makes of it.
struct ShownInput {
  std::string path;
  PictureOptions pictures;
  std::optional<std::string> labels;  // none: those of the text
  int jobs = 1;
  std::optional<KernelCache> cache;
};

// --what: the layers, the workspace over a run, what of the input each layer sees, the filters of a layer, or
// what the network makes of an input.
enum class PlotWhat { layers, memory, field, filters, maps };

// --style: blocks as papers draw them, or a box for each layer from top to bottom.
enum class PlotStyle { volumes, graph };

struct PlotOptions {
  std::string model;
  onnx::TranslateOptions onnx;
  std::optional<std::string> output;
  PlotWhat what = PlotWhat::layers;
  PlotStyle style = PlotStyle::volumes;  // of the layers
  LibraryTargets targets;                // of the memory
  bool expand = false;
  bool bfloat16 = false;                    // --precision bf16: of the memory
  std::optional<std::string> quantization;  // --quantize: of the memory and of maps
  Weights weights;                          // of filters and maps
  std::optional<std::string> layer;         // of filters
  std::optional<ShownInput> input;          // of maps
};

struct ReportOptions {
  std::string model;
  onnx::TranslateOptions onnx;
  std::optional<std::string> output;
  LibraryTargets targets;
  bool bfloat16 = false;                    // --precision bf16
  std::optional<std::string> quantization;  // --quantize
  Weights weights;
  std::optional<ShownInput> input;
  bool measure = false, date = false;
  int jobs = 1;
  std::optional<KernelCache> cache;
  std::string command;  // as it was written, without what changes nothing of the page
};

struct FmtOptions {
  std::string model;
  bool in_place = false, check = false;
};

struct VerifyOptions {
  std::string model;
  onnx::TranslateOptions onnx;
  Weights weights;
  ElementType weights_type = ElementType::float32;  // --weights-type
  bool bfloat16 = false;                            // --precision bf16
  std::optional<std::string> quantization;          // --quantize
  uint64_t seed = 1;                                // of the input
  std::vector<Isa> targets;
  int jobs = 1;
  std::optional<KernelCache> cache;
  bool allow_winograd = true;
  std::optional<int64_t> images;
  std::vector<std::string> schedules;  // --schedule
  int threads = 1;
  std::optional<std::string> runner;
  const System* system = nullptr;  // of --system, which wants a runner; null: the targets' own
};

struct RunOptions {
  std::string model;
  onnx::TranslateOptions onnx;
  Weights weights;
  ElementType weights_type = ElementType::float32;  // --weights-type
  bool bfloat16 = false;                            // --precision bf16
  std::optional<std::string> quantization;          // --quantize
  std::vector<std::string> files;                   // one an input, for each run
  size_t top = 5;                                   // elements of a vector that are shown
  std::optional<std::string> labels, output;
  PictureOptions pictures;
  bool time = false;
  int jobs = 1;
  std::optional<KernelCache> cache;
  int threads = 1;
};

struct ExportOptions {
  std::string model;
  onnx::TranslateOptions onnx;
  std::optional<std::string> output;
  Weights weights;
  std::optional<std::string> quantization;  // --quantize
};

struct BenchOptions {
  std::string model;
  onnx::TranslateOptions onnx;
  Weights weights;                                  // none: random ones
  ElementType weights_type = ElementType::float32;  // --weights-type
  bool bfloat16 = false;                            // --precision bf16
  std::optional<std::string> quantization;          // --quantize
  std::optional<Isa> target;
  int jobs = 1;
  std::optional<KernelCache> cache;
  std::optional<int64_t> images;
  int threads = 1;
  std::optional<std::string> runner;
  const System* system = nullptr;                 // of --system, which wants a runner; null: the targets' own
  double seconds = 2;                             // to measure each schedule for, at least
  std::vector<std::string> compared = {"tuned"};  // --schedules
  double limit = 60;                              // seconds that an autoscheduler may take for a kernel
  std::optional<std::string> json, html;          // files for the report
  std::vector<std::string> schedules;             // --schedule
  bool simulate = false;                          // --simulate
};

// --shard 2/5: of five parts of the work the second.
struct Shard {
  size_t number = 1, count = 1;
};

struct TuneOptions {
  std::string model;
  onnx::TranslateOptions onnx;
  std::optional<std::string> output;
  bool bfloat16 = false;                    // --precision bf16
  std::optional<std::string> quantization;  // --quantize
  std::vector<Isa> targets;                 // several: for a library for these
  int jobs = 1;
  std::optional<int64_t> images;
  int threads = 1;
  double seconds = 600;  // --budget
  std::optional<std::string> runner;
  const System* system = nullptr;  // of --system, which wants a runner; null: the targets' own
  Shard shard;
  std::vector<std::string> merged;  // --merge: these files, and there is no model
};

struct QuantizeOptions {
  std::string model;
  onnx::TranslateOptions onnx;
  std::optional<std::string> output;
  Weights weights;
  std::vector<std::string> data;  // --calibrate: files and folders
  std::vector<std::string> test;  // --test: likewise; none: what is lost is measured on `data`
  PictureOptions pictures;
  RangeMethod method;
  int weight_bits = 8;
  bool equalise = true, correct_bias = true;
  ElementType inputs = ElementType::float32, outputs = ElementType::float32;  // of the library
  size_t keep_float = 0;             // so many layers, the worst ones
  std::optional<double> least_sqnr;  // dB: more of them, until each output has so much
  int jobs = 1;
  std::optional<KernelCache> cache;
  int threads = 1;
};

// --help and --version; exit code 2 where the help is an answer to an empty command line.
struct ShowText {
  std::string text;
  int exit_code = 0;
};

using Command = std::variant<ShowText, CompileOptions, ImportOptions, ExportOptions, CheckOptions,
                             SummaryOptions, ExplainOptions, PlotOptions, ReportOptions, FmtOptions,
                             VerifyOptions, RunOptions, BenchOptions, TuneOptions, QuantizeOptions>;

// The command line is wrong: exit code 2.
struct UsageError {
  std::string message;
};

}  // namespace cnnc
