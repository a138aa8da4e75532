// See <mach-o/loader.h> for the structs and opcodes, which stand here as far as they are used.
#include "image.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct segment {
  uint32_t command, command_bytes;
  char name[16];
  uint64_t address, bytes, file_place, file_bytes;
  uint32_t most_protection, protection, sections, flags;
};
struct symbol {
  uint32_t name;
  uint8_t type, section;
  uint16_t description;
  uint64_t value;
};
enum {
  DYLIB = 6,
  SEGMENT_64 = 0x19,
  SYMTAB = 2,
  DYLD_INFO_ONLY = 0x80000022,
  REQUIRED = 0x80000000,
  EXTERNAL = 1,
  HIDDEN = 16
};

static unsigned char* file;
static char* base;
static struct segment* segments[8];
static int segment_count;
static const uint32_t* symtab;

_Noreturn void die(const char* what, const char* name) {
  fprintf(stderr, "%s: %s\n", what, name);
  exit(2);
}

static uint64_t number(const unsigned char** at) {
  uint64_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    const unsigned char byte = *(*at)++;
    value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}

static uint64_t place_in_segment(int index, uint64_t offset) {
  if (index >= segment_count || offset > segments[index]->bytes - 8) die("a place outside of segments", "");
  return segments[index]->address + offset;
}

// Places of pointers into the image, which has moved.
static void rebase(const unsigned char* at, const unsigned char* end) {
  uint64_t place = 0, times, skip;
  while (at < end) {
    const int opcode = *at & 0xf0, low = *at++ & 0xf;
    times = skip = 0;
    if (opcode == 0x00) return;
    if (opcode == 0x20) place = place_in_segment(low, number(&at));
    if (opcode == 0x30) place += number(&at);
    if (opcode == 0x40) place += 8 * (uint64_t)low;
    if (opcode == 0x50) times = (uint64_t)low;
    if (opcode == 0x60 || opcode == 0x80) times = number(&at);
    if (opcode == 0x70) times = 1;
    if (opcode == 0x70 || opcode == 0x80) skip = number(&at);
    for (; times > 0; times--, place += 8 + skip) *(uint64_t*)(base + place) += (uint64_t)base;
  }
}

// Places of pointers to what libSystem has.
static void bind(const unsigned char* at, const unsigned char* end) {
  uint64_t place = 0, times, skip;
  const char* name = "";
  while (at < end) {
    const int opcode = *at & 0xf0, low = *at++ & 0xf;
    times = skip = 0;
    if (opcode == 0x40) {
      name = (const char*)at;
      at += strlen(name) + 1;
    }
    if (opcode == 0x10 && low != 1) die("not of the first library", name);
    if (opcode == 0x20 || opcode == 0x30 || opcode == 0x60) die("an opcode that is not here", name);
    if (opcode == 0x70) place = place_in_segment(low, number(&at));
    if (opcode == 0x80) place += number(&at);
    if (opcode == 0x90 || opcode == 0xa0 || opcode == 0xb0) times = 1;
    if (opcode == 0xa0) skip = number(&at);
    if (opcode == 0xb0) skip = 8 * (uint64_t)low;
    if (opcode == 0xc0) {
      times = number(&at);
      skip = number(&at);
    }
    for (; times > 0; times--, place += 8 + skip) {
      void* function = of_libsystem(name);
      if (!function) die("libSystem is not known to have", name);
      *(void**)(base + place) = function;
    }
  }
}

void load_image(const char* path) {
  struct stat status;
  const int descriptor = open(path, O_RDONLY);
  if (descriptor < 0 || fstat(descriptor, &status) != 0) die("cannot open", path);
  file = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  const uint32_t *header = (const uint32_t*)file, *info = NULL;
  if (file == MAP_FAILED || header[0] != 0xfeedfacf || header[3] != DYLIB) die("no library for macOS", path);
  unsigned char* command = file + 32;
  uint64_t bytes = 0;
  for (uint32_t i = 0; i < header[4]; i++, command += ((uint32_t*)command)[1]) {
    const uint32_t* words = (uint32_t*)command;
    if (words[0] == SEGMENT_64) {
      struct segment* segment = segments[segment_count++] = (struct segment*)command;
      if (segment->address + segment->bytes > bytes) bytes = segment->address + segment->bytes;
    }
    if (words[0] == SYMTAB) symtab = words;
    if (words[0] == DYLD_INFO_ONLY) info = words;
    if (words[0] == (0x34 | REQUIRED)) die("fixups in chains, which are not read here", path);
  }
  enum { PAGE = 16 << 10 };
  char* memory = mmap(NULL, bytes + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED || !info || !symtab) die("cannot map", path);
  base = (char*)(((uintptr_t)memory + PAGE - 1) / PAGE * PAGE);
  for (int i = 0; i < segment_count; i++)
    memcpy(base + segments[i]->address, file + segments[i]->file_place, segments[i]->file_bytes);
  rebase(file + info[2], file + info[2] + info[3]);
  bind(file + info[4], file + info[4] + info[5]);  // at once
  bind(file + info[8], file + info[8] + info[9]);  // and when first called: an entry for each
  for (int i = 0; i < segment_count; i++)
    if (mprotect(base + segments[i]->address, segments[i]->bytes, (int)segments[i]->protection) != 0)
      die("cannot protect", segments[i]->name);
  __builtin___clear_cache(base, base + bytes);
}

void* in_image(const char* name) {
  const struct symbol* symbols = (const struct symbol*)(file + symtab[2]);
  for (uint32_t i = 0; i < symtab[3]; i++) {
    const char* other = (const char*)file + symtab[4] + symbols[i].name;
    if ((symbols[i].type & (EXTERNAL | HIDDEN)) == EXTERNAL && symbols[i].section != 0 && other[0] == '_' &&
        strcmp(other + 1, name) == 0)
      return base + symbols[i].value;
  }
  die("the library does not export", name);
}
