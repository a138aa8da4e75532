#include "describe/forms/blocks.h"

#include <algorithm>
#include <map>

#include "describe/forms/parameters.h"
#include "describe/forms/repeats.h"
#include "describe/forms/shortcuts.h"
#include "describe/forms/titles.h"
#include "describe/text/visit.h"

namespace cnnc {
namespace {

using Statements = std::vector<ast::Statement>;

// What a block that is called once has become: a call of which block, with which arguments.
struct Sharing {
  std::map<std::string, ast::Call> calls = {};                 // by the block's old name
  std::map<std::string, std::vector<std::string>> names = {};  // of the calls of each old block
  std::map<std::string, int> heights = {};                     // calls inside calls
  Titles titles = {};
  Statements definitions = {};
};

ast::Block& block_of(ast::Statement& s) {
  return std::get<ast::Block>(s.what);
}

int height_of(Sharing& sharing, ast::Block& block) {
  int height = 0;
  for_each_statement(block.body.statements, [&](ast::Statement& s) {
    const auto* call = std::get_if<ast::Call>(&s.what);
    if (!call) return;
    height = std::max(height, sharing.heights.at(call->block.text) + 1);
    sharing.names[call->block.text].push_back(s.as ? s.as->text : "");
  });
  return height;
}

// A call that would be called as it is by itself needs no name. `counts` are the calls of each block in the
// scope so far.
void drop_names(Statements& statements, Naming naming, std::map<std::string, int>& counts) {
  for (ast::Statement& s : statements) {
    if (const auto* call = std::get_if<ast::Call>(&s.what)) {
      const std::string automatic = call->block.text + std::to_string(++counts[call->block.text]);
      if (naming == Naming::by_kind && s.as && s.as->text == automatic) s.as.reset();
    }
    const bool is_group = std::holds_alternative<ast::Group>(s.what);
    const bool is_open = !s.as && naming == Naming::by_kind && !is_group;
    size_t index = 0;
    for (ast::Body* body : bodies_of(s)) {
      const bool is_shortcut = std::holds_alternative<ast::Residual>(s.what) && index++ == 1;
      std::map<std::string, int> own;
      drop_names(body->statements, is_group || is_shortcut ? Naming::by_number : Naming::by_kind,
                 is_open && !is_shortcut ? counts : own);
    }
  }
}

// Calls of what the blocks have become.
void rewrite_calls(const Sharing& sharing, Statements& statements) {
  for_each_statement(statements, [&](ast::Statement& s) {
    auto* call = std::get_if<ast::Call>(&s.what);
    if (call) *call = sharing.calls.at(call->block.text);
  });
  std::map<std::string, int> counts;
  drop_names(statements, Naming::by_kind, counts);
}

// The bodies in terms of the blocks that are shared so far.
void rewrite(const Sharing& sharing, const std::vector<Statements*>& bodies) {
  for (Statements* body : bodies) rewrite_calls(sharing, *body);
  make_shortcuts_uniform(bodies);
  for (Statements* body : bodies) write_repeats(*body, Naming::by_kind);
}

// A block's numbers.
struct Numbers {
  std::vector<Role> roles;
  std::vector<ast::Expression> values;
};

Numbers numbers_of(ast::Block& block) {
  Numbers numbers;
  for_each_slot(block.body.statements, [&](ast::Expression& e, const Role& role) {
    numbers.values.push_back(e);
    numbers.roles.push_back(role);
  });
  return numbers;
}

// The dilation along the axis of a padding, which stands behind it.
int64_t dilation_of(const Numbers& numbers, size_t pad) {
  const Role& role = numbers.roles[pad];
  for (size_t i = pad; i < numbers.roles.size() && numbers.roles[i].statement == role.statement; ++i)
    if (numbers.roles[i].name == "dilation" && numbers.roles[i].axis == role.axis)
      return numbers.values[i].integer;
  return 1;
}

// Whether all layers keep the size of a map, or would with a stride of 1: padding is half the filter, with
// its dilation.
bool keeps_size(const Numbers& numbers) {
  for (size_t pad = 0; pad < numbers.roles.size(); ++pad) {
    const Role& role = numbers.roles[pad];
    if (role.name != "pad") continue;
    for (size_t filter = 0; filter < pad; ++filter) {
      const Role& other = numbers.roles[filter];
      if (other.name != "filter" || other.statement != role.statement || other.axis != role.axis) continue;
      const int64_t half = numbers.values[filter].integer / 2 * dilation_of(numbers, pad);
      if (half != numbers.values[pad].integer) return false;
    }
  }
  return true;
}

bool has_padding(const Template& shared) {
  return std::any_of(shared.parameters.begin(), shared.parameters.end(),
                     [](const ast::BlockParameter& p) { return p.name.text.compare(0, 3, "pad") == 0; });
}

// One definition for blocks of one form, or one for those that keep the size of a map and one for the others.
void share(Sharing& sharing, const std::vector<ast::Block*>& blocks) {
  std::vector<Role> roles;
  std::vector<std::vector<ast::Expression>> pieces;
  std::vector<std::string> names;
  std::vector<ast::Block*> keep, change;
  for (ast::Block* block : blocks) {
    Numbers numbers = numbers_of(*block);
    (keeps_size(numbers) ? keep : change).push_back(block);
    roles = std::move(numbers.roles);
    pieces.push_back(std::move(numbers.values));
    for (const std::string& name : sharing.names[block->name.text]) names.push_back(name);
  }
  Template shared = template_of(roles, pieces);
  if (has_padding(shared) && !keep.empty() && !change.empty()) {
    share(sharing, keep);
    return share(sharing, change);
  }
  ast::Block block;
  block.name.text = title_of_block(sharing.titles, blocks[0]->body.statements, names);
  block.parameters = shared.parameters;
  block.body = blocks[0]->body;
  size_t slot = 0;
  for_each_slot(block.body.statements, [&](ast::Expression& e, const Role&) { e = shared.slots[slot++]; });
  for (size_t i = 0; i < blocks.size(); ++i) {
    ast::Call call{block.name, {}, {}};
    for (size_t p = 0; p < block.parameters.size(); ++p)
      call.arguments.push_back({block.parameters[p].name, shared.arguments[i][p]});
    sharing.calls[blocks[i]->name.text] = std::move(call);
  }
  ast::Statement definition;
  definition.what = std::move(block);
  sharing.definitions.push_back(std::move(definition));
}

}  // namespace

ast::File with_shared_blocks(ast::File file) {
  Sharing sharing;
  std::vector<std::vector<ast::Block*>> levels;
  Statements rest;
  for (ast::Statement& s : file.statements) {
    if (!std::holds_alternative<ast::Block>(s.what)) {
      rest.push_back(s);
      continue;
    }
    const int height = height_of(sharing, block_of(s));
    sharing.heights[block_of(s).name.text] = height;
    if (levels.size() <= static_cast<size_t>(height)) levels.resize(height + 1);
    levels[height].push_back(&block_of(s));
  }
  for_each_statement(rest, [&](ast::Statement& s) {
    if (const auto* call = std::get_if<ast::Call>(&s.what))
      sharing.names[call->block.text].push_back(s.as ? s.as->text : "");
  });
  for (auto& level : levels) {
    std::map<std::string, size_t> forms;
    std::vector<std::vector<ast::Block*>> alike;
    std::vector<Statements*> bodies;
    for (ast::Block* block : level) bodies.push_back(&block->body.statements);
    rewrite(sharing, bodies);
    for (ast::Block* block : level) {
      const auto [found, is_new] = forms.emplace(form_of(block->body.statements), alike.size());
      if (is_new) alike.emplace_back();
      alike[found->second].push_back(block);
    }
    for (const auto& blocks : alike) share(sharing, blocks);
  }
  rewrite(sharing, {&rest});
  const auto is_input = [](const ast::Statement& s) { return std::holds_alternative<ast::Input>(s.what); };
  const auto body = std::find_if_not(rest.begin(), rest.end(), is_input);
  rest.insert(body, sharing.definitions.begin(), sharing.definitions.end());
  file.statements = std::move(rest);
  return file;
}

}  // namespace cnnc
