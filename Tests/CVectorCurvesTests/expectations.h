// What is checked, and how it went; and numbers to begin with.

#pragma once

#include "CVectorCurves.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef long double real;

enum { longest = 17, tiles = 2, draws = tiles * VC_TILE };

static const char *const family_names[vc_family_count] = {"logistic", "exponential", "hill_sigmoid", "michaelis_menten",
                                                          "log",      "linear",      "hill",         "root"};
static const int parameter_counts[vc_family_count] = {2, 2, 3, 2, 1, 1, 3, 2};

static const char *set_name;
static long checks, failures;
static uint64_t digest;

__attribute__((format(printf, 2, 3))) static void expect(int holds, const char *format, ...) {
  checks++;
  if (holds || failures++ >= 20) return;
  va_list arguments;
  va_start(arguments, format);
  printf("FAILED on %s: ", set_name);
  vprintf(format, arguments);
  printf("\n");
  va_end(arguments);
}

static void expect_near(double found, real expected, real tolerance, const char *what, int family, double at) {
  expect(fabsl((real)found - expected) <= tolerance, "%s of %s at %.17g: %.17g, expected %.20Lg within %.2Lg", what,
         family < 0 ? "all" : family_names[family], at, found, expected, tolerance);
}

static void start_digest(void) { digest = 0xcbf29ce484222325u; }

/// All numbers that are none count as one.
static void add_to_digest(const double *numbers, long count) {
  for (long i = 0; i < count; i++) {
    uint64_t bits;
    memcpy(&bits, &numbers[i], sizeof bits);
    digest = (digest ^ (isnan(numbers[i]) ? 1 : bits)) * 0x100000001b3u;
  }
}

// Numbers to begin with: the same on every processor, and so made without a library's functions.

static uint64_t state;

static double uniform(double from, double to) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return from + (to - from) * ((double)(state >> 11) * 0x1p-53);
}

static double *numbers(long count) {
  double *start = aligned_alloc(64, (size_t)(count + 8) / 8 * 64);
  if (!start) abort();
  for (long i = 0; i < count; i++) start[i] = 0;
  return start;
}

static double *random_numbers(long count, double from, double to) {
  double *start = numbers(count);
  for (long i = 0; i < count; i++) start[i] = uniform(from, to);
  return start;
}

/// [parameter][draw]: a scale of either sign, and what else the family has.
static double *random_parameters(vc_family family) {
  double *parameters = random_numbers(3 * draws, 0.2, 3);
  for (int d = 0; d < draws; d++) {
    parameters[d] = uniform(-1, 2);
    if (family == vc_root) parameters[draws + d] = uniform(0.05, 1);
    if (family == vc_hill) parameters[2 * draws + d] = uniform(0.4, 4);
  }
  return parameters;
}
