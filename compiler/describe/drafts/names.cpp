#include "describe/drafts/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <unordered_map>

#include "describe/drafts/projection.h"
#include "describe/scopes/paths.h"
#include "describe/text/layers.h"

namespace cnnc {
namespace {

using Kind = Draft::Kind;

constexpr int kRounds = 100;

// What must be otherwise than it would be by itself, found while the statements are named; then they are
// named again.
struct Fixes {
  std::unordered_map<const Draft*, std::string> names;
  std::set<NodeId> aliases;                      // tensors that an empty group behind them gives a name
  std::unordered_map<std::string, int> clashes;  // of a full name, how many have given way
  std::vector<const Draft*> skips;               // that are called skip1, skip2, …
  bool are_new = false;
};

struct Alias {
  std::string full_name;
  bool is_automatic = false;
};

struct Scope {
  std::string path;
  bool is_numbered = false;
  int next_number = 0;
  std::map<std::string, int> counts = {};
};

struct Writer {
  const Graph& graph;
  const std::vector<std::string>& leaves;
  Fixes& fixes;
  std::unordered_map<std::string, const Draft*> taken = {};
  std::vector<std::vector<Alias>> aliases = {};  // of each tensor
  std::vector<const Draft*> makers = {};         // the statement that makes it
  std::vector<ast::Statement> blocks = {};
};

using Statements = std::vector<ast::Statement>;
Statements write(Writer& w, Scope& scope, const Drafts& drafts, NodeId current);

std::string join_path(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

template <class Kind>
ast::Statement statement(Kind kind) {
  ast::Statement result;
  result.what = std::move(kind);
  return result;
}

std::optional<ast::Name> name(std::string text) {
  return ast::Name{std::move(text), {}};
}

// A residual, gate or concat whose statements are named as if it was not there: a name would change theirs.
bool is_open(const Draft& d) {
  return !d.is_scope && (d.kind == Kind::residual || d.kind == Kind::gate || d.kind == Kind::concat);
}

void rename(Writer& w, const Draft& d, const std::string& to) {
  w.fixes.names[&d] = to;
  w.fixes.are_new = true;
}

// Takes a full name; of two that want it the one changes that no weights are called after, or the second:
// conv1_, and where more want it conv1_2.
void take(Writer& w, const Draft& d, const std::string& full_name) {
  const auto [found, is_new] = w.taken.emplace(full_name, &d);
  if (is_new) return;
  const Draft& first = *found->second;
  const bool changes_first = is_open(d) || (!is_open(first) && d.has_names && !first.has_names);
  const int clash = ++w.fixes.clashes[full_name];
  const std::string own = full_name.substr(full_name.rfind('.') + 1);
  rename(w, changes_first ? first : d, clash == 1 ? own + "_" : fmt::format("{}_{}", own, clash));
}

// What a text writes for an operator, and counts.
std::string word_of(const std::string& op) {
  return op == "concat_along" ? "concat" : op;
}

struct Given {
  std::string full_name;
  std::optional<ast::Name> as;
  bool is_automatic = false;  // by kind and count: nobody has chosen it
};

Given give_name(Writer& w, Scope& scope, const std::string& kind, const Draft& d) {
  const int number = scope.is_numbered ? scope.next_number++ : 0, count = ++scope.counts[kind];
  const std::string automatic =
      scope.is_numbered ? fmt::format("{}", number) : fmt::format("{}{}", kind, count);
  const auto fix = w.fixes.names.find(&d);
  std::string wanted = fix != w.fixes.names.end() ? fix->second : is_open(d) ? "" : d.name;
  if (is_number(wanted)) wanted.clear();
  if (wanted.empty() && d.kind == Kind::scope && !scope.is_numbered) wanted = "part";
  const bool is_wanted = !wanted.empty();
  Given given{join_path(scope.path, is_wanted ? wanted : automatic), std::nullopt,
              !is_wanted && !scope.is_numbered};
  if (is_wanted && (wanted != automatic || d.is_scope)) given.as = name(wanted);  // a scope's must be written
  take(w, d, given.full_name);
  return given;
}

void define(Writer& w, NodeId tensor, const std::string& full_name, bool is_automatic = false) {
  w.aliases[tensor].push_back({full_name, is_automatic});
}

// Whether the text means that name where it is written.
bool means(const Writer& w, std::string path, const std::string& text, const std::string& full_name) {
  while (true) {
    const std::string candidate = join_path(path, text);
    if (w.taken.count(candidate) > 0) return candidate == full_name;
    if (path.empty()) return false;
    path.resize(path.find('.') == std::string::npos ? 0 : path.rfind('.'));
  }
}

// The shortest way to write a full name there; "" if there is none.
std::string shortest(const Writer& w, std::string path, const std::string& full_name) {
  const std::string from = path;
  while (true) {
    const bool is_inside = path.empty() || full_name.compare(0, path.size() + 1, path + ".") == 0;
    if (is_inside) {
      const std::string text = path.empty() ? full_name : full_name.substr(path.size() + 1);
      if (std::isdigit(static_cast<unsigned char>(text[0])) == 0 && means(w, from, text, full_name))
        return text;
    }
    if (path.empty()) return "";
    path.resize(path.find('.') == std::string::npos ? 0 : path.rfind('.'));
  }
}

// Its own name where one was given, without the kind and number that another text has called it by.
std::string chosen_name(const Writer& w, NodeId tensor) {
  const std::string& leaf = w.leaves[tensor];
  std::string kind = leaf.substr(0, leaf.find_last_not_of("0123456789") + 1);
  const bool is_automatic =
      kind.empty() || kind == word_of(w.graph.nodes[tensor].op) || kind == "residual" || kind == "gate";
  if (!is_automatic) return leaf;
  w.fixes.skips.push_back(w.makers[tensor]);
  return fmt::format("skip{}", w.fixes.skips.size());
}

// How the tensor is meant there. Where it has no name but kind and number, it gets one: `wanted`, or "": its
// own, or skip1.
std::string reference(Writer& w, const Scope& scope, NodeId tensor, const std::string& wanted = "") {
  std::string best;
  bool best_is_automatic = true;
  for (const Alias& alias : w.aliases[tensor]) {
    const std::string text = shortest(w, scope.path, alias.full_name);
    const bool is_better = best.empty() || (best_is_automatic && !alias.is_automatic) ||
                           (best_is_automatic == alias.is_automatic && text.size() < best.size());
    if (text.empty() || !is_better) continue;
    best = text;
    best_is_automatic = alias.is_automatic;
  }
  const Draft* maker = w.makers[tensor];
  const bool can_be_named = maker && !is_open(*maker) && !maker->has_names && w.fixes.names.count(maker) == 0;
  if ((best.empty() || best_is_automatic) && can_be_named) {
    rename(w, *maker, wanted.empty() ? chosen_name(w, tensor) : wanted);
  } else if (best.empty()) {
    w.fixes.are_new |= w.fixes.aliases.insert(tensor).second;
  }
  return best.empty() ? "unknown" : best;
}

ast::Body body_of(Statements statements) {
  ast::Body body;
  body.statements = std::move(statements);
  return body;
}

ast::Layer layer(Writer& w, const Scope&, const Draft& d) {
  return layer_of(w.graph.nodes[d.node]);
}

ast::Join join(Writer& w, const Scope& scope, const Draft& d) {
  ast::Join join;
  const Node& node = w.graph.nodes[d.node];
  join.op.text = word_of(node.op);
  join.arguments = layer_of(node).arguments;
  for (const NodeId other : d.others) join.others.push_back({reference(w, scope, other), {}});
  return join;
}

ast::Input input(const Node& node, const std::string& called) {
  ast::Input input;
  input.name.text = called;
  input.shape = shape_argument(node.shape);
  if (node.pixels) input.pixels = pixel_arguments(*node.pixels);
  return input;
}

ast::Shortcut shortcut(Writer& w, Scope& scope, const Draft& d) {
  ast::Shortcut shortcut;
  int& count = scope.counts["shortcut"];
  const std::string automatic = count == 0 ? "shortcut" : fmt::format("shortcut{}", count + 1);
  const bool is_named =
      !d.shortcut_name.empty() && !is_number(d.shortcut_name) && d.shortcut_name != automatic;
  const std::string called = is_named ? d.shortcut_name : automatic;
  if (is_named)
    shortcut.as = name(called);
  else
    ++count;
  Scope inside{join_path(scope.path, called), true};
  take(w, d, inside.path);
  Statements statements = write(w, inside, d.bodies[1], d.entry);
  if (!d.bodies[1].empty()) define(w, d.bodies[1].back().exit, inside.path);
  if (!is_projection(w.graph, d)) shortcut.body = body_of(std::move(statements));
  return shortcut;
}

ast::Statement residual(Writer& w, Scope& scope, const Draft& d) {
  ast::Residual residual;
  residual.body = body_of(write(w, scope, d.bodies[0], d.entry));
  if (d.bodies.size() > 1) residual.shortcut = shortcut(w, scope, d);
  return statement(std::move(residual));
}

ast::Statement concat(Writer& w, Scope& scope, const Draft& d) {
  ast::Concat concat;
  for (const Drafts& body : d.bodies) {
    ast::Branch branch;
    branch.body = body_of(write(w, scope, body, d.entry));
    concat.branches.push_back(std::move(branch));
  }
  return statement(std::move(concat));
}

// A residual, gate or concat.
ast::Statement with_bodies(Writer& w, Scope& scope, const Draft& d) {
  const std::string kind = d.kind == Kind::residual ? "residual" : d.kind == Kind::gate ? "gate" : "concat";
  const bool opens = d.is_scope || scope.is_numbered || w.fixes.names.count(&d) > 0;
  const Given given = give_name(w, scope, kind, d);
  Scope own{given.full_name};
  Scope& inside = opens ? own : scope;
  ast::Statement result = d.kind == Kind::residual ? residual(w, inside, d)
                          : d.kind == Kind::concat
                              ? concat(w, inside, d)
                              : statement(ast::Gate{body_of(write(w, inside, d.bodies[0], d.entry))});
  result.as = given.as;
  define(w, d.exit, given.full_name, given.is_automatic);
  return result;
}

ast::Statement group(Writer& w, Scope& scope, const Draft& d) {
  const Given given = give_name(w, scope, "group", d);
  Scope inside{given.full_name, true};
  ast::Group group;
  group.body = body_of(write(w, inside, d.bodies[0], d.entry));
  if (const std::string own = given.full_name.substr(given.full_name.rfind('.') + 1); !is_number(own))
    group.name = name(own);
  define(w, d.exit, given.full_name);
  return statement(std::move(group));
}

ast::Statement block(Writer& w, Scope& scope, const Draft& d) {
  const Given given = give_name(w, scope, "block", d);
  Scope inside{given.full_name};
  ast::Block block;
  block.body = body_of(write(w, inside, d.bodies[0], d.entry));
  block.name.text = fmt::format("block{}", w.blocks.size() + 1);
  ast::Call call;
  call.block = block.name;
  w.blocks.push_back(statement(std::move(block)));
  ast::Statement result = statement(std::move(call));
  const std::string own = given.full_name.substr(given.full_name.rfind('.') + 1);
  if (!is_number(own)) result.as = name(own);
  define(w, d.exit, given.full_name);
  return result;
}

ast::Statement line(Writer& w, Scope& scope, const Draft& d) {
  const Node& node = w.graph.nodes[d.node];
  if (d.kind == Kind::input) {
    const auto fix = w.fixes.names.find(&d);
    const std::string called = fix == w.fixes.names.end() ? d.name : fix->second;
    take(w, d, called);
    define(w, d.exit, called);
    return statement(input(node, called));
  }
  ast::Statement result = d.kind == Kind::join ? statement(join(w, scope, d)) : statement(layer(w, scope, d));
  const Given given = give_name(w, scope, word_of(node.op), d);
  result.as = given.as;
  define(w, d.exit, given.full_name, given.is_automatic);
  return result;
}

Statements write(Writer& w, Scope& scope, const Drafts& drafts, NodeId current) {
  Statements result;
  for (const Draft& d : drafts) {
    if (d.kind != Kind::input && d.entry != current)
      result.push_back(statement(ast::From{{reference(w, scope, d.entry), {}}}));
    if (d.kind != Kind::scope) w.makers[d.node] = &d;
    result.push_back(d.kind == Kind::scope ? (d.is_numbered ? group(w, scope, d) : block(w, scope, d))
                     : d.bodies.empty()    ? line(w, scope, d)
                                           : with_bodies(w, scope, d));
    current = d.exit;
    if (w.fixes.aliases.count(current) == 0 || w.makers[current] != &d) continue;
    ast::Group alias;
    alias.name = name(fmt::format("tensor{}", current));
    w.taken.emplace(join_path(scope.path, alias.name->text), &d);
    define(w, current, join_path(scope.path, alias.name->text));
    if (scope.is_numbered) ++scope.next_number;
    result.push_back(statement(std::move(alias)));
  }
  return result;
}

std::string with_underscores(std::string text) {
  std::replace(text.begin(), text.end(), '.', '_');
  return text;
}

// What the network puts out, unless it is the last tensor and called as that is by itself.
Statements outputs(Writer& w, NodeId current) {
  Statements result;
  const auto& all = w.graph.outputs;
  if (all.size() == 1 && all[0].node == current && all[0].name == "output") return result;
  for (const GraphOutput& o : all) {
    ast::Output output;
    std::string called = "output";
    if (o.node != current) {
      output.tensor = name(reference(w, {}, o.node, o.name));
      called = with_underscores(output.tensor->text);
    }
    result.push_back(statement(std::move(output)));
    if (called != o.name) result.back().as = name(o.name);
  }
  return result;
}

ast::File written(const Graph& graph, const Drafts& drafts, const std::vector<std::string>& leaves,
                  Fixes& fixes) {
  Writer w{graph, leaves, fixes};
  w.aliases.resize(graph.nodes.size());
  w.makers.resize(graph.nodes.size());
  Scope top;
  Statements statements = write(w, top, drafts, Draft::kNone);
  for (ast::Statement& output : outputs(w, drafts.back().exit)) statements.push_back(std::move(output));
  ast::File file;
  file.network = name(graph.name);
  const auto is_input = [](const ast::Statement& s) { return std::holds_alternative<ast::Input>(s.what); };
  const auto body = std::find_if_not(statements.begin(), statements.end(), is_input);
  statements.insert(body, w.blocks.begin(), w.blocks.end());
  file.statements = std::move(statements);
  return file;
}

// The drafts of which names are given, in the order in which they stand in the text.
void list_in_order(const Drafts& drafts, const std::set<const Draft*>& wanted,
                   std::vector<const Draft*>& list) {
  for (const Draft& d : drafts) {
    for (const Drafts& body : d.bodies) list_in_order(body, wanted, list);
    if (wanted.count(&d) > 0) list.push_back(&d);
  }
}

// The first that stands in the text is skip1, the next skip2: they were found where they are read.
void put_skips_in_order(Fixes& fixes, const Drafts& drafts) {
  std::vector<std::string> names;
  for (const Draft* d : fixes.skips) names.push_back(fixes.names.at(d));
  std::vector<const Draft*> list;
  list_in_order(drafts, {fixes.skips.begin(), fixes.skips.end()}, list);
  for (size_t i = 0; i < list.size(); ++i) fixes.names[list[i]] = names[i];
  fixes.skips.clear();
}

}  // namespace

ast::File named(const Graph& graph, const Drafts& drafts, const std::vector<std::string>& leaves) {
  Fixes fixes;
  for (int round = 0; round < kRounds; ++round) {
    fixes.are_new = false;
    ast::File file = written(graph, drafts, leaves, fixes);
    if (fixes.are_new) continue;
    if (fixes.skips.empty()) return file;
    put_skips_in_order(fixes, drafts);
  }
  throw std::logic_error("no names are found with which the network's tensors can be told apart");
}

}  // namespace cnnc
