// Graphs inside of models: those of an If, and functions that a model defines.
#include <doctest/doctest.h>

#include "model_fixture.h"
#include "onnx/file/read.h"
#include "protos.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

namespace {

using Proto = ::onnx::ModelProto;

std::shared_ptr<const Branch> branch(std::vector<cnnc::onnx::Node> nodes, std::string output,
                                     std::map<std::string, Constant> constants = {}) {
  return std::make_shared<const Branch>(Branch{std::move(nodes), std::move(constants), {std::move(output)}});
}

Constant truth(bool value) {
  Constant c = integers({}, {value ? 1 : 0});
  c.type = "bool";
  return c;
}

// relu(x) or 3 x, by the condition; both call what they make 'b', and the constant of one is called as that
// of the model.
cnnc::onnx::Node choice(const std::string& condition, const std::string& output) {
  cnnc::onnx::Node node = test::node("If", {condition}, {output});
  node.branches["then_branch"] = branch({test::node("Relu", {"x"}, {"b"})}, "b");
  node.branches["else_branch"] = branch({test::node("Mul", {"x", "k"}, {"b"})}, "b", {{"k", scalar(3)}});
  node.captured = {"x"};
  return node;
}

// A function with a slope: x leaky, plus x; of the domain "own".
void add_function(Proto& proto) {
  auto& function = *proto.add_functions();
  function.set_name("Sum");
  function.set_domain("own");
  function.add_input("a");
  function.add_output("b");
  auto& leaky = *function.add_node();
  leaky.set_op_type("LeakyRelu");
  leaky.add_input("a");
  leaky.add_output("c");
  auto& alpha = *leaky.add_attribute();
  alpha.set_name("alpha");
  alpha.set_ref_attr_name("slope");
  alpha.set_type(::onnx::AttributeProto::FLOAT);
  auto& add = *function.add_node();
  add.set_op_type("Add");
  add.add_input("c");
  add.add_input("a");
  add.add_output("b");
}

void add_value(::onnx::ValueInfoProto& info, const std::string& name, std::initializer_list<int64_t> dims) {
  info.set_name(name);
  auto& tensor = *info.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(::onnx::TensorProto::FLOAT);
  for (const int64_t dim : dims) tensor.mutable_shape()->add_dim()->set_dim_value(dim);
}

// y = Sum(Sum(x)), the first with a slope of 0.5, the second without.
Proto calls() {
  Proto proto;
  proto.set_ir_version(8);
  auto& opset = *proto.add_opset_import();
  opset.set_version(17);
  add_value(*proto.mutable_graph()->add_input(), "x", {1, 2});
  add_value(*proto.mutable_graph()->add_output(), "y", {1, 2});
  auto& first = add_op(proto, "Sum", {"x"}, "h");
  first.set_domain("own");
  auto& slope = *first.add_attribute();
  slope.set_name("slope");
  slope.set_type(::onnx::AttributeProto::FLOAT);
  slope.set_f(0.5F);
  add_op(proto, "Sum", {"h"}, "y").set_domain("own");
  add_function(proto);
  return proto;
}

std::string refusal(const Proto& proto) {
  Diagnostics diagnostics;
  CHECK(!parse_model(proto.SerializeAsString(), "net.onnx", diagnostics));
  const Diagnostic& d = diagnostics.all().at(0);
  return d.message + (d.hint.empty() ? "" : " | " + d.hint);
}

}  // namespace

TEST_CASE("of an If whose condition is known the graph that it takes is the network's") {
  const auto values = [](bool condition) {
    return run(model({value("x", {1, 2})}, {choice("c", "y")}, {"y"}, {{"c", truth(condition)}}), {{-1, 2}});
  };
  CHECK(values(true) == Values{0, 2});
  CHECK(values(false) == Values{-3, 6});
}

TEST_CASE("a condition may be computed from shapes") {
  const Model m = model({value("x", {1, 2})},
                        {node("Shape", {"x"}, {"s"}), node("Gather", {"s", "one"}, {"n"}),
                         node("Equal", {"n", "two"}, {"c"}), choice("c", "y")},
                        {"y"}, {{"one", integers({}, {1})}, {"two", integers({}, {2})}});
  CHECK(run(m, {{-1, 2}}) == Values{0, 2});
}

TEST_CASE("names in a branch hide those around it only there") {
  const Model m = model({value("x", {1, 2})}, {choice("c", "a"), node("Mul", {"a", "k"}, {"y"})}, {"y"},
                        {{"c", truth(false)}, {"k", scalar(10)}});
  CHECK(run(m, {{-1, 2}}) == Values{-30, 60});
}

TEST_CASE("what a branch has that cannot be mapped is said with its place") {
  Model m = model({value("x", {1, 2})}, {choice("c", "y")}, {"y"}, {{"c", truth(true)}});
  m.nodes[0].branches["then_branch"] = branch({node("Unique", {"x"}, {"b"})}, "b");
  CHECK(errors_of(m) == "If 'y': of the branch that it takes, Unique 'b': there is no such operator in cnnc");
  m.nodes[0].branches.erase("then_branch");
  CHECK(errors_of(m) == "If 'y': its 'then_branch' does not make its 1 outputs");
}

TEST_CASE("an If whose condition the network computes is refused") {
  const Model m = model({value("x", {1, 2})}, {node("ReduceMax", {"x"}, {"c"}), choice("c", "y")}, {"y"});
  CHECK(errors_of(m) ==
        "If 'y': the network computes its condition, and one of two graphs would be run; hint: export the "
        "model again so that it does one of them; to compile what stands in front of it, add --output c");
}

TEST_CASE("functions of a model are put where they are called, with the attributes of the call") {
  Diagnostics diagnostics;
  const auto read = parse_model(calls().SerializeAsString(), "net.onnx", diagnostics);
  REQUIRE(read);
  CHECK(close(run(*read, {{-1, 2}}), {-1.515, 8}));  // of the second the slope is LeakyRelu's own, 0.01
}

TEST_CASE("a function that calls itself, or is of another opset, is refused") {
  Proto itself = calls();
  itself.mutable_functions(0)->mutable_node(0)->set_op_type("Sum");
  itself.mutable_functions(0)->mutable_node(0)->set_domain("own");
  CHECK(refusal(itself) ==
        "the functions of the model: the function 'Sum' calls itself, or calls are nested over 64 deep");
  Proto other = calls();
  other.mutable_functions(0)->add_opset_import()->set_version(18);
  CHECK(refusal(other) ==
        "the functions of the model: the function 'Sum' uses opset 18, and the model 17 | inline it in "
        "Python: onnx.inliner.inline_local_functions(onnx.load(\"model.onnx\"), True)");
}
