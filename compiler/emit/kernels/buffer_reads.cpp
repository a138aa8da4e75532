#include "emit/kernels/buffer_reads.h"

#include <map>
#include <utility>

namespace cnnc {

namespace {

// What is read into a variable that nothing uses is left out of the code.
class BufferReads : public Halide::Internal::IRVisitor {
 public:
  std::string field;

 private:
  std::map<std::string, std::string> fields_;  // by the variables that they are read into
  using Halide::Internal::IRVisitor::visit;

  void visit(const Halide::Internal::Call* call) override {
    const bool is_read = call->name.rfind("_halide_buffer_get_", 0) == 0;
    if (is_read && call->name != Halide::Internal::Call::buffer_get_host) field = call->name;
    Halide::Internal::IRVisitor::visit(call);
  }
  void visit(const Halide::Internal::Variable* variable) override {
    const auto found = fields_.find(variable->name);
    if (found != fields_.end()) field = found->second;
  }
  template <typename Let>
  void visit_let(const Let* let) {
    const std::string before = std::exchange(field, "");
    let->value.accept(this);
    if (!field.empty()) fields_[let->name] = field;
    field = before;
    let->body.accept(this);
  }
  void visit(const Halide::Internal::AssertStmt*) override {}  // the target makes no code of them
  void visit(const Halide::Internal::Let* let) override { visit_let(let); }
  void visit(const Halide::Internal::LetStmt* let) override { visit_let(let); }
};

}  // namespace

std::string buffer_field_read(const Halide::Module& module) {
  BufferReads reads;
  for (const Halide::Internal::LoweredFunc& function : module.functions()) function.body.accept(&reads);
  return reads.field;
}

}  // namespace cnnc
