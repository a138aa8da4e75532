// Runs the network 'small' of tests/library/sets by its class; prints what is thrown.
#include <cstdio>
#include <exception>

#include "small.h"

int main(int argc, char**) {
  try {
    const char* set = small::Model::instruction_set();
    std::printf("%s\n", set ? set : "none");
    small::Model model;
    if (argc > 1) model.use_instruction_set(SMALL_SSE41);
    const small::Image image;
    model(image);
    model.use_instruction_set(4);
    model(image);
  } catch (const std::exception& error) {
    std::printf("%s\n", error.what());
  }
}
