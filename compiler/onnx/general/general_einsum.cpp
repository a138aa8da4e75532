// Einsum: sums of products, named by a letter for each dimension.
// https://github.com/onnx/onnx/blob/v1.12.0/docs/Operators.md#Einsum
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string>

#include "onnx/attributes.h"
#include "onnx/dims.h"
#include "onnx/general/general.h"
#include "onnx/general/operations.h"
#include "onnx/general/times_matrix.h"
#include "onnx/tensors/rearrange.h"

namespace cnnc::onnx {
namespace {

// "bij,bjk->bik": the letters of the inputs, and of the result.
struct Equation {
  std::vector<std::string> inputs;
  std::string result;
};

bool has(const std::string& letters, char c) {
  return letters.find(c) != std::string::npos;
}

// Without an arrow the result has the letters that occur once, by the alphabet.
std::string implied_result(const std::string& inputs) {
  std::string result;
  for (char c = 'A'; c <= 'z'; ++c)
    if (std::count(inputs.begin(), inputs.end(), c) == 1) result += c;
  return result;
}

// The letters in place of "...", which stand for the dimensions in front of an input that no other letter
// has: as many of them, from the last on, as there are such dimensions.
std::string spelt_out(const std::string& letters, const std::string& dots, size_t count) {
  const size_t at = letters.find("...");
  if (at == std::string::npos) return letters;
  if (count > dots.size()) throw Unmapped{"its '...' stands for dimensions that are less than none", ""};
  return letters.substr(0, at) + dots.substr(dots.size() - count) + letters.substr(at + 3);
}

// So many letters that the equation has not.
std::string free_letters(const std::string& text, size_t count) {
  std::string letters;
  for (char c = 'A'; c <= 'z' && letters.size() < count; ++c)
    if (std::isalpha(static_cast<unsigned char>(c)) && !has(text, c)) letters += c;
  return letters;
}

// "...ij,jk->...ik" with a letter for each dimension.
Equation without_dots(Equation e, const std::string& text, bool is_implied,
                      const std::vector<size_t>& ranks) {
  std::vector<size_t> counts;
  for (size_t i = 0; i < e.inputs.size(); ++i)
    counts.push_back(e.inputs[i].find("...") == std::string::npos ? 0 : ranks[i] + 3 - e.inputs[i].size());
  const size_t most = *std::max_element(counts.begin(), counts.end());
  const std::string dots = free_letters(text, std::min<size_t>(most, 26));
  for (size_t i = 0; i < e.inputs.size(); ++i) e.inputs[i] = spelt_out(e.inputs[i], dots, counts[i]);
  e.result = is_implied ? dots + e.result : spelt_out(e.result, dots, dots.size());
  return e;
}

size_t rank_of(const Translation& t, const Node& node, size_t index) {
  const Constant* c = constant_input(t, node, index);
  return c ? c->dims.size() : need_view(t, node, index).dims.size();
}

Equation equation_of(const Translation& t, const Node& node) {
  std::string text = word(node, "equation", "");
  text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
  const size_t arrow = text.find("->");
  const bool is_implied = arrow == std::string::npos;
  const std::string inputs = text.substr(0, arrow);
  Equation e{{""}, is_implied ? implied_result(inputs) : text.substr(arrow + 2)};
  for (const char c : inputs)
    if (c == ',')
      e.inputs.emplace_back();
    else
      e.inputs.back() += c;
  if (e.inputs.size() != node.inputs.size())
    throw Unmapped{fmt::format("its equation is '{}', and it has {} inputs", text, node.inputs.size()), ""};
  std::vector<size_t> ranks;
  for (size_t i = 0; i < node.inputs.size(); ++i) ranks.push_back(rank_of(t, node, i));
  e = without_dots(std::move(e), text, is_implied, ranks);
  const auto is_known = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  for (const std::string& letters : e.inputs)
    for (const char c : letters)
      if (!is_known(c) || std::count(letters.begin(), letters.end(), c) > 1)
        throw Unmapped{fmt::format("its equation is '{}'; letters are known, each once for an input", text),
                       ""};
  return e;
}

// The places of letters among others.
std::vector<int64_t> places(const std::string& letters, const std::string& among) {
  std::vector<int64_t> result;
  for (const char c : letters) {
    if (!has(among, c)) throw Unmapped{fmt::format("the letter '{}' of its result is of no input", c), ""};
    result.push_back(static_cast<int64_t>(among.find(c)));
  }
  return result;
}

struct Named {
  View view;
  std::string letters;
};

void want_rank(const std::string& letters, size_t rank) {
  if (letters.size() != rank)
    throw Unmapped{
        fmt::format("its equation has the letters '{}' for an input of {} dimensions", letters, rank), ""};
}

// Summed over the letters that nothing else has.
Named summed(Translation& t, Named x, const std::string& others) {
  want_rank(x.letters, x.view.dims.size());
  std::vector<size_t> axes;
  std::string rest;
  for (size_t i = 0; i < x.letters.size(); ++i)
    if (has(others, x.letters[i]))
      rest += x.letters[i];
    else
      axes.push_back(i);
  if (axes.empty()) return x;
  return {without_dims(reduced(t, "", "reduce_sum", x.view, axes), axes), rest};
}

struct NamedConstant {
  Constant constant;
  std::string letters;
};

// The same of a constant: those letters last, and their sums.
NamedConstant summed(const Constant& c, const std::string& letters, const std::string& others) {
  want_rank(letters, c.dims.size());
  std::string kept, gone;
  for (const char letter : letters) (has(others, letter) ? kept : gone) += letter;
  if (gone.empty()) return {c, letters};
  const Constant moved = with_order(c, places(kept + gone, letters));
  Dims dims(moved.dims.begin(), moved.dims.begin() + static_cast<std::ptrdiff_t>(kept.size()));
  const auto count = static_cast<size_t>(elements(dims));
  const size_t each = count == 0 ? 0 : moved.floats->size() / count;
  std::vector<float> sums;
  for (size_t i = 0; i < count; ++i) {
    double sum = 0;
    for (size_t k = 0; k < each; ++k) sum += (*moved.floats)[i * each + k];
    sums.push_back(static_cast<float>(sum));
  }
  return {{c.type, std::move(dims), std::make_shared<const std::vector<float>>(std::move(sums)), nullptr},
          kept};
}

// The letters of a pair of inputs by where they are.
struct Roles {
  std::string both;  // of both, and of the result
  std::string sum;   // of both, and not of the result
  std::string left, right;
};

Roles roles_of(const std::string& a, const std::string& b, const std::string& result) {
  Roles roles;
  for (const char c : a) (!has(b, c) ? roles.left : has(result, c) ? roles.both : roles.sum) += c;
  for (const char c : b)
    if (!has(a, c)) roles.right += c;
  return roles;
}

Dims sizes_of(const std::string& letters, const std::string& among, const Dims& dims) {
  Dims result;
  for (const int64_t place : places(letters, among)) result.push_back(dims[static_cast<size_t>(place)]);
  return result;
}

// The dimensions of `apart` each on its own, behind them those of `first` as one and those of `second` as
// one.
View grouped(Translation& t, const Named& x, const std::string& apart, const std::string& first,
             const std::string& second) {
  const Dims dims = dims_of(x.view);
  Dims result = sizes_of(apart, x.letters, dims);
  result.push_back(elements(sizes_of(first, x.letters, dims)));
  result.push_back(elements(sizes_of(second, x.letters, dims)));
  return reshaped_tensor(t, transposed(x.view, places(apart + first + second, x.letters)), result);
}

Named product(Translation& t, const Node& node, const Named& a, const Named& b, const std::string& result) {
  const Roles r = roles_of(a.letters, b.letters, result);
  const View y = joined(t, name_of(node), "matmul",
                        {grouped(t, a, r.both, r.left, r.sum), grouped(t, b, r.both, r.sum, r.right)});
  Dims dims =
      broadcast(sizes_of(r.both, a.letters, dims_of(a.view)), sizes_of(r.both, b.letters, dims_of(b.view)));
  const Dims left = sizes_of(r.left, a.letters, dims_of(a.view));
  dims.insert(dims.end(), left.begin(), left.end());
  const Dims right = sizes_of(r.right, b.letters, dims_of(b.view));
  dims.insert(dims.end(), right.begin(), right.end());
  return {reshaped_tensor(t, y, dims), r.both + r.left + r.right};
}

// With another constant matrix for each place of `both`: the sum of x[both, left, sum, 1] c[both, 1, sum,
// right].
Named product_of_matrices(Translation& t, const Node& node, const Named& x, const Constant& c,
                          const std::string& letters, const Roles& r) {
  const Dims sizes = dims_of(x.view), right = sizes_of(r.right, letters, c.dims);
  Dims own = sizes_of(r.both, x.letters, sizes), result = broadcast(own, sizes_of(r.both, letters, c.dims));
  const Dims left = sizes_of(r.left, x.letters, sizes);
  own.insert(own.end(), {elements(left), elements(sizes_of(r.sum, x.letters, sizes)), 1});
  result.insert(result.end(), left.begin(), left.end());
  result.insert(result.end(), right.begin(), right.end());
  const View rows = reshaped_tensor(t, transposed(x.view, places(r.both + r.left + r.sum, x.letters)), own);
  Constant matrices = with_order(c, places(r.both + r.sum + r.right, letters));
  matrices.dims = sizes_of(r.both, letters, c.dims);
  matrices.dims.insert(matrices.dims.end(), {1, elements(sizes_of(r.sum, letters, c.dims)), elements(right)});
  const View products = with_constant(t, "", "multiply", rows, matrices);
  const size_t summed_axis = products.dims.size() - 2;
  const View y =
      without_dims(reduced(t, name_of(node), "reduce_sum", products, {summed_axis}), {summed_axis});
  return {reshaped_tensor(t, y, result), r.both + r.left + r.right};
}

// With a constant: a product element by element, or with a matrix.
Named product(Translation& t, const Node& node, const Named& x, const Constant& c, const std::string& letters,
              const std::string& result) {
  want_rank(letters, c.dims.size());
  const Roles r = roles_of(x.letters, letters, result);
  if (r.sum.empty() && r.right.empty()) {
    Constant factor = with_order(c, places(r.both, letters));
    factor.dims.clear();
    for (const char letter : x.letters)
      factor.dims.push_back(has(letters, letter) ? sizes_of({letter}, letters, c.dims)[0] : 1);
    return {with_constant(t, name_of(node), "multiply", x.view, factor), x.letters};
  }
  if (!r.both.empty()) return product_of_matrices(t, node, x, c, letters, r);
  const Dims dims = dims_of(x.view);
  Dims rows = sizes_of(r.left, x.letters, dims), own = rows;
  rows.push_back(elements(sizes_of(r.sum, x.letters, dims)));
  const View moved = reshaped_tensor(t, transposed(x.view, places(r.left + r.sum, x.letters)), rows);
  const Dims right = sizes_of(r.right, letters, c.dims);
  Constant matrix = with_order(c, places(r.sum + r.right, letters));
  matrix.dims = {elements(sizes_of(r.sum, letters, c.dims)), elements(right)};
  own.insert(own.end(), right.begin(), right.end());
  const View y = times_matrix(t, name_of(node), moved, rows.size() - 1, matrix_of(matrix, true), 1);
  return {reshaped_tensor(t, y, own), r.left + r.right};
}

}  // namespace

// One after the other, those that the network computes first; of each what nothing else has is summed before.
void general_einsum(Translation& t, const Node& node) {
  const Equation e = equation_of(t, node);
  std::vector<size_t> order;
  for (const bool of_constants : {false, true})
    for (size_t i = 0; i < e.inputs.size(); ++i)
      if ((constant_input(t, node, i) != nullptr) == of_constants) order.push_back(i);
  const auto letters_behind = [&](size_t k) {
    std::string letters = e.result;
    while (++k < order.size()) letters += e.inputs[order[k]];
    return letters;
  };
  Named y = summed(t, {need_view(t, node, order[0]), e.inputs[order[0]]}, letters_behind(0));
  for (size_t k = 1; k < order.size(); ++k) {
    const size_t i = order[k];
    const std::string behind = letters_behind(k);
    if (constant_input(t, node, i)) {
      const NamedConstant c =
          summed(need_floats(t, node, i, "its constant"), e.inputs[i], y.letters + behind);
      y = product(t, node, summed(t, y, c.letters + behind), c.constant, c.letters, behind);
    } else {
      const Named b = summed(t, {need_view(t, node, i), e.inputs[i]}, y.letters + behind);
      y = product(t, node, summed(t, y, b.letters + behind), b, behind);
    }
    y = summed(t, y, behind);
  }
  set_output(t, node, transposed(y.view, places(e.result, y.letters)));
}

}  // namespace cnnc::onnx
