// The names of statements: scopes, numbering, and finding a tensor by its name.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "elaborate/state.h"

namespace cnnc::elaboration {

// The longest full name, in bytes: names are copied for every statement.
constexpr size_t kNameBytes = 1024;

// The inside of a block call, a group, a shortcut, or a residual, gate or concat that has a name or a number.
struct Scope {
  std::string path;       // layer1.0; "" for the file itself
  bool numbered = false;  // statements without a name are numbered, as in a group
  int next_number = 0;
  std::map<std::string, int, std::less<>> counts;  // of the statements of each kind
};

// "layer1.0" and "conv1" → "layer1.0.conv1"
std::string join_path(std::string_view path, std::string_view name);

// Names a statement of a kind ("conv", "basic"), counts it, and returns its full name. The name is `as`, or
// the statement's number, or its kind and the count. A name that is taken is reported.
std::string name_statement(State& state, Scope& scope, std::string_view kind,
                           const std::optional<ast::Name>& as, Span statement);

// Takes a name within a scope, where none is given by a statement's kind. `where` is what is named.
std::string take_name(State& state, const Scope& scope, const std::string& name, Span where);

// From here on the full name names the tensor.
void define(State& state, const std::string& full_name, Tensor tensor);

// The full name and tensor that a name means in a scope: the innermost scope first, then outward. Reports one
// that is not there, or whose statement has not ended.
struct Found {
  std::string full_name;
  Tensor tensor;
};
Found find_tensor(State& state, const Scope& scope, const ast::Name& name);

}  // namespace cnnc::elaboration
