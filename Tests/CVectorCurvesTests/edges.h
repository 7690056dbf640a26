// The ends of the range, and what is not a number.

#pragma once

#include "formulas.h"

/// One period of a curve whose further parameters are 1, 0.5 or as given; the results in `value`, `slope` and `curvature`.
static void bare(const vc_loops *loops, vc_family family, const double *media, const double *parameters, double spend, double *out) {
  double *weight = numbers(VC_TILE);
  for (int i = 0; i < VC_TILE; i++) weight[i] = 1;
  const long end = 1;
  const vc_cell cell = {1, 1, media, 0, media, 1, &end, weight, 0, VC_TILE, parameters, 1, 0};
  vc_curve_of(loops, family)(&cell, spend, out, out + VC_TILE, out + 2 * VC_TILE);
  add_to_digest(out, 3 * VC_TILE);
  free(weight);
}

static void check_edges(const vc_loops *loops, vc_family family) {
  double *media = numbers(VC_TILE), *parameters = numbers(3 * VC_TILE), *out = numbers(3 * VC_TILE);
  double *value = out, *slope = out + VC_TILE, *curvature = out + 2 * VC_TILE;
  const double third = family == vc_hill_sigmoid ? 3 : 2;
  const int has_ceiling = family != vc_log && family != vc_linear && family != vc_root;
  const double ceiling = family == vc_hill_sigmoid ? 1 / (1 + exp(-3)) : 1;
  for (int i = 0; i < VC_TILE; i++) {
    media[i] = 1, parameters[i] = 1;
    parameters[VC_TILE + i] = family == vc_root ? 0.5 : 1;
    parameters[2 * VC_TILE + i] = third;
  }
  bare(loops, family, media, parameters, 0, out);
  for (int i = 0; i < VC_TILE; i++) expect(value[i] == 0, "%s at nothing: %g", family_names[family], value[i]);

  // One lane at a time: media, then each parameter.
  for (int bad = 0; bad <= parameter_counts[family]; bad++) {
    double *place = bad == 0 ? media : parameters + (bad - 1) * VC_TILE;
    for (int lane = 0; lane < VC_TILE; lane++) {
      const double good = place[lane];
      place[lane] = NAN;
      bare(loops, family, media, parameters, 1, out);
      for (int i = 0; i < VC_TILE; i++)
        expect(i == lane ? isnan(value[i]) && isnan(slope[i]) : value[i] > 0 && slope[i] > 0,
               "%s with no number in lane %d, parameter %d: %g, %g", family_names[family], lane, bad - 1, value[i], slope[i]);
      place[lane] = good;
    }
  }

  const double far[] = {1e4, 1e100, 1e300, INFINITY}, small[] = {0x1p-1074, 0x1p-1060, 0x1.8p-1023, 0x1p-1022, 0x1p-1000};
  for (int i = 0; i < VC_TILE; i++) media[i] = far[i % 4];
  bare(loops, family, media, parameters, 1, out);
  for (int i = 0; i < VC_TILE; i++) {
    if (has_ceiling && (i % 4 >= 2 || family == vc_hill_sigmoid))
      expect_near(value[i], ceiling, family == vc_hill_sigmoid ? 4e-16L : 0, "ceiling", family, media[i]);
    if (!has_ceiling && i % 4 < 3)
      expect(value[i] > 0 && isfinite(value[i]) && (i % 4 == 0 || value[i] > value[i - 1]), "%s at %g", family_names[family], media[i]);
    if (i % 4 < 3) expect(isfinite(slope[i]) && slope[i] >= 0 && !isnan(curvature[i]), "slope of %s at %g", family_names[family], media[i]);
  }

  // Subnormal media are what they are to a curve that begins as a line, and nothing to one of a power.
  for (int i = 0; i < VC_TILE; i++) media[i] = small[i % 5];
  bare(loops, family, media, parameters, 1, out);
  for (int i = 0; i < VC_TILE; i++) {
    const real own[3] = {1, parameters[VC_TILE], third};
    const point p = curve(family, media[i], own);
    const int is_nothing = (family == vc_hill || family == vc_root) && media[i] < 0x1p-1022;
    // Hill's u^-n is e^708 at most.
    const real least = family == vc_hill ? 4e-308L : 0x1p-1073L;
    expect_near(value[i], is_nothing ? 0 : p.value, is_nothing ? 0 : 1e-14L * p.condition * p.value + least, "small value", family,
                media[i]);
    expect(!isnan(slope[i]) && !isnan(curvature[i]), "derivatives of %s at %g", family_names[family], media[i]);
  }
  free(media), free(parameters), free(out);
}

/// What is said in place of infinite derivatives at nothing.
static void check_zero(const vc_loops *loops) {
  double *media = numbers(VC_TILE), *parameters = numbers(3 * VC_TILE), *out = numbers(3 * VC_TILE);
  const double n[5] = {0.5, 1, 1.5, 2, 3}, vast = 0x1p512;
  const double slopes[5] = {vast / 4, 0.25, 0, 0, 0}, curvatures[5] = {-vast / 16, -0.125, vast / 16, 0.125, 0};
  for (int i = 0; i < VC_TILE; i++)
    media[i] = 1, parameters[i] = 1, parameters[VC_TILE + i] = 4, parameters[2 * VC_TILE + i] = n[i % 5];
  bare(loops, vc_hill, media, parameters, 0, out);
  for (int i = 0; i < VC_TILE; i++)
    expect(out[i] == 0 && out[VC_TILE + i] == slopes[i % 5] && out[2 * VC_TILE + i] == curvatures[i % 5],
           "hill of %g at nothing: %g, %g, %g", n[i % 5], out[i], out[VC_TILE + i], out[2 * VC_TILE + i]);
  for (int i = 0; i < VC_TILE; i++) media[i] = 4, parameters[VC_TILE + i] = i % 2 ? 1 : 0.5;
  bare(loops, vc_root, media, parameters, 0, out);
  for (int i = 0; i < VC_TILE; i++)
    expect(out[i] == 0 && out[VC_TILE + i] == (i % 2 ? 4 : vast * 4) && out[2 * VC_TILE + i] == (i % 2 ? 0 : -vast * 16),
           "a root at nothing: %g, %g, %g", out[i], out[VC_TILE + i], out[2 * VC_TILE + i]);
  free(media), free(parameters), free(out);
}
