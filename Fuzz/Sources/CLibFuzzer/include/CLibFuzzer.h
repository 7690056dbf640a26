// libFuzzer's driver, of which clang installs no header (LLVM, "libFuzzer: using libFuzzer as a library").
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Feeds inputs to `run`, of arguments as the command line has them, until they say that it is enough.
int LLVMFuzzerRunDriver(int *count, char ***arguments, int (*run)(const uint8_t *bytes, size_t size));
