// What elaboration carries along: the graph so far, the names given, the blocks known, and how much was
// expanded.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "support/diagnostics.h"
#include "support/source.h"
#include "syntax/ast.h"

namespace cnnc::elaboration {

// The values of a block's parameters.
using Environment = std::map<std::string, int64_t, std::less<>>;

// What a statement takes and leaves: the result of a node; or nothing, above the first input; or, after an
// error that was reported, something of which no more is known and about which no more is said.
struct Tensor {
  enum class State { absent, unknown, known };
  State state = State::absent;
  NodeId node = -1;
};
inline Tensor known(NodeId node) {
  return {Tensor::State::known, node};
}
inline Tensor unknown() {
  return {Tensor::State::unknown, -1};
}
inline bool is_known(Tensor tensor) {
  return tensor.state == Tensor::State::known;
}

// A name that was given to a statement: its tensor once the statement's end is reached.
struct NamedTensor {
  Tensor tensor;
  Span where;  // the statement or, if it is written, the name
  bool finished = false;
};

// The blocks being expanded, innermost last; the first is the file itself.
struct Frame {
  const ast::Block* block = nullptr;
  Span call;
  size_t visible_blocks = 0;  // the blocks above this one's definition
  Environment parameters;
};

struct NetworkOutput {
  std::string name;
  Tensor tensor;
  Span where;
};

struct InterfaceName {
  std::string name;
  Span where;
};

struct State {
  const Source& source;
  Diagnostics& diagnostics;
  Graph graph = {};
  std::map<std::string, NamedTensor, std::less<>> names = {};  // by full name: layer1.0.conv1
  std::vector<const ast::Block*> blocks = {};                  // in the order of their definitions
  std::map<std::string, size_t, std::less<>> block_numbers = {};
  std::vector<Frame> frames = {};
  std::vector<NetworkOutput> outputs = {};
  std::map<std::string, InterfaceName> interface_names = {};  // of inputs and outputs, by lower case
  int64_t statements = 0, evaluations = 0, nesting = 0;
  Span top_statement = {};  // the one of the file itself that is being expanded
  bool stopped = false;     // a limit is reached, or there are errors enough
};

// Reports an error, with the call that led there in its hint. The same at the same place again (the next turn
// of a repeat) is not said twice.
void error(State& state, Span where, const std::string& message, const std::string& hint = "");

// Whether an error was reported at a place: what is costly to say need not be made up again.
bool is_reported(const State& state, Span where);

// Reports that a limit is reached, and stops. A limit of the whole expansion is reported at
// state.top_statement: the statement of the file that leads there.
void stop(State& state, Span where, const std::string& message, const std::string& hint = "");

// The text at a place as it was written, shortened for use in a message.
std::string text_at(const State& state, Span where);

// "line 12"
std::string line_of(const State& state, Span where);

// "stride, pad and bias"
std::string list_of(const std::vector<std::string>& words);

}  // namespace cnnc::elaboration
