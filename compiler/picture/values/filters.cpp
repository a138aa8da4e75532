#include "picture/values/filters.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "picture/values/shades.h"

namespace cnnc::picture {
namespace {

// A layer's weights as filters of inputs x slices, each rows x columns. A layer of maps has one slice an
// input, one of volumes as many as its filters are deep, a dense layer windows of one element.
struct Bank {
  const float* values;
  int64_t outputs, inputs, depth, rows, columns, groups;
  bool is_transposed;  // the weight has the inputs first

  int64_t window() const { return rows * columns; }
  int64_t weights() const { return inputs * depth * window(); }  // of one filter
  int64_t group_of(int64_t output) const { return output / (outputs / groups); }
  const float* slice(int64_t output, int64_t input, int64_t z) const {
    const int64_t of_group = outputs / groups, group = group_of(output);
    const int64_t number =
        is_transposed ? (group * inputs + input) * of_group + output % of_group : output * inputs + input;
    return values + (number * depth + z) * window();
  }
};

Bank bank_of(const Node& node) {
  const Parameter& weight = *find_parameter(node, "weight");
  const std::vector<int64_t>& sizes = weight.shape.sizes;
  const size_t rank = sizes.size();
  const auto groups = node.attributes.find("groups");
  Bank bank{weight.values->data(), sizes[0], sizes[1], 1, 1, 1, 1, false};
  if (groups != node.attributes.end()) bank.groups = integer(node.attributes, "groups");
  if (rank >= 4) bank.rows = sizes[rank - 2], bank.columns = sizes[rank - 1];
  if (rank == 5) bank.depth = sizes[2];
  bank.is_transposed = node.op == "upconv" || node.op == "upconv3d";
  if (bank.is_transposed) bank.outputs = sizes[1] * bank.groups, bank.inputs = sizes[0] / bank.groups;
  return bank;
}

double squares(const float* values, int64_t count) {
  double sum = 0;
  for (int64_t i = 0; i < count; ++i) sum += static_cast<double>(values[i]) * values[i];
  return sum;
}

float greatest_magnitude(const float* values, int64_t count) {
  float greatest = 0;
  for (int64_t i = 0; i < count; ++i) greatest = std::max(greatest, std::fabs(values[i]));
  return greatest;
}

// A filter's weights, one slice behind the other.
std::vector<float> weights_of(const Bank& bank, int64_t output) {
  std::vector<float> weights;
  for (int64_t input = 0; input < bank.inputs; ++input) {
    const float* begin = bank.slice(output, input, 0);
    weights.insert(weights.end(), begin, begin + bank.depth * bank.window());
  }
  return weights;
}

// Of all inputs and depths, or with `input` of those of one, the slice with the most squares.
std::pair<int64_t, int64_t> strongest(const Bank& bank, int64_t output) {
  std::pair<int64_t, int64_t> best = {0, 0};
  double most = -1;
  for (int64_t input = 0; input < bank.inputs; ++input)
    for (int64_t z = 0; z < bank.depth; ++z)
      if (const double sum = squares(bank.slice(output, input, z), bank.window()); sum > most)
        most = sum, best = {input, z};
  return best;
}

constexpr int64_t kMostElements = 64;  // of a side of a window as it is drawn

Raster grey_tile(const Bank& bank, const float* slice) {
  const float most = greatest_magnitude(slice, bank.window());
  const Size size{bank.rows, bank.columns}, shown = size_up_to(size, kMostElements);
  if (most > 0) return in_grey(slice, size, shown, {-most, most});
  return {static_cast<int>(shown.width), static_cast<int>(shown.height), 1,
          std::vector<uint8_t>(static_cast<size_t>(shown.height * shown.width), 128)};
}

Raster colour_tile(const Bank& bank, int64_t output, int64_t z, bool is_bgr) {
  float most = 0;
  for (int64_t input = 0; input < 3; ++input)
    most = std::max(most, greatest_magnitude(bank.slice(output, input, z), bank.window()));
  Raster tile{static_cast<int>(bank.columns), static_cast<int>(bank.rows), 3, {}};
  for (int64_t i = 0; i < bank.window(); ++i)
    for (int64_t c = 0; c < 3; ++c) {
      const float weight = bank.slice(output, is_bgr ? 2 - c : c, z)[i];
      tile.bytes.push_back(static_cast<uint8_t>(most > 0 ? std::lround((weight / most + 1) * 127.5f) : 128));
    }
  const Size size{bank.rows, bank.columns};
  return std::max(size.height, size.width) > kMostElements
             ? made_smaller(tile, size_up_to(size, kMostElements))
             : tile;
}

// Whether the difference's norm is at most a hundredth of the second one's.
bool are_alike(const std::vector<float>& a, const std::vector<float>& b, double squares_of_b) {
  double sum = 0;
  for (size_t i = 0; i < a.size() && sum <= squares_of_b * 1e-4; ++i)
    sum += (static_cast<double>(a[i]) - b[i]) * (static_cast<double>(a[i]) - b[i]);
  return sum <= squares_of_b * 1e-4;
}

void find_dead_and_alike(const Bank& bank, std::vector<Filter>& filters) {
  const int64_t count = bank.weights();
  const float greatest = greatest_magnitude(bank.values, bank.outputs * count);
  std::vector<std::vector<float>> weights;
  std::vector<double> sums;
  for (int64_t o = 0; o < bank.outputs; ++o) {
    weights.push_back(weights_of(bank, o));
    sums.push_back(squares(weights.back().data(), count));
    filters[static_cast<size_t>(o)].is_dead =
        greatest_magnitude(weights.back().data(), count) <= greatest * 1e-3f;
  }
  for (size_t b = 0; b < filters.size(); ++b)
    for (size_t a = 0; a < b && !filters[b].is_dead && !filters[b].like; ++a)
      if (!filters[a].is_dead && !filters[a].like &&
          bank.group_of(static_cast<int64_t>(a)) == bank.group_of(static_cast<int64_t>(b)) &&
          are_alike(weights[a], weights[b], sums[b]))
        filters[b].like = a;
}

// A column an input; of large layers a pixel is the mean of several weights.
Raster matrix_of(const Bank& bank) {
  constexpr int64_t kMostRows = 200, kMostColumns = 306;
  std::vector<float> rows;
  for (int64_t o = 0; o < bank.outputs; ++o) {
    const std::vector<float> row = weights_of(bank, o);
    rows.insert(rows.end(), row.begin(), row.end());
  }
  const Size size{bank.outputs, bank.weights()};
  const float most = greatest_magnitude(rows.data(), size.height * size.width);
  return in_grey(rows.data(), size, {std::min(size.height, kMostRows), std::min(size.width, kMostColumns)},
                 {-most, most});
}

}  // namespace

bool has_filters(const Node& node) {
  static const std::set<std::string> operators = {"conv", "conv3d", "upconv", "upconv3d", "dense"};
  return operators.count(node.op) > 0;
}

Filters filters_of(const Node& node, bool is_bgr) {
  const Bank bank = bank_of(node);
  Filters result;
  result.layer = node.name;
  const std::string window = bank.depth > 1 ? fmt::format("{}x{}x{}", bank.depth, bank.rows, bank.columns)
                                            : fmt::format("{}x{}", bank.rows, bank.columns);
  result.what = node.op == "dense" ? fmt::format("{} rows of {} weights", bank.outputs, bank.inputs)
                                   : fmt::format("{} filters of {}x{}", bank.outputs, bank.inputs, window);
  const bool is_matrix = bank.window() * bank.depth == 1;
  result.in_colour = bank.inputs == 3 && !is_matrix;
  for (int64_t o = 0; o < bank.outputs; ++o) {
    Filter filter;
    const auto [input, z] = strongest(bank, o);
    if (!is_matrix) {
      filter.tile =
          result.in_colour ? colour_tile(bank, o, z, is_bgr) : grey_tile(bank, bank.slice(o, input, z));
      if (!result.in_colour && bank.inputs > 1) filter.input = input + bank.group_of(o) * bank.inputs;
    }
    result.filters.push_back(std::move(filter));
  }
  if (is_matrix) result.matrix = matrix_of(bank);
  find_dead_and_alike(bank, result.filters);
  return result;
}

}  // namespace cnnc::picture
