#include "driver/front/outputs.h"

#include <doctest/doctest.h>

using namespace cnnc;

TEST_CASE("a library of more than 1 GB of weights says what to do where another one is linked beside it") {
  CHECK(!note_of_size(1'000'000'000, "big.dsl"));
  REQUIRE(note_of_size(1'000'000'064, "big.dsl"));
  CHECK(
      *note_of_size(1'000'000'064, "big.dsl") ==
      "big.dsl: note: the library holds 1,000,000,064 bytes of weights, and all libraries of one program at "
      "most 2 GiB: with another large network the linker ends in 'relocation truncated to fit'\n"
      "  hint: write '--weights-file FILE' to have them in a file of their own, which the application "
      "opens\n");
}
