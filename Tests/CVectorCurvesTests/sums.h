// Sums over periods: any number of them, of those that feel history, and of runs.

#pragma once

#include "formulas.h"

static void check_sums(const vc_loops *loops, vc_family family, long periods, long base_periods, int is_shared, int is_kept) {
  double *exposure = random_numbers(periods * draws, 0, 2), *base = random_numbers(periods * draws, 0, 3);
  double *parameters = random_parameters(family), *weight = random_numbers(periods * draws, -1, 2);
  double *power = numbers(periods * draws), *out = numbers(6 * draws);
  long ends[longest], runs = 0;
  for (long t = 1; t <= periods; t++)
    if (t == periods || uniform(0, 1) < 0.4) ends[runs++] = t;
  const double spend = uniform(0.1, 4), unit = uniform(0.1, 4);
  vc_cell cell = {tiles,  periods, exposure, base_periods, base, runs, ends, weight, is_shared ? 0 : runs * VC_TILE,
                  draws, parameters, unit, 0};
  if (is_kept) {
    vc_power_of(loops, family)(&cell, unit, power);
    cell.power = power;
  }
  vc_curve *sums = vc_curve_of(loops, family);
  double *value = out, *slope = out + draws, *curvature = out + 2 * draws;
  sums(&cell, spend, value, slope, curvature);
  sums(&cell, spend, out + 3 * draws, out + 4 * draws, 0);
  sums(&cell, spend, out + 5 * draws, 0, 0);
  add_to_digest(out, 6 * draws);
  expect(!memcmp(value, out + 3 * draws, draws * 8) && !memcmp(value, out + 5 * draws, draws * 8) &&
             !memcmp(slope, out + 4 * draws, draws * 8),
         "%s over %ld periods: values alone, and values and slopes alone, are not the same", family_names[family], periods);

  for (int d = 0; d < draws; d++) {
    const long tile = d / VC_TILE, lane = d % VC_TILE;
    real sum = 0, sum1 = 0, sum2 = 0, size = 0, size1 = 0, size2 = 0;
    for (long i = 0, t = 0; i < runs; i++)
      for (; t < ends[i]; t++) {
        const real a = exposure[(tile * periods + t) * VC_TILE + lane];
        const real rest = t < base_periods ? base[(tile * base_periods + t) * VC_TILE + lane] : 0;
        const real worth = (real)weight[((is_shared ? 0 : tile * runs) + i) * VC_TILE + lane] * parameters[d];
        const point p = curve_of_draw(family, spend * a + rest, parameters, d);
        sum += worth * p.value, size += fabsl(worth * p.value) * p.condition;
        sum1 += worth * a * p.slope, size1 += fabsl(worth * a * p.slope) * p.condition;
        sum2 += worth * a * a * p.curvature, size2 += fabsl(worth) * a * a * p.bend_size * p.condition;
      }
    expect_near(value[d], sum, 1e-14L * size, "sum of values", family, spend);
    expect_near(slope[d], sum1, 1e-13L * size1, "sum of slopes", family, spend);
    expect_near(curvature[d], sum2, 1e-12L * size2, "sum of curvatures", family, spend);
  }
  free(exposure), free(base), free(parameters), free(weight), free(power), free(out);
}

// Values at spends, and between them the bounds of chords.

static void check_chords(const vc_loops *loops, vc_family family, long periods, long base_periods) {
  enum { count = 6 };
  const double spends[count] = {0, 0.01, 0.3, 1, 5, 300};
  double *exposure = random_numbers(periods * draws, 0, 2), *base = random_numbers(periods * draws, 0, 1);
  double *parameters = random_parameters(family), *weight = random_numbers(periods * draws, -1, 2);
  double *turn = numbers(draws), *out = numbers(3 * count * draws), *scratch = numbers(periods * 2 * VC_TILE);
  for (int d = 0; d < draws; d++) {
    const double second = parameters[draws + d], n = parameters[2 * draws + d];
    if (family == vc_hill_sigmoid) turn[d] = n;
    if (family == vc_hill && n > 1) turn[d] = second * pow((n - 1) / (n + 1), 1 / n);
  }
  vc_cell cell = {tiles,  periods, exposure, base_periods, base, 1, &periods, weight, VC_TILE, draws, parameters, 1, 0};
  const vc_nodes nodes = {count, spends, turn, draws, out, out + count * draws, out + 2 * count * draws};
  vc_chords_of(loops, family)(&cell, &nodes, scratch);
  // Where the curve turns comes from a library's function, and so do the last bits of bounds.
  add_to_digest(out, count * draws);

  for (int d = 0; d < draws; d++) {
    const long tile = d / VC_TILE, lane = d % VC_TILE;
    for (int k = 0; k < count; k++) {
      for (int part = 0; part <= (k > 0 ? 16 : 0); part++) {
        const real before = k > 0 ? spends[k - 1] : 0, spend = spends[k] - (spends[k] - before) * part / 16;
        real sum = 0, size = 0;
        for (long t = 0; t < periods; t++) {
          const real a = exposure[(tile * periods + t) * VC_TILE + lane];
          const real rest = t < base_periods ? base[(tile * base_periods + t) * VC_TILE + lane] : 0;
          if (spend * a + rest == 0) continue;
          const point p = curve_of_draw(family, spend * a + rest, parameters, d);
          const real worth = (real)weight[tile * VC_TILE + lane] * parameters[d];
          sum += worth * p.value, size += fabsl(worth * p.value) * p.condition;
        }
        if (part == 0) expect_near(out[k * draws + d], sum, 1e-14L * size, "value of a node", family, spends[k]);
        if (k == 0) continue;
        const real from = out[(k - 1) * draws + d], to = out[k * draws + d], offset = sum - (to + (from - to) * part / 16);
        const real rounding = 1e-13L * (fabsl(from) + fabsl(to) + size);
        const double above = out[(count + k - 1) * draws + d], below = out[(2 * count + k - 1) * draws + d];
        expect(above >= 0 && below >= 0 && offset <= above + rounding && -offset <= below + rounding,
               "%s at %Lg, draw %d: %Lg from the chord, bounds %g above and %g below", family_names[family], spend, d, offset, above,
               below);
        // Not all too far: nothing where the curve is a line, and no more than the ends differ where it rises.
        expect(above + below <= (family == vc_linear ? 0 : 1) * 4 * (periods + 1) * (fabsl(from) + fabsl(to) + size + 30) + rounding,
               "%s at %Lg, draw %d: bounds %g above and %g below", family_names[family], spend, d, above, below);
      }
    }
  }
  free(exposure), free(base), free(parameters), free(weight), free(turn), free(out), free(scratch);
}
