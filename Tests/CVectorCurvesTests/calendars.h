// Media that are decided period by period.

#pragma once

#include "formulas.h"

static void check_calendar(const vc_loops *loops, vc_family family, long planned, long after, long lags, int is_geometric, int has_line) {
  const long felt = planned + after, base_periods = planned / 2;
  if (is_geometric) lags = 1;
  double *media = random_numbers(planned, 0.1, 3), *rate = random_numbers(planned, 0.5, 2);
  double *lag_weights = random_numbers(lags * draws, 0.1, 1), *retention = random_numbers(draws, 0, 0.95);
  double *base = random_numbers((base_periods + 1) * draws, 0, 2), *weight = random_numbers(felt * draws, -1, 2);
  double *joint = random_numbers(felt * draws, 0.5, 3), *line = random_numbers(felt * draws, 0, 2);
  double *parameters = random_parameters(family), *scratch = numbers((lags + 2 * felt) * VC_TILE);
  double *value = numbers(3 * draws), *slope = numbers(2 * planned * draws), *curvature = numbers(felt * draws);
  const vc_calendar cell = {tiles, planned, felt, media, rate, lags, draws, lag_weights, is_geometric ? retention : 0,
                            base_periods, base, weight, felt * VC_TILE, has_line ? joint : 0, line, draws, parameters};
  vc_calendar_sums *sums = vc_calendar_of(loops, family);
  sums(&cell, draws, value, slope, curvature, scratch);
  sums(&cell, draws, value + draws, slope + planned * draws, 0, scratch);
  sums(&cell, draws, value + 2 * draws, 0, 0, scratch);
  add_to_digest(value, 3 * draws), add_to_digest(slope, 2 * planned * draws), add_to_digest(curvature, (is_geometric ? planned : felt) * draws);
  expect(!memcmp(value, value + draws, draws * 8) && !memcmp(value, value + 2 * draws, draws * 8) &&
             !memcmp(slope, slope + planned * draws, planned * draws * 8),
         "%s over %ld periods: values alone, and values and slopes alone, are not the same", family_names[family], planned);

  for (int d = 0; d < draws; d++) {
    const long tile = d / VC_TILE, lane = d % VC_TILE;
    real weights[2 * longest], slopes[2 * longest], bends[2 * longest], bend_sizes[2 * longest], total = 0, size = 0, slope_size = 0;
    weights[0] = lag_weights[d];
    for (long l = 1; l < felt; l++)
      weights[l] = is_geometric ? weights[l - 1] * retention[d] : l < lags ? lag_weights[l * draws + d] : 0;
    for (long s = 0; s < felt; s++) {
      real z = s < base_periods ? base[(tile * base_periods + s) * VC_TILE + lane] : 0;
      for (long t = 0; t <= s && t < planned; t++) z += weights[s - t] * media[t];
      const long place = (tile * felt + s) * VC_TILE + lane;
      const real worth = weight[place], from = joint[place];
      const int is_line = has_line && z < from;
      const real at = is_line ? from : z;
      slopes[s] = is_line ? worth * line[place] : 0, bends[s] = 0, bend_sizes[s] = 0;
      // Where no media are felt a curve is nothing.
      if (at > 0) {
        const point p = curve_of_draw(family, at, parameters, d);
        const real own = worth * parameters[d] * p.value, straight = is_line ? worth * line[place] * (z - from) : 0;
        total += own + straight, size += (fabsl(own) + fabsl(straight)) * p.condition;
        if (!is_line) {
          slopes[s] = worth * parameters[d] * p.slope;
          bends[s] = worth * parameters[d] * p.curvature;
          bend_sizes[s] = fabsl(worth * parameters[d]) * p.bend_size * p.condition;
        }
        slope_size += fabsl(slopes[s]) * p.condition;
      } else
        slopes[s] = bends[s] = NAN;
    }
    expect_near(value[d], total, 1e-13L * (size + 1), "value by period", family, planned);
    for (long t = 0; t < planned; t++) {
      real reach = 0, bend = 0, bend_size = 0, kept = 1;
      for (long s = t; s < felt; s++, kept *= retention[d] * retention[d]) {
        if (weights[s - t] != 0) reach += weights[s - t] * slopes[s];
        bend += kept * bends[s], bend_size += kept * bend_sizes[s];
      }
      if (!isnan(reach)) expect_near(slope[t * draws + d], rate[t] * reach, 1e-12L * (slope_size + 1), "slope by period", family, t);
      if (is_geometric && !isnan(bend)) expect_near(curvature[t * draws + d], bend, 1e-12L * (bend_size + 1), "bends", family, t);
    }
    for (long s = 0; s < felt && !is_geometric; s++)
      if (!isnan(bends[s])) expect_near(curvature[s * draws + d], bends[s], 1e-12L * (bend_sizes[s] + 1), "bend", family, s);
  }
  free(media), free(rate), free(lag_weights), free(retention), free(base), free(weight), free(joint), free(line);
  free(parameters), free(scratch), free(value), free(slope), free(curvature);
}
