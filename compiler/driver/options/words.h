// The options of the command and of each subcommand, and the words that are written for them.
#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace cnnc {

// The words of the command line, as they were written.
struct Words {
  std::string model, output, weights, target, jobs, weights_file, emit, seed, algorithm, batch, threads,
      seconds, budget, shard, compared, limit, json, html, header, depfile, pkg_config, npm, bindings, top,
      labels, mean, deviation, resize, runner, quantization, method, weight_bits, keep_float, least_sqnr,
      style, what, weights_type, precision, input_type, output_type, layer, command, system;
  std::vector<std::string> shapes, inputs, outputs, schedules, merged, files, data, test;
  bool trace = false, expand = false, in_place = false, check = false, no_cache = false, check_finite = false,
       bgr = false, time = false, no_equalise = false, no_correct_bias = false, formulas = false,
       as_json = false, date = false, measure = false, fold_pixels = false, simulate = false;
};

// Gives the app its name, options and subcommands; parsing fills `words`, which must outlive it.
void add_options(CLI::App& app, Words& words);

}  // namespace cnnc
