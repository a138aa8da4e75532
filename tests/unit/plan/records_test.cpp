// Files of schedules: read, written, merged; and every way in which one can be wrong.
#include "plan/records/records.h"

#include <doctest/doctest.h>

#include <random>

#include "plan/choose/space.h"
#include "plan/records/shipped_records.h"
#include "unit/plan/plan_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

const std::string kVersion = "cnnc schedules 1\n";
const std::string kProblem = "conv 16x9x9/16 -> 32x9x9/16 filter 3x3 stride 1x1 pad 1,1,1,1";

Records records_from(const std::string& text) {
  const Source source{"a.txt", text};
  Diagnostics diagnostics;
  const std::optional<Records> records = parse_records(source, diagnostics);
  REQUIRE_MESSAGE(records, render(diagnostics, source, false));
  return *records;
}

// What is said of a file with this line behind the version.
std::string error_of(const std::string& line) {
  const Source source{"a.txt", kVersion + line};
  Diagnostics diagnostics;
  CHECK(!parse_records(source, diagnostics));
  return render(diagnostics, source, false);
}

}  // namespace

TEST_CASE("records are read with their choice and figures") {
  const Records records =
      records_from(kVersion + "# by hand\n\n" + kProblem +
                   " | f32 avx512 threads 1 | conv_blocked blocks 2 x 9 | 12.5 us of 20\n" +
                   "  dense 40x1x1  ->  10x1x1/16|f32 avx2 threads 2|dense ways 3  # no figures\r\n");
  REQUIRE(records.size() == 2);
  const Record& conv = records.at({kProblem, Isa::avx512, 1});
  CHECK(conv.choice == Choice{"conv_blocked", {{"blocks", 2}, {"x", 9}}});
  REQUIRE(conv.figures);
  CHECK(conv.figures->tuned == 12.5);
  CHECK(conv.figures->standard == 20);
  CHECK(conv.line == 4);
  const Record& dense = records.at({"dense 40x1x1 -> 10x1x1/16", Isa::avx2, 2});
  CHECK(dense.choice == Choice{"dense", {{"ways", 3}}});
  CHECK(!dense.figures);
}

TEST_CASE("records are written in the order of their keys, and read back as they were") {
  const std::string text =
      kVersion +
      "# problem | type, instruction set, threads | family and its numbers | time of it, and of the "
      "default\n" +
      "conv 3x9x9 -> 8x9x9 | f32 avx2 threads 1 | conv_planar lanes 8 rows 2 unroll 1 | 0.512 us of 1.024\n"
      "conv 3x9x9 -> 8x9x9 | f32 avx2 threads 2 | conv_planar | 12.50 us of 13.00\n"
      "conv 3x9x9 -> 8x9x9 | f32 avx512 threads 1 | conv_planar rows 2 | 123.4 us of 20490\n"
      "dense 4x1x1 -> 8x1x1 | f32 sse41 threads 1 | dense ways 1\n";
  CHECK(to_string(records_from(text)) == text);
  std::vector<std::string> lines;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find('\n', begin) + 1;
    lines.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  std::string other = lines[0];
  for (size_t i = lines.size(); i-- > 1;) other += lines[i];
  CHECK(to_string(records_from(other)) == text);
  CHECK(to_string(records_from(to_string(Records()))) == to_string(Records()));
}

TEST_CASE("records of layers of bytes are read as they are printed") {
  Plan plan;
  plan.target = target_for(Isa::avx512vnni);
  for (const ElementType result : {ElementType::uint8, ElementType::float32}) {
    Kernel kernel;
    kernel.family = "conv_u8";
    kernel.parameters = ConvParameters{};
    kernel.inputs = {blocked_layout({16, 9, 9}, 16, 1, ElementType::uint8)};
    kernel.output = blocked_layout({16, 9, 9}, 16, 1, result);
    kernel.schedule = {{"blocks", 1}, {"rows_outer", 0}, {"x", 9}, {"y", 1}};
    plan.kernels.push_back(kernel);
  }
  const std::string text = to_string(records_of(plan, 1));
  CHECK(text.find("conv 16x9x9/16 u8 -> 16x9x9/16 u8 filter ") != std::string::npos);
  CHECK(text.find("conv 16x9x9/16 u8 -> 16x9x9/16 filter ") != std::string::npos);
  CHECK(to_string(records_from(text)) == text);
}

TEST_CASE("of a problem's records the one for the most threads counts, up to those that are there") {
  const Records records = records_from(kVersion + kProblem + " | f32 avx2 threads 1 | conv_blocked x 1\n" +
                                       kProblem + " | f32 avx2 threads 4 | conv_blocked x 4\n" + kProblem +
                                       " | f32 sse41 threads 1 | conv_blocked x 2\n");
  const auto x = [&](Isa isa, int threads) {
    const Choices choices = choices_of(records, isa, threads);
    return choices.empty() ? 0 : number(choices.at(kProblem).schedule, "x");
  };
  CHECK(x(Isa::avx2, 1) == 1);
  CHECK(x(Isa::avx2, 3) == 1);
  CHECK(x(Isa::avx2, 4) == 4);
  CHECK(x(Isa::avx2, 9) == 4);
  CHECK(x(Isa::sse41, 4) == 2);
  CHECK(x(Isa::avx512, 4) == 0);
}

TEST_CASE("of two records for one key the one with the greater gain stays, of equals the first's") {
  const auto record = [&](const std::string& problem, const std::string& rest) {
    return "conv " + problem + "x9x9 -> 8x9x9 | f32 avx2 threads 1 | conv_planar " + rest + "\n";
  };
  const Records first =
      records_from(kVersion + record("1", "rows 1 | 10 us of 20") + record("2", "rows 1 | 10 us of 20") +
                   record("3", "rows 1") + record("4", "rows 1") + record("5", "rows 1 | 10 us of 20"));
  const Records second =
      records_from(kVersion + record("1", "rows 2 | 5 us of 9") + record("2", "rows 2 | 50 us of 200") +
                   record("3", "rows 2 | 8 us of 8") + record("4", "rows 2") + record("5", "rows 2") +
                   record("6", "rows 2"));
  CHECK(to_string(merge(first, second)) ==
        to_string(records_from(kVersion + record("1", "rows 1 | 10 us of 20") +
                               record("2", "rows 2 | 50 us of 200") + record("3", "rows 2 | 8 us of 8") +
                               record("4", "rows 1") + record("5", "rows 1 | 10 us of 20") +
                               record("6", "rows 2"))));
}

TEST_CASE("the records of a plan choose that plan") {
  for (const std::string& network : kNetworks)
    for (const Isa isa : kIsas) {
      const Plan plan = plan_of(network, isa);
      const Records records = records_of(plan, 1);
      PlanOptions options;
      options.choices = choices_of(records_from(to_string(records)), isa, 1);
      const Plan again = plan_of(network, isa, options);
      CHECK(to_string(again) == to_string(plan));
      CHECK(again.ignored_choices.empty());
    }
}

TEST_CASE("the records that come with cnnc can be read") {
  for (const Isa isa : kIsas) {
    for (const auto& [key, record] : records_from(shipped_records(isa).text)) {
      CHECK(key.isa == isa);
      CHECK(record.figures);
    }
  }
}

TEST_CASE("a file without the version is wrong") {
  const auto error = [](const std::string& text) {
    const Source source{"a.txt", text};
    Diagnostics diagnostics;
    CHECK(!parse_records(source, diagnostics));
    return render(diagnostics, source, false);
  };
  CHECK(error("") == "a.txt: error: a file of schedules begins with 'cnnc schedules 1'; this one is empty\n");
  CHECK(error("# nothing\n\n") == error(""));
  CHECK(error("cnnc schedules 2\nwhatever\n") ==
        "a.txt:1:1: error: a file of schedules begins with 'cnnc schedules 1'; found 'cnnc schedules 2'\n"
        "  cnnc schedules 2\n"
        "  ^~~~~~~~~~~~~~~~\n");
}

TEST_CASE("a record of too few or too many parts is wrong") {
  CHECK(error_of("dense 4x1x1 -> 8x1x1\n") ==
        "a.txt:2:1: error: a record has three or four parts with '|' between them; found 1\n"
        "  dense 4x1x1 -> 8x1x1\n"
        "  ^~~~~~~~~~~~~~~~~~~~\n"
        "  hint: as in 'dense 512x1x1 -> 10x1x1 | f32 avx512 threads 1 | dense images 1 ways 4'\n");
  CHECK(error_of("a | b | c | d | e").find("found 5\n") != std::string::npos);
}

TEST_CASE("a problem that nothing solves is wrong") {
  const std::string rest = " | f32 avx2 threads 1 | dense ways 1";
  const std::string hint =
      "  hint: as in 'conv 64x56x56/16 -> 64x56x56/16 filter 3x3 stride 1x1 pad 1,1,1,1'\n";
  CHECK(error_of("dens 4x1x1 -> 8x1x1" + rest) ==
        "a.txt:2:1: error: a record begins with the problem's operator, conv or dense; found 'dens'; did you "
        "mean 'dense'?\n"
        "  dens 4x1x1 -> 8x1x1 | f32 avx2 threads 1 | dense ways 1\n"
        "  ^~~~\n" +
            hint);
  CHECK(error_of("dense 4x1 -> 8x1x1" + rest) ==
        "a.txt:2:1: error: a problem has an input's shape, '->' and an output's shape behind its operator\n"
        "  dense 4x1 -> 8x1x1 | f32 avx2 threads 1 | dense ways 1\n"
        "  ^~~~~~~~~~~~~~~~~~\n" +
            hint);
  CHECK(error_of(rest) ==
        "a.txt:2:2: error: a record begins with the problem's operator, conv or dense; found nothing\n"
        "   | f32 avx2 threads 1 | dense ways 1\n"
        "   ^\n" +
            hint);
}

TEST_CASE("a type, an instruction set or a number of threads that there is not is wrong") {
  const auto error = [](const std::string& machine) {
    return error_of("dense 4x1x1 -> 8x1x1 | " + machine + " | dense ways 1");
  };
  CHECK(error("f32 avx2") ==
        "a.txt:2:24: error: the second part of a record is type, instruction set and threads; found 'f32 "
        "avx2'\n"
        "  dense 4x1x1 -> 8x1x1 | f32 avx2 | dense ways 1\n"
        "                         ^~~~~~~~\n"
        "  hint: as in 'f32 avx512 threads 1'\n");
  CHECK(error("i8 avx2 threads 1") ==
        "a.txt:2:24: error: the type is f32; found 'i8'\n"
        "  dense 4x1x1 -> 8x1x1 | i8 avx2 threads 1 | dense ways 1\n"
        "                         ^~\n");
  CHECK(error("f32 avx threads 1") ==
        "a.txt:2:28: error: the instruction set is avx512bf16, avx512vnni, avx512, avxvnni, avx2, sse41, "
        "neon-dotprod, neon or wasm; found 'avx'; did you mean 'avx2'?\n"
        "  dense 4x1x1 -> 8x1x1 | f32 avx threads 1 | dense ways 1\n"
        "                             ^~~\n");
  CHECK(error("f32 avx2 threads 257") ==
        "a.txt:2:41: error: the number of threads is a whole number from 1 to 256; found '257'\n"
        "  dense 4x1x1 -> 8x1x1 | f32 avx2 threads 257 | dense ways 1\n"
        "                                          ^~~\n");
}

TEST_CASE("a schedule that cannot be is wrong") {
  const auto error = [](const std::string& choice) {
    return error_of("dense 4x1x1 -> 8x1x1 | f32 avx2 threads 1 | " + choice);
  };
  CHECK(error("") ==
        "a.txt:2:44: error: the third part of a record is the family of the kernel\n"
        "  dense 4x1x1 -> 8x1x1 | f32 avx2 threads 1 | \n"
        "                                             ^\n");
  CHECK(error("dens ways 1") ==
        "a.txt:2:45: error: no family is called 'dens'; did you mean 'dense'?\n"
        "  dense 4x1x1 -> 8x1x1 | f32 avx2 threads 1 | dens ways 1\n"
        "                                              ^~~~\n"
        "  hint: the families are conv_and_depthwise, conv_bfloat16, conv_blocked, conv_depthwise, "
        "conv_depthwise_u8, "
        "conv_pairs, conv_planar, conv_u8, conv_winograd, conv_winograd_2d, "
        "dense, dense_u8\n");
  CHECK(error("dense ways") ==
        "a.txt:2:51: error: 'ways' has no value behind it\n"
        "  dense 4x1x1 -> 8x1x1 | f32 avx2 threads 1 | dense ways\n"
        "                                                    ^~~~\n");
  CHECK(error("dense ways two") ==
        "a.txt:2:56: error: the value of 'ways' is a whole number from 0 to 1048576; found 'two'\n"
        "  dense 4x1x1 -> 8x1x1 | f32 avx2 threads 1 | dense ways two\n"
        "                                                         ^~~\n");
  CHECK(error("dense ways 1 ways 2") ==
        "a.txt:2:58: error: 'ways' is given twice\n"
        "  dense 4x1x1 -> 8x1x1 | f32 avx2 threads 1 | dense ways 1 ways 2\n"
        "                                                           ^~~~\n");
}

TEST_CASE("figures that are no times are wrong") {
  for (const std::string figures : {"12", "1 us", "1 us of 2 ms", "1 ms of 2", "0 us of 2", "-1 us of 2",
                                    "nan us of 1", "inf us of 1", "1e300 us of 1", "1 us of x"}) {
    const std::string line = "dense 4x1x1 -> 8x1x1 | f32 avx2 threads 1 | dense ways 1 | " + figures;
    CHECK(error_of(line) ==
          "a.txt:2:60: error: the last part of a record is the time of it and of the default; found '" +
              figures + "'\n  " + line + "\n" + std::string(61, ' ') + "^" +
              std::string(figures.size() - 1, '~') +
              "\n  hint: as in '187.2 us of 204.9'; it may be left out\n");
  }
}

TEST_CASE("what is quoted is cut between characters") {
  const std::string word = std::string(59, 'x') + "é" + std::string(20, 'x');
  const std::string message = error_of("dense 4x1x1 -> 8x1x1 | f32 avx2 threads 1 | " + word);
  CHECK(message.find("no family is called '" + std::string(59, 'x') + "…'") != std::string::npos);
  CHECK(message.find("\xc3…") == std::string::npos);
}

TEST_CASE("two records for one key are wrong") {
  const std::string rest = " | f32 avx2 threads 1 | dense ways 1\n";
  CHECK(error_of("dense 4x1x1 -> 8x1x1" + rest + "dense 4x1x1  -> 8x1x1" + rest) ==
        "a.txt:3:1: error: the same problem, instruction set and threads stand in line 2 already\n"
        "  dense 4x1x1  -> 8x1x1 | f32 avx2 threads 1 | dense ways 1\n"
        "  ^~~~~~~~~~~~~~~~~~~~~\n"
        "  hint: leave one of the two out\n");
}

TEST_CASE("all that is wrong with a file is said at once") {
  const std::string error = error_of("x\ny\nz\n");
  for (const std::string place : {"a.txt:2:1: ", "a.txt:3:1: ", "a.txt:4:1: "})
    CHECK(error.find(place) != std::string::npos);
}

// Bytes changed, cut and doubled in a right file: read or refused, and what is read is written so that it can
// be read again.
TEST_CASE("no text does harm") {
  const std::string right = to_string(records_of(plan_of(kNetworks[0]), 1)) + kProblem +
                            " | f32 avx512 threads 1 | conv_blocked blocks 2 x 9 | 12.5 us of 20\n";
  std::mt19937 random(5);
  const auto below = [&](size_t most) { return random() % most; };
  constexpr char kLetters[] = "|#\n\r\t x->/,0199us of\0\xff";
  int read = 0;
  for (int round = 0; round < 20000; ++round) {
    Source source{"a.txt", right};
    for (size_t change = below(4) + 1; change-- > 0 && !source.text.empty();) {
      const size_t at = below(source.text.size());
      if (const size_t way = below(4); way == 0)
        source.text.erase(at, below(20));
      else if (way == 1)
        source.text.insert(at, source.text.substr(below(source.text.size()), below(30)));
      else
        source.text[at] = kLetters[below(sizeof kLetters - 1)];
    }
    Diagnostics diagnostics;
    const std::optional<Records> records = parse_records(source, diagnostics);
    CHECK(records.has_value() == !diagnostics.has_errors());
    if (!records) {
      CHECK(!render(diagnostics, source, false).empty());
      continue;
    }
    ++read;
    const std::string written = to_string(*records);
    CHECK(to_string(records_from(written)) == written);
  }
  CHECK(read > 100);
  CHECK(read < 19900);
}
