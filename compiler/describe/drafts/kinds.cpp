#include "describe/drafts/kinds.h"

#include <unordered_map>

#include "describe/scopes/paths.h"

namespace cnnc {
namespace {

using Kind = Draft::Kind;

uint64_t mixed(uint64_t hash, uint64_t value) {
  hash ^= value + 0x9E3779B97F4A7C15 + (hash << 6) + (hash >> 2);
  return hash * 0xBF58476D1CE4E5B9;
}

uint64_t mixed(uint64_t hash, const std::string& text) {
  for (const unsigned char byte : text) hash = mixed(hash, byte);
  return mixed(hash, text.size());
}

// How often each form of a scope occurs.
struct Forms {
  const Graph& graph;
  std::unordered_map<const Draft*, uint64_t> hashes = {};
  std::unordered_map<uint64_t, int> counts = {};
};

// A name as far as it tells forms apart: those of scopes that are numbered do not, denselayer1 and
// denselayer2.
std::string called(const Draft& d) {
  if (d.kind != Kind::scope) return is_number(d.name) ? "" : d.name;
  return d.name.substr(0, d.name.find_last_not_of("0123456789") + 1);
}

// Of the statement without its sizes and its own name. Scopes of one form in a row are as one.
uint64_t form_of(Forms& forms, const Draft& d) {
  uint64_t hash = mixed(static_cast<uint64_t>(d.kind) + 1, d.node < 0 ? "" : forms.graph.nodes[d.node].op);
  for (const Drafts& body : d.bodies) {
    hash = mixed(hash, 1);
    uint64_t before = 0;
    for (const Draft& inner : body) {
      const uint64_t own = mixed(form_of(forms, inner), called(inner));
      if (inner.kind != Kind::scope || own != before) hash = mixed(hash, own);
      before = own;
    }
  }
  if (d.kind == Kind::scope) {
    forms.hashes[&d] = hash;
    ++forms.counts[hash];
  }
  return hash;
}

bool is_with_bodies(const Draft& d) {
  return d.kind == Kind::residual || d.kind == Kind::gate || d.kind == Kind::concat;
}

void decide(Forms& forms, Drafts& list, bool in_numbers) {
  for (Draft& d : list) {
    bool replaced = false;
    if (d.kind == Kind::scope) {
      const int count = forms.counts[forms.hashes[&d]];
      const Drafts& body = d.bodies[0];
      const bool is_alone = body.size() == 1 && is_with_bodies(body[0]) && !d.must_be_numbered;
      replaced = is_alone && (count == 1 || (in_numbers && is_number(d.name)));
      const bool is_around_scope = body.size() == 1 && body[0].kind == Kind::scope;
      d.is_numbered = d.must_be_numbered || (!d.has_open_join && (count == 1 || is_around_scope));
    }
    const bool numbers_inside = d.kind == Kind::scope && d.is_numbered && !replaced;
    for (size_t i = 0; i < d.bodies.size(); ++i)
      decide(forms, d.bodies[i], numbers_inside || (d.kind == Kind::residual && i == 1));
    if (!replaced) continue;
    Draft join = std::move(d.bodies[0][0]);
    join.name = d.name;
    join.is_scope = true;
    d = std::move(join);
  }
}

}  // namespace

Drafts with_kinds(Drafts drafts, const Graph& graph) {
  Forms forms{graph};
  for (const Draft& d : drafts) form_of(forms, d);
  decide(forms, drafts, false);
  return drafts;
}

}  // namespace cnnc
