// The operators that move channels or pixels about and compute nothing.
#include <doctest/doctest.h>

#include <set>

#include "ops/channels/channels.h"
#include "unit/ops/ops_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

constexpr int64_t kMost = 2147483647;

Attributes slice(int64_t begin, int64_t end) {
  return {{"begin", begin}, {"end", end}};
}

Attributes split(int64_t parts, int64_t part) {
  return {{"parts", parts}, {"part", part}};
}

Attributes groups(int64_t n) {
  return {{"groups", n}};
}

Attributes block(int64_t n) {
  return {{"block", n}};
}

// The operator on 0, 1, 2, … whose bounds are the same numbers.
Reference on_counted(const std::string& name, const Attributes& attributes, const Shape& shape) {
  std::mt19937 random(1);
  Reference x;
  for (int64_t i = 0; i < shape.elements(); ++i) x.values.push_back(static_cast<double>(i));
  x.bounds = x.values;
  return run(make_node(name, attributes, {shape}, random), {x}, {shape});
}

std::vector<double> counted(const std::string& name, const Attributes& attributes, const Shape& shape) {
  const Reference result = on_counted(name, attributes, shape);
  CHECK(result.bounds == result.values);
  return result.values;
}

std::vector<ChannelRange> ranges(const std::string& name, const Attributes& attributes,
                                 const std::vector<Shape>& shapes) {
  Node node;
  node.op = name;
  node.attributes = attributes;
  return source_channels(node, shapes);
}

// Every channel of the result is the target of one range, and comes from a channel that the input has.
void check_ranges(const std::string& name, const Attributes& attributes, const std::vector<Shape>& shapes) {
  const auto shape = std::get<Shape>(find_operator(name)->infer(attributes, shapes));
  std::set<int64_t> targets;
  for (const ChannelRange& r : ranges(name, attributes, shapes))
    for (int64_t i = 0; i < r.count; ++i) {
      const int64_t from = r.from + i * r.from_step;
      CHECK((from >= 0 && from < shapes.at(r.input).channels()));
      CHECK(targets.insert(r.to + i * r.to_step).second);
    }
  CHECK(targets.size() == static_cast<size_t>(shape.channels()));
  CHECK((*targets.begin() == 0 && *targets.rbegin() == shape.channels() - 1));
}

}  // namespace

TEST_CASE("slice takes the channels from its begin to before its end") {
  CHECK(inferred("slice", slice(1, 3), {{4, 5, 7}}) == "2x5x7");
  CHECK(inferred("slice", slice(0, 4), {{4}}) == "4");
  CHECK(counted("slice", slice(1, 3), {4, 1, 2}) == std::vector<double>{2, 3, 4, 5});
  CHECK(inferred("slice", slice(0, 5), {{4, 5, 7}}) ==
        "end: the input has 4 channels; found an end of 5; "
        "'slice BEGIN END' takes the channels BEGIN to END - 1, counted from 0");
  CHECK(inferred("slice", slice(2, 2), {{4}}) ==
        "end: no features lie from 2 to before 2: the end must be greater than the begin; "
        "'slice BEGIN END' takes the features BEGIN to END - 1, counted from 0");
}

TEST_CASE("split takes one of equal parts of the channels") {
  CHECK(inferred("split", split(2, 1), {{6, 5, 7}}) == "3x5x7");
  CHECK(counted("split", split(3, 1), {6}) == std::vector<double>{2, 3});
  CHECK(inferred("split", split(4, 0), {{6, 5, 7}}) ==
        "parts: 'parts' must divide the input's channels; 6 channels in 4 parts leave 2 over; "
        "unequal parts are written 'slice BEGIN END'");
  CHECK(inferred("split", split(2, 2), {{6}}) ==
        "part: 'part' must be below the number of parts, 2; found 2; parts count from 0");
}

// The values of the next two were computed by torch.nn of PyTorch 1.13: ChannelShuffle(3), ChannelShuffle(2),
// PixelUnshuffle(2), PixelShuffle(2) of torch.arange.
TEST_CASE("channel_shuffle deals out the channels of its groups in turn") {
  CHECK(counted("channel_shuffle", groups(3), {6, 1, 2}) ==
        std::vector<double>{0, 1, 4, 5, 8, 9, 2, 3, 6, 7, 10, 11});
  CHECK(counted("channel_shuffle", groups(2), {6}) == std::vector<double>{0, 3, 1, 4, 2, 5});
  CHECK(inferred("channel_shuffle", groups(4), {{6, 5, 7}}) ==
        "groups: 'groups' must divide the input's channels; 6 channels in 4 groups leave 2 over; "
        "all groups have the same number of channels");
}

TEST_CASE("space_to_depth makes channels of blocks of pixels, depth_to_space blocks of channels") {
  CHECK(inferred("space_to_depth", block(2), {{2, 6, 4}}) == "8x3x2");
  CHECK(inferred("depth_to_space", block(3), {{18, 5, 7}}) == "2x15x21");
  CHECK(counted("space_to_depth", block(2), {2, 2, 4}) ==
        std::vector<double>{0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15});
  CHECK(counted("depth_to_space", block(2), {8, 1, 2}) ==
        std::vector<double>{0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15});
  CHECK(inferred("space_to_depth", block(2), {{2, 6, 5}}) ==
        "block: 'block' must divide height and width; found 2, and 6x5 pixels; "
        "make the map larger or smaller first, by padding or stride");
  CHECK(inferred("depth_to_space", block(2), {{6, 1, 1}}) ==
        "block: the square of 'block', 2 * 2 = 4, must divide the input's channels; found 6; "
        "a 1x1 conv before it makes another number of channels");
}

TEST_CASE("depth_to_space undoes space_to_depth, on sizes that are not square") {
  const Shape shape{3, 6, 12}, deep{27, 2, 4};
  std::mt19937 random(1);
  const Reference x = on_counted("space_to_depth", block(3), shape);
  const Reference back = run(make_node("depth_to_space", block(3), {deep}, random), {x}, {deep});
  for (size_t i = 0; i < back.values.size(); ++i) CHECK(back.values[i] == static_cast<double>(i));
}

TEST_CASE("the source channels of a result make up all of its channels, each once") {
  for (int64_t channels = 1; channels <= 12; ++channels) {
    const Shape shape{channels, 2, 3};
    for (int64_t n = 1; n <= channels; ++n) {
      check_ranges("slice", slice(n - 1, channels), {shape});
      check_ranges("concat", {}, {shape, {n, 2, 3}, {1, 2, 3}});
      if (channels % n != 0) continue;
      check_ranges("channel_shuffle", groups(n), {shape});
      for (int64_t part = 0; part < n; ++part) check_ranges("split", split(n, part), {shape});
    }
  }
}

TEST_CASE("a shuffle of any number of channels has few ranges") {
  CHECK(ranges("channel_shuffle", groups(2), {{kMost - 1}}).size() == 2);
  CHECK(ranges("channel_shuffle", groups(1 << 29), {{1 << 30}}).size() == 2);
  CHECK(ranges("channel_shuffle", groups(1 << 15), {{1 << 30}}).size() == 1 << 15);
}
