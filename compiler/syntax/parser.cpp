#include "syntax/parser.h"

#include <fmt/format.h>

#include "support/limits.h"
#include "syntax/grammar.h"

namespace cnnc {
namespace {

// network NAME; the cursor is at the word
void parse_network(Cursor& cursor, ast::File& file) {
  try {
    cursor.take();
    file.network = parse_plain_name(cursor, "the network's name", "write 'network lenet5'");
    expect_statement_end(cursor);
    file.network_comment = take_trailing_comment(cursor);
  } catch (const SyntaxError& error) {
    recover(cursor, error);
  }
}

ast::File parse_file(Cursor& cursor) {
  ast::File file;
  ast::Comments header = read_gap(cursor);
  const bool has_network = cursor.at_word("network");
  if (has_network) {
    take_leading_blank(header);
    file.header_comments = std::move(header);
    parse_network(cursor, file);
  } else {
    cursor.next = 0;  // the comments are those of the first statement
  }
  parse_statements(cursor, !has_network, file.statements, file.closing_comments);
  return file;
}

}  // namespace

std::optional<ast::File> parse(const Source& source, Diagnostics& diagnostics) {
  const size_t errors_before = diagnostics.count();
  if (source.text.size() > static_cast<size_t>(limits::kSourceBytes)) {
    diagnostics.error_in_file(source.name, fmt::format("the text has {} bytes; at most {} are read",
                                                       source.text.size(), limits::kSourceBytes));
    return std::nullopt;
  }
  Cursor cursor{lex(source, diagnostics), diagnostics};
  try {
    ast::File file = parse_file(cursor);
    if (diagnostics.count() == errors_before) return file;
  } catch (const Abandoned&) {
  }
  return std::nullopt;
}

}  // namespace cnnc
