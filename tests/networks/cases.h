// Networks that tests compile and run: a beginning and a list of ways to go on from its last tensor, each of
// which ends in an output of its own.
#pragma once
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "networks/fault.h"
#include "networks/thorough.h"
#include "plan/plan.h"
#include "target/host.h"

namespace cnnc {

struct Case {
  std::string beginning;  // the last statement is called x
  std::vector<std::string> ways;
};

inline std::string text_of(const Case& c) {
  std::string text = fmt::format("network kernels\n{}\n", c.beginning);
  for (size_t i = 0; i < c.ways.size(); ++i)
    text += fmt::format("from x\n{}\noutput as way{}\n", c.ways[i], i);
  return text;
}

// What of the cases is tried on an instruction set before a change is merged: all of it on AVX2, where
// kernels are for several threads, and of those for one thread, which AVX-512 and SSE4.1 have, every other
// way on each, so that every way, which must stand on its own, is tried with both. All ways on all of them
// where only one of the two is here, and in the campaign.
inline std::vector<Case> share_of(const std::vector<Case>& cases, Isa isa) {
  const bool is_shared = (isa == Isa::avx512 || isa == Isa::sse41) && runs_on_host(Isa::avx512);
  if (!is_shared || is_thorough()) return cases;
  std::vector<Case> share;
  for (size_t c = 0; c < cases.size(); ++c) {
    std::vector<std::string> ways;
    for (size_t w = 0; w < cases[c].ways.size(); ++w)
      if (((c + w) % 2 == 0) == (isa == Isa::avx512)) ways.push_back(cases[c].ways[w]);
    if (!ways.empty()) share.push_back({cases[c].beginning, ways});
  }
  return share;
}

// Of numbers of nodes that are computed image by image (batch_of) every other one, the first of them on
// AVX-512, the second on AVX2; all where only one of the two is here, and in the campaign.
inline std::vector<int64_t> share_of_cuts(const std::vector<int64_t>& cuts, Isa isa) {
  if (!runs_on_host(Isa::avx512) || is_thorough()) return cuts;
  std::vector<int64_t> share;
  for (size_t i = isa == Isa::avx512 ? 0 : 1; i < cuts.size(); i += 2) share.push_back(cuts[i]);
  return share;
}

inline void check(const std::vector<Case>& cases, Isa isa, PlanOptions options = {}) {
  if (!runs_here(isa)) return;
  // One instruction set stands for all with kernels for several threads, the others with those for one.
  if (isa == Isa::avx2)
    options.task_seconds = many_tasks().task_seconds, options.threads = many_tasks().threads;
  for (const Case& c : cases) {
    const std::string fault = fault_of(text_of(c), isa, options);
    CHECK_MESSAGE(fault.empty(), to_string(isa), ": ", fault, "\n", text_of(c));
  }
}

// The cases for every instruction set, as tests of their own: they run side by side.
#define ON_EVERY_ISA(NAME, CASES)                     \
  TEST_CASE(NAME " (avx512)") {                       \
    check(share_of(CASES, Isa::avx512), Isa::avx512); \
  }                                                   \
  TEST_CASE(NAME " (avx2)") {                         \
    check(share_of(CASES, Isa::avx2), Isa::avx2);     \
  }                                                   \
  TEST_CASE(NAME " (sse41)") {                        \
    check(share_of(CASES, Isa::sse41), Isa::sse41);   \
  }

// So many nodes are computed image by image.
inline PlanOptions batch_of(int64_t images, int64_t cut) {
  PlanOptions options;
  options.images = images;
  options.cut = cut;
  return options;
}

}  // namespace cnnc
