// cnnc fmt: the text in its canonical layout.
#include <fmt/format.h>

#include "driver/commands.h"
#include "driver/console/standard_streams.h"
#include "driver/front/front.h"
#include "syntax/formatter.h"

namespace cnnc {

int run(const FmtOptions& options) {
  const Source source = read_source(options.model);
  const std::string formatted = format(parse_source(source));
  const bool canonical = formatted == source.text;
  if (options.check && !canonical)
    throw InputError{
        fmt::format("{}: error: the layout is not canonical\n  hint: 'cnnc fmt -i {}' rewrites it\n",
                    source.name, source.name)};
  if (options.check || (options.in_place && canonical)) return 0;
  if (options.in_place) write_file(options.model, formatted);
  if (!options.in_place) print(formatted);
  return 0;
}

}  // namespace cnnc
