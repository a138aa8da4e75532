// The static library as a file, read here by the format's own description (ar(5), System V's variant).
#include "emit/objects/archive.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "emit/library/weights_object.h"
#include "emit/objects/objects.h"

using namespace cnnc;
namespace fs = std::filesystem;

namespace {

using Objects = std::vector<std::pair<std::string, std::string>>;

// A header of 60 bytes, blanks behind each field.
struct Entry {
  std::string name, date, owner, group, mode, bytes;
};

std::string field(const std::string& archive, size_t begin, size_t size) {
  const std::string text = archive.substr(begin, size);
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

std::vector<Entry> entries_of(const std::string& archive) {
  REQUIRE(archive.substr(0, 8) == "!<arch>\n");
  std::vector<Entry> members;
  for (size_t at = 8; at < archive.size();) {
    REQUIRE(archive.size() >= at + 60);
    REQUIRE(archive.substr(at + 58, 2) == "`\n");
    const size_t size = std::stoul(field(archive, at + 48, 10));
    REQUIRE(archive.size() >= at + 60 + size);
    members.push_back({field(archive, at, 16), field(archive, at + 16, 12), field(archive, at + 28, 6),
                       field(archive, at + 34, 6), field(archive, at + 40, 8),
                       archive.substr(at + 60, size)});
    at += 60 + size + size % 2;
  }
  return members;
}

// The names of the members that are neither the symbol index "/" nor the table of long names "//".
std::vector<std::pair<std::string, std::string>> objects_of(const std::string& archive) {
  std::string long_names;
  Objects objects;
  for (const Entry& member : entries_of(archive)) {
    if (member.name == "//") long_names = member.bytes;
    if (member.name == "/" || member.name == "//") continue;
    const bool is_long = member.name[0] == '/';
    const std::string name = is_long ? long_names.substr(std::stoul(member.name.substr(1))) : member.name;
    objects.emplace_back(name.substr(0, name.find('/')), member.bytes);
  }
  return objects;
}

std::string archive_of(const std::vector<Member>& members) {
  std::string bytes;
  write_archive(members, ObjectFormat::elf,
                [&](const void* data, size_t n) { bytes.append(static_cast<const char*>(data), n); });
  return bytes;
}

std::string make_archive(const Objects& objects) {
  std::vector<Member> members;
  for (const auto& [name, bytes] : objects) members.push_back(make_member(name, bytes));
  return archive_of(members);
}

// A folder for one test.
struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "cnnc_archive_XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path / name, std::ios::binary) << bytes;
  }
  std::string read(const std::string& name) const {
    std::stringstream bytes;
    bytes << std::ifstream(path / name, std::ios::binary).rdbuf();
    return bytes.str();
  }
  int run(const std::string& command) const {
    return std::system(fmt::format("cd '{}' && {}", path.string(), command).c_str());
  }
};

const Objects kMembers = {{"model.o", "even"},
                          {"model_kernel_with_a_name_of_more_than_15_characters.o", "an odd number"},
                          {"model_kernel_with_a_name_of_more_than_16_characters.o", ""},
                          {"weights.o", std::string("\0\n`!", 4)}};

}  // namespace

TEST_CASE("an archive holds its members, in order, byte for byte") {
  CHECK(objects_of(make_archive(kMembers)) == kMembers);
  CHECK(objects_of(make_archive({})).empty());
}

TEST_CASE("an archive has no time, owner or umask in it, and the same members give the same bytes") {
  const std::string archive = make_archive(kMembers);
  CHECK(make_archive(Objects(kMembers)) == archive);
  for (const Entry& member : entries_of(archive)) {
    if (member.name == "//") continue;  // has no such fields
    CHECK(member.date == "0");
    CHECK(member.owner == "0");
    CHECK(member.group == "0");
    if (member.name != "/") CHECK(member.mode == "644");
  }
}

TEST_CASE("a linker finds the symbols of all members in the archive's index") {
  const Folder folder;
  folder.write("one.c", "int one(void) { return 1; }\n");
  folder.write("two.c", "int one(void);\nint two(void) { return one() + one(); }\n");
  folder.write("main.c", "int two(void);\nint main(void) { return two() == 2 ? 0 : 1; }\n");
  REQUIRE(folder.run("cc -c one.c two.c") == 0);
  const std::string archive =
      make_archive({{"one.o", folder.read("one.o")}, {"two.o", folder.read("two.o")}});
  const Entry index = entries_of(archive).at(0);
  CHECK(index.name == "/");
  CHECK(index.bytes.find(std::string("one\0two\0", 8)) != std::string::npos);
  folder.write("model.a", archive);
  REQUIRE(folder.run("cc main.c model.a -o main") == 0);
  CHECK(folder.run("./main") == 0);
  REQUIRE(folder.run("ar rcsD by_ar.a one.o two.o") == 0);
  CHECK(archive == folder.read("by_ar.a"));
}

TEST_CASE("weights are linked from their object's head and what follows it: read-only, hidden, at a page") {
  const Folder folder;
  folder.write("weights.o", data_object("model_weights", 6, target_for(Isa::avx2)).head + "weight");
  folder.write("main.c", R"(
#include <stdint.h>
#include <string.h>
extern const char model_weights[];
int main(void) { return (uintptr_t)model_weights % 4096 != 0 || memcmp(model_weights, "weight", 6) != 0; }
)");
  REQUIRE(folder.run("cc -Wl,--fatal-warnings main.c weights.o -o main") == 0);
  CHECK(folder.run("./main") == 0);
  CHECK(folder.run("readelf -sW weights.o | grep -q ' 6 OBJECT  GLOBAL HIDDEN .* model_weights$'") == 0);
  CHECK(folder.run("readelf -SW weights.o | grep -q '.rodata.model_weights .* A  0   0 4096$'") == 0);
  CHECK(folder.run("readelf -lW main | grep -q 'GNU_STACK .* RW '") == 0);
}

TEST_CASE("MinGW's linker reads archives for Windows, and data in them, at a page") {
  const Folder folder;
  if (folder.run("command -v x86_64-w64-mingw32-gcc >/dev/null") != 0) {
    std::printf("SKIPPED: there is no x86_64-w64-mingw32-gcc\n");
    return;
  }
  folder.write("one.c", "extern const char model_weights[];\nint one(void) { return model_weights[1]; }\n");
  folder.write("main.c", "int one(void);\nint main(void) { return one(); }\n");
  const std::string gcc = "x86_64-w64-mingw32-gcc ";
  REQUIRE(folder.run(gcc + "-c one.c") == 0);
  const Target windows = on_system(target_for(Isa::avx2), *system_named("windows"));
  const std::string data = data_object("model_weights", 6, windows).head + "weight";
  std::vector<Member> members = {
      make_member("an_object_with_a_long_name_that_uses_one.o", folder.read("one.o")),
      make_member("another_with_a_long_name_for_the_data.o", data)};
  CHECK(members[1].symbols == std::vector<std::string>{"model_weights"});
  std::string archive;
  write_archive(members, ObjectFormat::coff,
                [&](const void* bytes, size_t n) { archive.append(static_cast<const char*>(bytes), n); });
  folder.write("model.lib", archive);
  REQUIRE(folder.run(gcc + "main.c model.lib -o main.exe") == 0);
  CHECK(folder.run("x86_64-w64-mingw32-nm main.exe | grep -q '000 R model_weights$'") == 0);
  CHECK_THROWS_WITH(data_object("x", int64_t{1} << 32, windows), "an object for Windows holds at most 4 GiB");
}

TEST_CASE(
    "an archive for macOS is LLVM's, byte for byte, and its data are at a page, read-only, and private") {
  const Folder folder;
  const bool is_14 = folder.run("command -v llvm-ar-14 >/dev/null") == 0;
  const std::string version = is_14 ? "-14 " : "-19 ";
  if (!is_14 && folder.run("command -v llvm-ar-19 >/dev/null") != 0) {
    std::printf("SKIPPED: there is no llvm-ar of LLVM 14 or 19\n");
    return;
  }
  for (const Isa isa : {Isa::avx2, Isa::neon}) {
    const Target macos = on_system(target_for(isa), *system_named("macos"));
    CAPTURE(macos.name);
    std::vector<Member> members;
    std::string names, archive;
    for (const std::string& weights : {std::string("w"), std::string("eight898"), std::string(100, '9')}) {
      const DataObject data = data_object("_weights" + weights, static_cast<int64_t>(weights.size()), macos);
      const std::string name = "weights" + weights + ".o", object = data.head + weights + data.tail;
      members.push_back(make_member(name, object));
      CHECK(members.back().symbols == std::vector<std::string>{"_weights" + weights});
      folder.write(name, object);
      names += " " + name;
    }
    write_archive(members, ObjectFormat::macho,
                  [&](const void* bytes, size_t n) { archive.append(static_cast<const char*>(bytes), n); });
    REQUIRE(folder.run("rm -f by_ar.a && llvm-ar" + version + "--format=darwin rcsD by_ar.a" + names) == 0);
    CHECK(archive == folder.read("by_ar.a"));
    CHECK(folder.run("llvm-nm" + version +
                     "-m weightsw.o | grep -qx "
                     "'0000000000000000 (__TEXT,__const) private external _weightsw'") == 0);
    CHECK(folder.run("llvm-objdump" + version + "-s weightseight898.o | grep -q eight898") == 0);
    CHECK(folder.run("llvm-objdump" + version +
                     "--macho --private-headers weightsw.o >headers && grep -q 'align 2^14' "
                     "headers && grep -q 'minos 11.0' headers && grep -q SUBSECTIONS_VIA_SYMBOLS headers") ==
          0);
    CHECK(triple_of(macos) == std::string(macos.architecture->name) + "-apple-macosx11.0.0");  // minos, too
    CHECK_THROWS_WITH(data_object("x", int64_t{1} << 32, macos), "an object for macOS holds at most 4 GiB");
  }
}

TEST_CASE("an archive for macOS beyond 4 GiB is an error, as is a member of other bytes than it promises") {
  const ByteSource abc = [](const ByteSink& take) { take("abc", 3); };
  const auto write = [](const std::vector<Member>& members) {
    write_archive(members, ObjectFormat::macho, [](const void*, size_t) {});
  };
  CHECK_NOTHROW(write({{"a.o", {"a"}, 3, abc}}));
  CHECK_THROWS_AS(write({{"a.o", {"a"}, 4, abc}}), std::logic_error);
  CHECK_THROWS_WITH(write({{"a.o", {"a"}, int64_t{1} << 32, abc}, {"b.o", {"b"}, 3, abc}}),
                    "the archive would have more than 4 GiB");
}

TEST_CASE("a member that has other bytes than it promises, or an archive beyond 4 GiB, is an error") {
  const ByteSource abc = [](const ByteSink& take) { take("abc", 3); };
  CHECK_NOTHROW(archive_of({{"a.o", {"a"}, 3, abc}}));
  CHECK_THROWS_AS(archive_of({{"a.o", {"a"}, 4, abc}}), std::logic_error);
  CHECK_THROWS_AS(archive_of({{"a.o", {"a"}, int64_t{1} << 32, abc}, {"b.o", {"b"}, 3, abc}}),
                  std::runtime_error);
}
