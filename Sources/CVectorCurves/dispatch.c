#include "CVectorCurves.h"

#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

/// Every family, once: a name here and an inline function in curves.h; the second list holds those with a power of spend.
#define FAMILIES(each)                                                                                                \
  each(logistic) each(exponential) each(hill_sigmoid) each(michaelis_menten) each(log) each(linear) each(hill) each(root)
#define POWERS(each) each(hill) each(root)

// A sum of a product rounds once where vectors.h says so, and nowhere else: the same bits however hard the compiler tries.
#pragma clang fp contract(off)

// The baseline of every processor: SSE2 on x86-64, NEON on arm64. Nothing to ask for.
#define VC(name) name##_baseline
#define LANES 2
#if defined(__ARM_FEATURE_FMA)
#define FUSED 1
#else
#define FUSED 0
#endif
#define EXP_TABLE 0
#include "impl.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define VC(name) name##_avx2
#define LANES 4
#define FUSED 1
#define EXP_TABLE 0
#define MINIMUM _mm256_min_pd
#define MAXIMUM _mm256_max_pd
#include "impl.h"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#define VC(name) name##_avx512
#define LANES 8
#define FUSED 1
#define EXP_TABLE 1
#define MINIMUM _mm512_min_pd
#define MAXIMUM _mm512_max_pd
#include "impl.h"
#pragma clang attribute pop
#endif

#define BASELINE(family) [vc_##family] = family##_baseline,
#define AVX2(family) [vc_##family] = family##_avx2,
#define AVX512(family) [vc_##family] = family##_avx512,
#define BASELINE_CHORDS(family) [vc_##family] = family##_chords_baseline,
#define AVX2_CHORDS(family) [vc_##family] = family##_chords_avx2,
#define AVX512_CHORDS(family) [vc_##family] = family##_chords_avx512,
#define BASELINE_POWER(family) [vc_##family] = family##_power_baseline,
#define BASELINE_CALENDAR(family) [vc_##family] = family##_calendar_baseline,
#define AVX2_POWER(family) [vc_##family] = family##_power_avx2,
#define AVX2_CALENDAR(family) [vc_##family] = family##_calendar_avx2,
#define AVX512_POWER(family) [vc_##family] = family##_power_avx512,
#define AVX512_CALENDAR(family) [vc_##family] = family##_calendar_avx512,

/// From the narrowest to the widest.
static const vc_loops sets[] = {
    {"baseline", {FAMILIES(BASELINE)}, {FAMILIES(BASELINE_CHORDS)}, {POWERS(BASELINE_POWER)}, {FAMILIES(BASELINE_CALENDAR)},
     carry_baseline, combine_baseline},
#if defined(__x86_64__)
    {"avx2", {FAMILIES(AVX2)}, {FAMILIES(AVX2_CHORDS)}, {POWERS(AVX2_POWER)}, {FAMILIES(AVX2_CALENDAR)},
     carry_avx2, combine_avx2},
    {"avx512", {FAMILIES(AVX512)}, {FAMILIES(AVX512_CHORDS)}, {POWERS(AVX512_POWER)}, {FAMILIES(AVX512_CALENDAR)},
     carry_avx512, combine_avx512},
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
static const vc_loops *find(const char *name) {
  for (int i = widest(); i >= 0; i--)
    if (strcmp(name, sets[i].name) == 0) return &sets[i];
  return NULL;
}

static const vc_loops *chosen;

/// Runs once, before main: no lock, and no question in a loop.
__attribute__((constructor)) static void choose(void) {
  const char *name = getenv("APPORTION_INSTRUCTION_SET");
  if (name) chosen = find(name);
  if (!chosen) chosen = &sets[widest()];
}

const vc_loops *vc_loops_on(const char *name) { return name ? find(name) : chosen; }

vc_curve *vc_curve_of(const vc_loops *loops, vc_family family) { return loops->curve[family]; }

vc_chords *vc_chords_of(const vc_loops *loops, vc_family family) { return loops->chords[family]; }

vc_power *vc_power_of(const vc_loops *loops, vc_family family) { return loops->power[family]; }

vc_calendar_sums *vc_calendar_of(const vc_loops *loops, vc_family family) { return loops->calendar[family]; }
