#include "describe/forms/shortcuts.h"

#include <map>
#include <optional>
#include <set>

#include "describe/forms/slots.h"
#include "describe/text/visit.h"

namespace cnnc {
namespace {

// The residuals whose bodies have one form, and the names of the projections among their shortcuts.
struct Alike {
  std::vector<ast::Residual*> without;
  std::set<std::string> names;
  std::optional<ast::Shortcut> projection;
};

}  // namespace

void make_shortcuts_uniform(const std::vector<std::vector<ast::Statement>*>& bodies) {
  std::map<std::string, Alike> forms;
  const auto note = [&](ast::Statement& s) {
    auto* residual = std::get_if<ast::Residual>(&s.what);
    if (!residual || residual->body.statements.empty()) return;
    Alike& alike = forms[form_of(residual->body.statements)];
    if (!residual->shortcut) {
      alike.without.push_back(residual);
    } else if (!residual->shortcut->body) {
      alike.names.insert(residual->shortcut->as ? residual->shortcut->as->text : "");
      alike.projection = residual->shortcut;
    }
  };
  for (std::vector<ast::Statement>* body : bodies) for_each_statement(*body, note);
  for (auto& [form, alike] : forms)
    if (alike.names.size() == 1)
      for (ast::Residual* residual : alike.without) residual->shortcut = alike.projection;
}

}  // namespace cnnc
