// The table of targets.
#include "target/target.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <type_traits>
#include <utility>

#include "kernels/kernel.h"
#include "plan/records/records.h"
#include "plan/records/shipped_records.h"
#include "target/host.h"

using namespace cnnc;

namespace {

template <class T, class = void>
struct HasLess : std::false_type {};
template <class T>
struct HasLess<T, std::void_t<decltype(std::declval<T>() < std::declval<T>())>> : std::true_type {};

static_assert(HasLess<int>::value);
static_assert(!HasLess<Isa>::value, "targets are not compared by greater and less");

}  // namespace

TEST_CASE("every target's name is that of one row, and leads back to it") {
  std::set<std::string> names;
  for (const Target& target : all_targets()) {
    CAPTURE(target.name);
    CHECK(names.insert(target.name).second);
    CHECK(parse_isa(target.name) == target.isa);
    CHECK(to_string(target.isa) == target.name);
    CHECK(target_for(target.isa).name == target.name);
  }
  CHECK(target_names() == std::vector<std::string>{"avx512bf16", "avx512vnni", "avx512", "avxvnni", "avx2",
                                                   "sse41", "neon-dotprod", "neon", "wasm"});
  for (const char* name : {"", "avx", "AVX2", "avx2 ", "host"}) CHECK(!parse_isa(name));
}

TEST_CASE("a target's name is a part of identifiers, too") {
  CHECK(identifier_of(target_for(Isa::avx2)) == "avx2");
  CHECK(identifier_of(target_for(Isa::neon_dotprod)) == "neon_dotprod");
}

TEST_CASE("a target without a row is a fault of the compiler") {
  CHECK_THROWS_WITH(target_for(static_cast<Isa>(99)), "a target without a row");
}

TEST_CASE("every row is complete") {
  for (const Target& target : all_targets()) {
    CAPTURE(target.name);
    REQUIRE(target.architecture);
    CHECK(std::string(target.architecture->name) != "");
    REQUIRE(target.system);
    CHECK(goes_with(*target.system, target.architecture->name));
    CHECK(std::string(target.architecture->baseline_cpu) != "");
    CHECK(std::string(target.architecture->processor) != "");
    CHECK((target.architecture->elf_machine != 0 || target.system->format != ObjectFormat::elf));
    CHECK(std::string(target.extensions) != "");
    CHECK(target.lanes >= 4);
    CHECK(target.registers >= 16);
    CHECK(target.cycles_per_second > 0);
    const Memory& m = target.memory;
    for (const double figure : {m.first_level, m.second_level, m.own, m.shared, m.from_second_level,
                                m.from_beyond, m.from_memory, m.bytes_per_second})
      CHECK(figure > 0);
    // Halide has the features that the row names, and vectors as long as the row says.
    CHECK(halide_target(target).natural_vector_size<float>() == target.lanes);
  }
}

TEST_CASE("every system is complete, and a target is made for those that have its architecture") {
  for (const System& system : all_systems()) {
    CAPTURE(system.name);
    CHECK(system_named(system.name) == &system);
    for (const char* text : {system.title, system.halide, system.triple, system.compiler, system.package})
      CHECK(std::string(text) != "");
    CHECK(!system.architectures.empty());
    for (const Target& target : all_targets()) {
      if (goes_with(system, target.architecture->name))
        CHECK(on_system(target, system).system == &system);
      else
        CHECK_THROWS_WITH(on_system(target, system), "a target and a system that do not go together");
    }
  }
  CHECK(!system_named("Linux"));
  CHECK_THROWS_WITH(default_system_of("vax"), "an architecture of no system");
}

TEST_CASE("a target's names of the machine and of the compiler have the architecture in them") {
  const Target &sse41 = target_for(Isa::sse41), &neon = target_for(Isa::neon);
  CHECK(triple_of(sse41) == "x86_64-unknown-linux-gnu");
  CHECK(triple_of(neon) == "aarch64-unknown-linux-gnu");
  CHECK(compiler_for(neon) == "aarch64-linux-gnu-gcc");
  CHECK(package_of_compiler_for(sse41) == "gcc-x86-64-linux-gnu");
  const Target windows = on_system(sse41, *system_named("windows"));
  CHECK(triple_of(windows) == "x86_64-w64-windows-gnu");
  CHECK(package_of_compiler_for(windows) == "gcc-mingw-w64-x86-64");
  const Target macos = on_system(neon, *system_named("macos"));
  CHECK(triple_of(macos) == "aarch64-apple-macosx11.0.0");
  CHECK(compiler_for(macos) == "clang");
}

TEST_CASE("what is made for a target runs on processors of this one, and of all that extend it") {
  const Isa order[] = {Isa::sse41, Isa::avx2, Isa::avx512, Isa::avx512vnni};
  for (size_t i = 0; i < 4; ++i)
    for (size_t machine = 0; machine < 4; ++machine)
      CHECK(runs_on(order[i], order[machine]) == (i <= machine));
  CHECK(runs_on(Isa::neon, Isa::neon));
  CHECK(runs_on(Isa::neon, Isa::neon_dotprod));
  CHECK(!runs_on(Isa::neon_dotprod, Isa::neon));
  for (const Isa other : order)
    for (const Isa neon : {Isa::neon, Isa::neon_dotprod}) {
      CHECK(!runs_on(neon, other));
      CHECK(!runs_on(other, neon));
    }
}

TEST_CASE("a target has what those have that it extends, and a level of its own at run time") {
  std::set<std::pair<const Architecture*, int>> levels;
  for (const Target& target : all_targets()) {
    CHECK(levels.emplace(target.architecture, target.runtime_level).second);
    if (!target.extends) continue;
    const Target& base = target_for(*target.extends);
    CHECK(target.architecture == base.architecture);
    CHECK(target.lanes >= base.lanes);
    CHECK(target.registers >= base.registers);
    CHECK(target.has_fma >= base.has_fma);
    CHECK(std::string(target.halide).rfind(base.halide, 0) == 0);
  }
}

TEST_CASE("only a library of bytes has kernels for a target that differs in nothing else") {
  const Architecture& x86_64 = *target_for(Isa::sse41).architecture;
  CHECK(targets_of(x86_64) == std::vector<Isa>{Isa::avx512, Isa::avx2, Isa::sse41});
  CHECK(targets_of(x86_64, Arithmetic::bytes) ==
        std::vector<Isa>{Isa::avx512vnni, Isa::avx512, Isa::avxvnni, Isa::avx2, Isa::sse41});
  CHECK(targets_of(x86_64, Arithmetic::bf16) ==
        std::vector<Isa>{Isa::avx512bf16, Isa::avx512, Isa::avx2, Isa::sse41});
  const Architecture& aarch64 = *target_for(Isa::neon).architecture;
  CHECK(targets_of(aarch64) == std::vector<Isa>{Isa::neon});
  CHECK(targets_of(aarch64, Arithmetic::bytes) == std::vector<Isa>{Isa::neon_dotprod, Isa::neon});
  for (const Target& target : all_targets()) CHECK((!target.only_for || target.extends));
}

TEST_CASE("this machine's target runs on it, and what it cannot run does not") {
  const std::optional<Isa> host = host_isa(Arithmetic::bytes), of_bf16 = host_isa(Arithmetic::bf16);
  for (const Target& target : all_targets())
    CHECK(runs_on_host(target.isa) ==
          ((host && runs_on(target.isa, *host)) || (of_bf16 && runs_on(target.isa, *of_bf16)) ||
           has_besides(target.isa)));
  if (!host) return;
  CHECK(runs_on_host(*host));
  CHECK(!target_for(*host_isa()).only_for);
  CHECK(runs_on(*host_isa(), *host));
  CHECK(target_for(*host).architecture == least_of_host().architecture);
  CHECK(runs_on_host(least_of_host().isa));
  CHECK(!least_of_host().extends);
  CHECK(meters_of(*host).multiply_adds() > 0);
}

// A dot product of bytes has four times the operations of a multiply-add, and never more of them a cycle.
TEST_CASE("the machine's peak of bytes is at most four times that of floats") {
  for (const Target& target : all_targets()) {
    if (!runs_on_host(target.isa) || !meters_of(target.isa).byte_products) continue;
    const auto peak_of = [](double (*work)()) {
      double best = 0;
      for (int i = 0; i < 50; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        const double operations = work();
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
        best = std::max(best, operations / seconds.count());
      }
      return best;
    };
    const Meters meters = meters_of(target.isa);
    CHECK_MESSAGE(peak_of(meters.byte_products) < 5 * peak_of(meters.multiply_adds), target.name);
  }
}

TEST_CASE("every target has records that come with cnnc, all of them its own") {
  for (const Target& target : all_targets()) {
    const Source source = shipped_records(target.isa);
    Diagnostics diagnostics;
    const std::optional<Records> records = parse_records(source, diagnostics);
    CAPTURE(source.name);
    REQUIRE(records);
    for (const auto& [key, record] : *records) CHECK(key.isa == target.isa);
  }
}

TEST_CASE("of one problem, records are listed by the number of their target, then of their threads") {
  const RecordKey first{"conv", Isa::sse41, 2}, second{"conv", Isa::avx2, 1}, third{"conv", Isa::avx2, 2},
      last{"dense", Isa::sse41, 1};
  CHECK(first < second);
  CHECK(second < third);
  CHECK(third < last);
  CHECK(!(third < third));
  CHECK(!(second < first));
}
