// cnnc_pages MAN BASH ZSH FISH: writes the man page and the completions to these files, when cnnc is built.
#include <cstdio>
#include <exception>

#include "driver/options/completions.h"
#include "driver/options/man_page.h"
#include "driver/options/words.h"
#include "support/atomic_file.h"

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  try {
    cnnc::Words words;
    CLI::App app;
    cnnc::add_options(app, words);
    cnnc::write_file_atomically(argv[1], cnnc::man_page(app));
    cnnc::write_file_atomically(argv[2], cnnc::bash_completion(app));
    cnnc::write_file_atomically(argv[3], cnnc::zsh_completion(app));
    cnnc::write_file_atomically(argv[4], cnnc::fish_completion(app));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "cnnc_pages: %s\n", error.what());
    return 1;
  }
}
