// The formulas. A point is a curve of unit scale and its derivatives in media, with the size that its error is relative to.

#pragma once

#include "expectations.h"

typedef struct {
  real value, slope, curvature, bend_size, condition;
} point;

static point curve(vc_family family, real media, const real *parameters) {
  real u = media, rate = 1;
  if (family == vc_logistic || family == vc_exponential || family == vc_hill_sigmoid) rate = parameters[1];
  if (family == vc_michaelis_menten || family == vc_hill) rate = 1 / parameters[1];
  u *= rate;
  point p = {0, 0, 0, 0, 1};
  switch (family) {
  case vc_logistic: {
    const real e = expl(-u), r = 1 / (1 + e);
    p = (point){-expm1l(-u) * r, 2 * e * r * r, 2 * e * r * r * expm1l(-u) * r, 0, 1 + u};
    break;
  }
  case vc_exponential: p = (point){-expm1l(-u), expl(-u), -expl(-u), 0, 1 + u}; break;
  case vc_hill_sigmoid: {
    const real c = parameters[1] * parameters[2], e = expl(c - u), slope = e / (1 + e) / (1 + e);
    p = (point){-expm1l(-u) / ((1 + e) * (1 + expl(-c))), slope, slope * (e - 1) / (1 + e), slope, 1 + c + u};
    break;
  }
  case vc_michaelis_menten: {
    const real r = 1 / (1 + u);
    p = (point){u * r, r * r, -2 * r * r * r, 0, 1};
    break;
  }
  case vc_log: p = (point){log1pl(u), 1 / (1 + u), -1 / (1 + u) / (1 + u), 0, 1}; break;
  case vc_linear: p = (point){u, 1, 0, 0, 1}; break;
  case vc_hill: {
    const real n = parameters[2], a = expl(-n * logl(u)), h = 1 / (1 + a), slope = n / u * (a * h * h);
    p = (point){h, slope, slope / u * ((n - 1) - 2 * n * h), (1 + n) * slope / u, 1 + n * fabsl(logl(u))};
    break;
  }
  case vc_root: {
    const real n = parameters[1], power = expl(n * logl(u));
    p = (point){power, n * power / u, n * (n - 1) * power / u / u, 0, 1 + n * fabsl(logl(u))};
    break;
  }
  default: abort();
  }
  p.slope *= rate;
  p.curvature *= rate * rate;
  p.bend_size = p.bend_size * rate * rate + fabsl(p.curvature);
  return p;
}

static point curve_of_draw(vc_family family, real media, const double *parameters, int draw) {
  real own[3] = {0};
  for (int k = 0; k < parameter_counts[family]; k++) own[k] = parameters[k * draws + draw];
  return curve(family, media, own);
}
