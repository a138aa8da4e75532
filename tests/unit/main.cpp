// Of doctest's two ways to a main function the one that also works where its header has been read before,
// precompiled.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

int main(int argc, char** argv) {
  return doctest::Context(argc, argv).run();
}
