// Windows gives a thread's stack memory page by page, as each is touched: a function with a frame of more
// than a page calls this before it makes it, with the bytes in RAX. It changes no register. Compilers call
// one of their own library by other names, which not every linker has (`___chkstk_ms`, `__chkstk`); what is
// made for libraries of ours calls this one (names.h).
#include "runtime/names.h"

__asm__(
    ".text\n"
    ".globl " CNNC_RT_SYMBOL(cnnc_rt_touch_stack) "\n"
    ".def " CNNC_RT_SYMBOL(cnnc_rt_touch_stack) "; .scl 2; .type 32; .endef\n"
    CNNC_RT_SYMBOL(cnnc_rt_touch_stack) ":\n"
    "  pushq %rcx\n"
    "  pushq %rax\n"
    "  leaq 24(%rsp), %rcx\n"
    "1: cmpq $4096, %rax\n"
    "  jbe 2f\n"
    "  subq $4096, %rcx\n"
    "  testl %ecx, (%rcx)\n"
    "  subq $4096, %rax\n"
    "  jmp 1b\n"
    "2: subq %rax, %rcx\n"
    "  testl %ecx, (%rcx)\n"
    "  popq %rax\n"
    "  popq %rcx\n"
    "  ret\n");
