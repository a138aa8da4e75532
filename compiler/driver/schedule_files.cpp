#include "driver/schedule_files.h"

#include "driver/front.h"
#include "support/limits.h"

namespace cnnc {

Records read_records(const std::string& path) {
  const Source source = read_source(path, limits::kScheduleBytes, "a file of schedules");
  Diagnostics diagnostics;
  std::optional<Records> records = parse_records(source, diagnostics);
  if (!records) fail(diagnostics, source);
  return std::move(*records);
}

}  // namespace cnnc
