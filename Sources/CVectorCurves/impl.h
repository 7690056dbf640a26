// Included once per instruction set by dispatch.c, which defines
//   VC(name)  the name with the instruction set's suffix
//   LANES     doubles in a vector
// No include guard: it is meant to be included several times.

typedef double VC(vd) __attribute__((vector_size(8 * LANES)));
typedef long long VC(vi) __attribute__((vector_size(8 * LANES)));

static inline VC(vd) VC(splat)(double x) { return (VC(vd)){} + x; }

// e^-u and e^-u - 1 for u >= 0, each without cancellation: e^-u = 2^k e^r, |r| <= ln 2 / 2, and e^r - 1 by its series to
// r^13 (the term left out is below 2^-60 of r). u is clamped at 700, where e^-u is 1e-304.
static inline VC(vd) VC(exp_negative)(VC(vd) u, VC(vd) *minus_one) {
  u = __builtin_elementwise_min(u, VC(splat)(700.0));
  const VC(vd) magic = VC(splat)(0x1.8p52);
  VC(vd) k = u * -0x1.71547652b82fep0 + magic;
  const VC(vi) bits = (VC(vi))k;
  k -= magic;
  const VC(vd) r = (-u - k * 0x1.62e42fefa0000p-1) - k * 0x1.cf79abc9e3b39p-40;
  VC(vd) p = VC(splat)(1.0 / 6227020800.0);
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  const VC(vd) m = r + r * r * p;
  const VC(vd) two_k = (VC(vd))((bits + 1023) << 52);
  *minus_one = two_k * m + (two_k - 1.0);
  return two_k * m + two_k;
}

static void VC(logistic)(const vc_cell *cell, double spend, double *value, double *slope, double *curvature) {
  const double *beta = cell->parameters, *lam = beta + cell->parameter_stride;
  for (long tile = 0; tile < cell->tiles; tile++) {
    for (long lane = 0; lane < VC_TILE; lane += LANES) {
      const long first = tile * VC_TILE + lane;
      const double *exposure = cell->exposure + tile * cell->periods * VC_TILE + lane;
      const double *base = cell->base + tile * cell->base_periods * VC_TILE + lane;
      const VC(vd) rate = *(const VC(vd) *)(lam + first);
      VC(vd) sum = VC(splat)(0), sum1 = VC(splat)(0), sum2 = VC(splat)(0);
      for (long t = 0; t < cell->periods; t++) {
        const VC(vd) a = *(const VC(vd) *)(exposure + t * VC_TILE);
        VC(vd) x = spend * a;
        if (t < cell->base_periods) x += *(const VC(vd) *)(base + t * VC_TILE);
        VC(vd) m;
        const VC(vd) e = VC(exp_negative)(rate * x, &m);
        const VC(vd) r = 1.0 / (2.0 + m);
        const VC(vd) s = -m * r, s1 = 2.0 * e * r * r * (rate * a);
        sum += cell->weight[t] * s;
        sum1 += cell->weight[t] * s1;
        sum2 -= cell->weight[t] * s * s1 * (rate * a);
      }
      const VC(vd) scale = *(const VC(vd) *)(beta + first);
      *(VC(vd) *)(value + first) = scale * sum;
      if (slope) *(VC(vd) *)(slope + first) = scale * sum1;
      if (curvature) *(VC(vd) *)(curvature + first) = scale * sum2;
    }
  }
}
#undef VC
#undef LANES
