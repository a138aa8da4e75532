// A page or node, see system.h: there is nothing to ask, and so nothing that is refused.
#ifndef CNNC_SYSTEM_WASM_H
#define CNNC_SYSTEM_WASM_H

#define SYSTEM_SAYS_WHY "nobody"

#endif
