// The options that several subcommands have, each in the same words.
#pragma once
#include <string>

#include "driver/options/words.h"

namespace cnnc {

void add_model(CLI::App& app, Words& words);
void add_weights(CLI::App& app, Words& words);
void add_quantization(CLI::App& app, Words& words);
void add_floats(CLI::App& app, Words& words);  // --precision

void add_arithmetic(CLI::App& app, Words& words);  // both: in what the network is computed

// Weights, and in what the network is computed.
void add_precision(CLI::App& app, Words& words);

void add_target(CLI::App& app, Words& words);
void add_targets(CLI::App& app, Words& words,
                 const std::string& standard);  // several; `standard` is said to be the default
void add_system(CLI::App& app, Words& words);   // on which it runs
void add_jobs(CLI::App& app, Words& words);
void add_compilation(CLI::App& app, Words& words);  // jobs and the cache
void add_batch(CLI::App& app, Words& words);
void add_schedule(CLI::App& app, Words& words);
void add_threads(CLI::App& app, Words& words);
void add_runner(CLI::App& app, Words& words);
void add_algorithm(CLI::App& app, Words& words);

// What is said of an ONNX model: its inputs, and which part of it is meant.
inline constexpr const char* kInputHelp =
    "a tensor of an ONNX model to be an input, whatever it is computed from; may be repeated";
void add_onnx(CLI::App& app, Words& words, const char* input_type = "NAME",
              const char* input_help = kInputHelp);

void add_pictures(CLI::App& app, Words& words);  // what becomes of pictures
void add_labels(CLI::App& app, Words& words);

// Weights, and an input, that a picture is made of.
void add_shown(CLI::App& app, Words& words);

}  // namespace cnnc
