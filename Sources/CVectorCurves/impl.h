// Included once per instruction set by dispatch.c, which defines
//   VC(name)  the name with the instruction set's suffix
//   LANES     doubles in a vector
//   CHAINS    vectors that go side by side, so that one's latency hides behind another's; LANES * CHAINS divides VC_TILE
// No include guard: it is meant to be included several times.

typedef double VC(vd) __attribute__((vector_size(8 * LANES)));
typedef long long VC(vi) __attribute__((vector_size(8 * LANES)));

// A curve of unit scale at one media level: value and first two derivatives in media.
typedef struct {
  VC(vd) value, slope, curvature;
} VC(point);

static inline __attribute__((always_inline)) VC(vd) VC(splat)(double x) { return (VC(vd)){} + x; }

static inline __attribute__((always_inline)) VC(vd) VC(load)(const double *from) { return *(const VC(vd) *)from; }

// e^-u and e^-u - 1 for u >= 0, each without cancellation: e^-u = 2^k e^r, |r| <= ln 2 / 2, and e^r - 1 by its series to
// r^13 (the term left out is below 2^-60 of r), summed in pairs and fours so that it is not one long chain. u is clamped
// at 700, where e^-u is 1e-304; not a number stays not a number.
static inline __attribute__((always_inline)) VC(vd) VC(exp_negative)(VC(vd) u, VC(vd) *minus_one) {
  const VC(vi) is_far = u > VC(splat)(700.0);
  u = (VC(vd))((is_far & (VC(vi))VC(splat)(700.0)) | (~is_far & (VC(vi))u));
  const VC(vd) magic = VC(splat)(0x1.8p52);
  VC(vd) k = u * -0x1.71547652b82fep0 + magic;
  const VC(vi) bits = (VC(vi))k;
  k -= magic;
  const VC(vd) r = (-u - k * 0x1.62e42fefa0000p-1) - k * 0x1.cf79abc9e3b39p-40;
  const VC(vd) r2 = r * r, r4 = r2 * r2;
  const VC(vd) a0 = r * (1.0 / 6.0) + 0.5, a1 = r * (1.0 / 120.0) + 1.0 / 24.0;
  const VC(vd) a2 = r * (1.0 / 5040.0) + 1.0 / 720.0, a3 = r * (1.0 / 362880.0) + 1.0 / 40320.0;
  const VC(vd) a4 = r * (1.0 / 39916800.0) + 1.0 / 3628800.0, a5 = r * (1.0 / 6227020800.0) + 1.0 / 479001600.0;
  const VC(vd) p = ((a5 * r2 + a4) * r4 + (a3 * r2 + a2)) * r4 + (a1 * r2 + a0);
  const VC(vd) m = r2 * p + r;
  const VC(vd) two_k = (VC(vd))((bits + 1023) << 52);
  *minus_one = two_k * m + (two_k - 1.0);
  return two_k * m + two_k;
}

// Families. Each is one inline function of media and of the family's parameters but for the first, its scale.

static inline __attribute__((always_inline)) VC(point) VC(logistic_at)(VC(vd) x, const VC(vd) *parameters) {
  const VC(vd) rate = parameters[0];
  VC(vd) m;
  const VC(vd) e = VC(exp_negative)(rate * x, &m);
  const VC(vd) r = 1.0 / (2.0 + m);
  const VC(vd) s = -m * r, slope = 2.0 * rate * e * (r * r);
  return (VC(point)){s, slope, -rate * s * slope};
}

// The loop over draws and periods that every family runs: sums in registers, one tile's draws side by side.
#define VC_FAMILY(family, parameter_count)                                                                            \
  static inline __attribute__((always_inline)) void VC(family##_sum)(                                                 \
      const vc_cell *cell, double spend, double *value, double *slope, double *curvature, const int derivatives) {    \
    for (long first = 0; first < cell->tiles * VC_TILE; first += LANES * CHAINS) {                                    \
      const long tile = first / VC_TILE, lane = first % VC_TILE;                                                      \
      const double *exposure = cell->exposure + tile * cell->periods * VC_TILE + lane;                                \
      const double *base = cell->base + tile * cell->base_periods * VC_TILE + lane;                                   \
      VC(vd) parameters[CHAINS][parameter_count], sum[CHAINS], sum1[CHAINS], sum2[CHAINS];                            \
      for (int c = 0; c < CHAINS; c++) {                                                                              \
        sum[c] = sum1[c] = sum2[c] = VC(splat)(0);                                                                    \
        for (int p = 0; p < parameter_count; p++)                                                                     \
          parameters[c][p] = VC(load)(cell->parameters + p * cell->parameter_stride + first + c * LANES);             \
      }                                                                                                               \
      for (long t = 0; t < cell->periods; t++) {                                                                      \
        const double weight = cell->weight[t];                                                                        \
        for (int c = 0; c < CHAINS; c++) {                                                                            \
          const VC(vd) a = VC(load)(exposure + t * VC_TILE + c * LANES);                                              \
          VC(vd) x = spend * a;                                                                                       \
          if (t < cell->base_periods) x += VC(load)(base + t * VC_TILE + c * LANES);                                  \
          const VC(point) point = VC(family##_at)(x, parameters[c] + 1);                                              \
          sum[c] += weight * point.value;                                                                             \
          if (derivatives) {                                                                                          \
            sum1[c] += weight * a * point.slope;                                                                      \
            sum2[c] += weight * a * a * point.curvature;                                                              \
          }                                                                                                           \
        }                                                                                                             \
      }                                                                                                               \
      for (int c = 0; c < CHAINS; c++) {                                                                              \
        const VC(vd) scale = parameters[c][0];                                                                        \
        *(VC(vd) *)(value + first + c * LANES) = scale * sum[c];                                                      \
        if (derivatives) {                                                                                            \
          *(VC(vd) *)(slope + first + c * LANES) = scale * sum1[c];                                                   \
          *(VC(vd) *)(curvature + first + c * LANES) = scale * sum2[c];                                               \
        }                                                                                                             \
      }                                                                                                               \
    }                                                                                                                 \
  }                                                                                                                   \
  static void VC(family)(const vc_cell *cell, double spend, double *value, double *slope, double *curvature) {        \
    if (slope)                                                                                                        \
      VC(family##_sum)(cell, spend, value, slope, curvature, 1);                                                      \
    else                                                                                                              \
      VC(family##_sum)(cell, spend, value, slope, curvature, 0);                                                      \
  }

VC_FAMILY(logistic, 2)

#undef VC_FAMILY
#undef CHAINS
#undef LANES
#undef VC
