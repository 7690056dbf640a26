// One period without carryover, over the whole range of media.

#pragma once

#include "formulas.h"

/// Far enough from both ends of the range to keep its digits.
static int is_plain(real number, real smallest) { return fabsl(number) > smallest && fabsl(number) < 1 / smallest; }

static void check_range(const vc_loops *loops, vc_family family, double second, double third, int is_kept) {
  enum { count = 1024 };
  double *media = numbers(count), *weight = numbers(VC_TILE), *parameters = numbers(3 * count);
  double *value = numbers(count), *slope = numbers(count), *curvature = numbers(count), *power = numbers(count);
  // With one power for all periods, as far as the period's part can be told.
  const int reach = is_kept ? (int)(300 * 1.4 / (third > 1 ? third : 1)) : 996;
  for (int d = 0; d < count; d++) {
    media[d] = ldexp(uniform(1, 2), d * 2 * reach / count - reach);
    // Half of them around the place that parameters put something at.
    if (d % 2) media[d] = uniform(0.01, 2) * (third > 0 ? third : 1) * (is_kept ? second : 1);
    parameters[d] = 1;
    parameters[count + d] = second;
    parameters[2 * count + d] = third;
  }
  for (int i = 0; i < VC_TILE; i++) weight[i] = 1;
  const long end = 1;
  vc_cell cell = {count / VC_TILE, 1, media, 0, media, 1, &end, weight, 0, count, parameters, 1, 0};
  if (is_kept) {
    vc_power_of(loops, family)(&cell, 1, power);
    cell.power = power;
  }
  vc_curve_of(loops, family)(&cell, 1, value, slope, curvature);
  add_to_digest(value, count), add_to_digest(slope, count), add_to_digest(curvature, count);

  // The kernel neglects 1e-152, e^-350, where c is larger than 350; and e^-700 beside one.
  const real smallest = family == vc_hill_sigmoid ? 1e-136L : 1e-290L;
  for (int d = 0; d < count; d++) {
    const real own[3] = {1, second, third}, x = media[d];
    const point p = curve(family, x, own);
    const real u = family == vc_hill ? x / second : x;
    if (family == vc_hill && (u < 0x1p-1022L || expl(-third * logl(u)) < 1e-290L)) continue;
    if (is_plain(p.value, smallest))
      expect_near(value[d], p.value, 4e-15L * p.condition * p.value, "value", family, media[d]);
    // Below the smallest normal numbers what derivatives are made of keeps no digits.
    if (!is_plain(p.slope, smallest) || !is_plain(p.slope * x, smallest)) continue;
    expect_near(slope[d], p.slope * x, 1e-13L * p.condition * fabsl(p.slope * x), "slope", family, media[d]);
    if (!is_plain(p.slope / u, smallest) || !is_plain(p.bend_size, smallest) || !is_plain(p.bend_size * x * x, smallest)) continue;
    const real size = p.bend_size * x * x + p.slope * x * fminl(1 + u, p.condition);
    expect_near(curvature[d], p.curvature * x * x, 1e-13L * p.condition * size, "curvature", family, media[d]);
  }
  free(media), free(weight), free(parameters), free(value), free(slope), free(curvature), free(power);
}

static void check_ranges(const vc_loops *loops, vc_family family) {
  switch (family) {
  case vc_hill_sigmoid:
    for (int i = 0; i < 7; i++) check_range(loops, family, 1, (double[]){0, 0.3, 5, 40, 500, 640, 2000}[i], 0);
    break;
  case vc_hill:
    for (int i = 0; i < 7; i++) {
      const double n = (double[]){0.3, 1, 1.7, 2, 3, 5, 8}[i];
      for (int k = 0; k < 3; k++) check_range(loops, family, (double[]){1, 3e-4, 7e8}[k], n, 0);
      check_range(loops, family, 2, n, 1);
    }
    break;
  case vc_root:
    for (int i = 0; i < 5; i++) {
      check_range(loops, family, (double[]){0.02, 0.3, 0.5, 0.9, 1}[i], 0, 0);
      check_range(loops, family, (double[]){0.02, 0.3, 0.5, 0.9, 1}[i], 0, 1);
    }
    break;
  default: check_range(loops, family, 1, 0, 0);
  }
}
