// The limits of the language, in one place; docs/language.md lists them. Over a limit is a located error. And
// those of files of schedules (docs/schedules.md), of quantisations (docs/quantization.md), and of diagrams
// (docs/pictures.md).
#pragma once
#include <cstdint>

namespace cnnc::limits {

constexpr int64_t kSourceBytes = 1 << 20;         // a source file
constexpr int64_t kNesting = 64;                  // bodies inside bodies, parentheses, calls inside calls
constexpr int64_t kStatements = 20000;            // after blocks and repeats are expanded
constexpr int64_t kElements = int64_t{1} << 31;   // of one tensor or parameter; also one attribute
constexpr int64_t kRank = 6;                      // sizes of one tensor
constexpr int64_t kOperands = 128;                // tensors of one add or multiply
constexpr int64_t kFilterSlices = 128;            // of the filter of a conv3d or upconv3d
constexpr int64_t kImages = 4096;                 // of a batch
constexpr int64_t kIntegers = int64_t{1} << 31;   // a literal or the value of an expression, less one
constexpr int64_t kScheduleBytes = 16 << 20;      // a file of schedules
constexpr int64_t kQuantizationBytes = 16 << 20;  // a quantisation
constexpr int64_t kDrawnRows = 1 << 19;           // past which the edges of a diagram lead, in all
constexpr int64_t kThreads = 256;                 // of a run

}  // namespace cnnc::limits
