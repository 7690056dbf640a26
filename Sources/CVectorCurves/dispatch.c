#include "CVectorCurves.h"

#include <stdlib.h>
#include <string.h>

/// Every family, once: a name here and an inline function in impl.h.
#define FAMILIES(each) each(logistic)

#pragma clang fp contract(fast)

// The baseline of every processor: SSE2 on x86-64, NEON on arm64. Nothing to ask for.
#define VC(name) name##_baseline
#define LANES 2
#define CHAINS 4
#include "impl.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define VC(name) name##_avx2
#define LANES 4
#define CHAINS 2
#include "impl.h"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#define VC(name) name##_avx512
#define LANES 8
#define CHAINS 2
#include "impl.h"
#pragma clang attribute pop
#endif

typedef struct {
  const char *name;
  vc_curve *curves[vc_family_count];
} instruction_set;

#define BASELINE(family) [vc_##family] = family##_baseline,
#define AVX2(family) [vc_##family] = family##_avx2,
#define AVX512(family) [vc_##family] = family##_avx512,

/// From the narrowest to the widest.
static const instruction_set sets[] = {
    {"baseline", {FAMILIES(BASELINE)}},
#if defined(__x86_64__)
    {"avx2", {FAMILIES(AVX2)}},
    {"avx512", {FAMILIES(AVX512)}},
#endif
};

static int widest(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    return 2;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 1;
#endif
  return 0;
}

/// The set of that name, null where the processor lacks it.
static const instruction_set *find(const char *name) {
  for (int i = widest(); i >= 0; i--)
    if (strcmp(name, sets[i].name) == 0) return &sets[i];
  return NULL;
}

static const instruction_set *chosen;

/// Runs once, before main: no lock, and no question in a loop.
__attribute__((constructor)) static void choose(void) {
  const char *name = getenv("APPORTION_INSTRUCTION_SET");
  if (name) chosen = find(name);
  if (!chosen) chosen = &sets[widest()];
}

vc_curve *vc_body(vc_family family, const char *set) {
  const instruction_set *found = set ? find(set) : chosen;
  return found ? found->curves[family] : NULL;
}

const char *vc_instruction_set(void) { return chosen->name; }
