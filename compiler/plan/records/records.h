// Records: which schedule a problem has, for an instruction set and a number of threads, as lines of text.
//
//   cnnc schedules 1
//   conv 64x56x56/16 -> 64x56x56/16 filter 1x1 stride 1x1 pad 0,0,0,0 | f32 avx512 threads 1 |
//     conv_blocked blocks 2 chunk 0 rows_outer 0 x 14 y 1 | 187.2 us of 204.9     (all of it one line)
//
// The first line says the version. A record is the problem (plan/choose/space.h); type, instruction set and
// threads; the family and its numbers; and, if it was measured, its time and the analytic default's, in
// microseconds. Empty lines and what follows a # count for nothing.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "plan/plan.h"
#include "support/diagnostics.h"
#include "support/source.h"

namespace cnnc {

struct RecordKey {
  std::string problem;
  Isa isa{};
  int threads = 1;
  friend bool operator<(const RecordKey& a, const RecordKey& b) {
    const auto in_order = [](const RecordKey& key) {
      return std::make_tuple(std::string_view(key.problem), static_cast<int>(key.isa), key.threads);
    };
    return in_order(a) < in_order(b);
  }
};

// Microseconds of a run of the kernel alone, measured in alternation.
struct Figures {
  double tuned = 0, standard = 0;  // the record's schedule; the analytic default
};

struct Record {
  Choice choice;  // with some or all numbers of its family
  std::optional<Figures> figures;
  uint32_t line = 0;  // of the file that it comes from
};

using Records = std::map<RecordKey, Record>;

// Empty if anything is wrong. What a record says of a problem is not checked against any network.
std::optional<Records> parse_records(const Source& source, Diagnostics& diagnostics);

// In the order of the keys; the same records give the same text.
std::string to_string(const Records& records);

// The choices for that instruction set: of a problem's records the one for the most threads up to so many.
Choices choices_of(const Records& records, Isa isa, int threads);

// The kernels of a plan that have a schedule, as records without figures: the text to start from where one
// wants to write schedules by hand.
Records records_of(const Plan& plan, int threads);

// Those of both. Of two for one key the one with the greater gain over the default; of equals, the first's.
Records merge(Records first, const Records& second);

}  // namespace cnnc
