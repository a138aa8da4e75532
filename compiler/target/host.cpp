#include "target/host.h"

namespace cnnc {

bool runs_on_host(Isa isa) {
  const std::optional<Isa> host = host_isa(Arithmetic::bytes);
  return host && runs_on(isa, *host);
}

}  // namespace cnnc
