// The words behind options as values. All throw UsageError for a word that the option does not take; an empty
// word is an option that was not given.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "driver/options/options.h"

namespace cnnc {

// The whole number that was written for `what`.
uint64_t whole_number(const std::string& what, const std::string& word, uint64_t least, uint64_t greatest);

uint64_t seed_of(const std::string& what, const std::string& word);
Weights weights_of(const std::string& word);  // "net.safetensors", "random:1"
// --input-type, --output-type; f32 if empty
ElementType port_type_of(const std::string& option, const std::string& word);
bool is_bfloat16(const std::string& word);             // --precision; not if empty
ElementType weights_type_of(const std::string& word);  // --weights-type; f32 if empty
std::optional<Isa> target_of(const std::string& word, const std::string& command);  // none: this machine's
std::vector<Isa> targets_of(const std::string& word);  // "avx512,avx2", in any order; none: this machine's
// Of --system, which must go with the word of --target; null if empty: the targets' own.
const System* system_of(const std::string& word, const std::string& target);
int jobs_of(const std::string& word);                              // one a processor if empty
int threads_of(const std::string& word);                           // 1 if empty
void check_threads(int threads, const std::vector<Isa>& targets);  // throws where a target has fewer
std::optional<int64_t> images_of(const std::string& word);         // --batch
std::vector<int64_t> sizes_of(const std::string& option, const std::string& word);  // "3x640x480"
bool allow_winograd(const std::string& word);                                       // --algorithm
std::optional<Emit> emit_of(const std::string& word);
std::vector<std::string> values_of(const std::string& option);  // the words that "--target" takes; else none
std::vector<double> numbers_of(const std::string& option, const std::string& word);  // "0.485,0.456,0.406"
double decibels_of(const std::string& word);                                         // --least-sqnr
Resize resize_of(const std::string& word);
PlotWhat what_of(const std::string& word);    // layers if empty
PlotStyle style_of(const std::string& word);  // volumes if empty
std::optional<std::string> path_of(const std::string& word);
bool is_onnx(const std::string& path);     // whether it is taken for that of an ONNX model: by its suffix
bool is_picture(const std::string& path);  // likewise for that of a picture that can be read
bool is_data(const std::string& path);     // or of an array
std::vector<std::string> schedules_of(const std::string& word);  // "default,naive"
double seconds_of_budget(const std::string& word);               // "30s", "10m", "2h"
RangeMethod method_of(const std::string& word);                  // min-max if empty
Shard shard_of(const std::string& word);                         // "2/5"

}  // namespace cnnc
