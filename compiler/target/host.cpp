#include "target/host.h"

namespace cnnc {

bool runs_on_host(Isa isa) {
  for (const Arithmetic arithmetic : {Arithmetic::floats, Arithmetic::bytes, Arithmetic::bf16})
    if (const std::optional<Isa> host = host_isa(arithmetic); host && runs_on(isa, *host)) return true;
  return has_besides(isa);
}

}  // namespace cnnc
