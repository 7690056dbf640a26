// Included once per instruction set by dispatch.c, which defines
//   VC(name)      the name with the instruction set's suffix
//   LANES         doubles in a vector
//   FUSED         1 where a product and a sum round once
//   EXP_TABLE     1 where a table of sixteen doubles is one instruction (AVX-512)
// No include guard: it is meant to be included several times.

#define INLINE static inline __attribute__((always_inline))

typedef double VC(vd) __attribute__((vector_size(8 * LANES)));
typedef long long VC(vi) __attribute__((vector_size(8 * LANES)));

// A curve of unit scale at one media level: its value, a product that rounds with the sum it goes to, and its first two derivatives
// in media.
typedef struct {
  VC(vd) value, times, slope, curvature;
} VC(point);

INLINE VC(vd) VC(splat)(double x) { return x - (VC(vd)){}; }

INLINE VC(vd) VC(load)(const double *from) { return *(const VC(vd) *)from; }

INLINE void VC(store)(double *to, VC(vd) x) { *(VC(vd) *)to = x; }

// Adds to what is there, but for the first time, when nothing is.
INLINE void VC(add)(double *to, long times, VC(vd) x) { VC(store)(to, times == 0 ? x : VC(load)(to) + x); }

// x y + z, rounded once where the processor can. Whatever is to round once says so: dispatch.c forbids the compiler to choose,
// for what it chooses depends on what else is asked for, and on how hard it tries.
INLINE VC(vd) VC(fma)(VC(vd) x, VC(vd) y, VC(vd) z) {
#if FUSED
  return __builtin_elementwise_fma(x, y, z);
#else
  return x * y + z;
#endif
}

// slope x + start.
INLINE VC(vd) VC(line)(VC(vd) x, double slope, double start) {
  return VC(fma)(x, VC(splat)(slope), VC(splat)(start));
}

// a where the mask is all ones, b where it is all zeros.
INLINE VC(vd) VC(select)(VC(vi) mask, VC(vd) a, VC(vd) b) {
  return (VC(vd))((mask & (VC(vi))a) | (~mask & (VC(vi))b));
}

INLINE VC(vd) VC(at_most)(VC(vd) x, double most) {
#ifdef MINIMUM
  return (VC(vd))MINIMUM(VC(splat)(most), x);
#else
  return VC(select)(x > VC(splat)(most), VC(splat)(most), x);
#endif
}

// The greater of x and a constant; not a number stays not a number.
INLINE VC(vd) VC(at_least)(VC(vd) x, double least) {
#ifdef MAXIMUM
  return (VC(vd))MAXIMUM(VC(splat)(least), x);
#else
  return VC(select)(x < VC(splat)(least), VC(splat)(least), x);
#endif
}

// e^(z + rest) = scale (1 + q), |q| < 0.42, for |z| <= 708 and z the sum rounded where there is a rest (`high` is then z
// without it): z = k ln 2 + r, q = e^r - 1 = r + r^2 p(r), p the polynomial whose greatest error relative to q is least:
// 2e-17, or 1e-16 with the table.
INLINE VC(vd) VC(exp_parts)(VC(vd) z, VC(vd) high, const VC(vd) *rest, VC(vd) *scale) {
#if EXP_TABLE
  // k in sixteenths: 2^(j/16) from a table, and a shorter polynomial.
  const __m512d low = _mm512_setr_pd(1.0, 0x1.0b5586cf9890fp0, 0x1.172b83c7d517bp0, 0x1.2387a6e756238p0, 0x1.306fe0a31b715p0,
                                     0x1.3dea64c123422p0, 0x1.4bfdad5362a27p0, 0x1.5ab07dd485429p0);
  const __m512d top = _mm512_setr_pd(0x1.6a09e667f3bcdp0, 0x1.7a11473eb0187p0, 0x1.8ace5422aa0dbp0, 0x1.9c49182a3f090p0,
                                     0x1.ae89f995ad3adp0, 0x1.c199bdd85529cp0, 0x1.d5818dcfba487p0, 0x1.ea4afa2a490dap0);
  const double magic = 0x1.8p48;
#else
  const double magic = 0x1.8p52;
#endif
  VC(vd) k = VC(line)(z, 0x1.71547652b82fep0, magic);
  const VC(vi) bits = (VC(vi))k;
  k -= magic;
#if FUSED
  VC(vd) r = VC(fma)(k, VC(splat)(-0x1.62e42fefa39efp-1), high);
#else
  VC(vd) r = (high - k * 0x1.62e42fefa0000p-1) - k * 0x1.cf79abc9e3b39p-40;
#endif
  if (rest) r += *rest;
  const VC(vd) r2 = r * r;
#if EXP_TABLE
  *scale = (VC(vd))_mm512_scalef_pd(_mm512_permutex2var_pd(low, (__m512i)bits, top), (__m512d)k);
  const VC(vd) a0 = VC(line)(r, 0x1.55555554afc3ap-3, 0x1.fffffffffffecp-2);
  const VC(vd) a1 = VC(line)(r, 0x1.1112277765116p-7, 0x1.5555555674208p-5);
  const VC(vd) p = VC(fma)(VC(fma)(r2, VC(splat)(0x1.6c169656c331bp-10), a1), r2, a0);
#else
  *scale = (VC(vd))((bits + 1023) << 52);
  const VC(vd) r4 = r2 * r2;
  const VC(vd) a0 = VC(line)(r, 0x1.5555555555539p-3, 0x1.0000000000005p-1);
  const VC(vd) a1 = VC(line)(r, 0x1.1111111118fa5p-7, 0x1.55555555522b8p-5);
  const VC(vd) a2 = VC(line)(r, 0x1.a01a017517137p-13, 0x1.6c16c17edb9c4p-10);
  const VC(vd) a3 = VC(line)(r, 0x1.71de88013b05ep-19, 0x1.a019a76f6c80cp-16);
  const VC(vd) a4 = VC(line)(r, 0x1.ae6bb16761661p-26, 0x1.28a1dfd813241p-22);
  const VC(vd) p = VC(fma)(VC(fma)(a4, r4, VC(fma)(a3, r2, a2)), r4, VC(fma)(a1, r2, a0));
#endif
  return VC(fma)(p, r2, r);
}

// e^-u and e^-u - 1 for u >= 0, each without cancellation. From u = 700 on, e^-u is taken for e^-700.
INLINE VC(vd) VC(exp_negative)(VC(vd) u, VC(vd) *minus_one) {
  const VC(vd) z = VC(at_least)(-u, -700);
  VC(vd) scale;
  const VC(vd) q = VC(exp_parts)(z, z, 0, &scale);
  *minus_one = VC(fma)(scale, q, scale - 1.0);
  return VC(fma)(scale, q, scale);
}

// ln x = high + low for x at least 2^-1022: high is a multiple of 2^-18 below 2^10, low below 0.36, each half an ulp off at
// most or so. x = 2^k m, sqrt(1/2) <= m < sqrt 2; ln m = 2 atanh s, s = (m - 1) / (m + 1).
INLINE VC(vd) VC(log_parts)(VC(vd) x, VC(vd) *low) {
  const VC(vi) exponent = ((VC(vi))x - 0x3fe6a09e667f3bcdLL) & ~0xfffffffffffffLL;
  const VC(vd) f = (VC(vd))((VC(vi))x - exponent) - 1.0;
  // An integer becomes a double on the bits of 1.5 * 2^52.
  const VC(vd) k = (VC(vd))((exponent >> 52) + 0x4338000000000000LL) - 0x1.8p52;
  const VC(vd) s = f / (2.0 + f), s2 = s * s, s4 = s2 * s2;
  const VC(vd) b0 = VC(line)(s2, 0x1.999999997ffc9p-2, 0x1.5555555555592p-1);
  const VC(vd) b1 = VC(line)(s2, 0x1.c71c52156e928p-3, 0x1.24924941dc662p-2);
  const VC(vd) b2 = VC(line)(s2, 0x1.39a1d82399000p-3, 0x1.74663d2c7bc75p-3);
  const VC(vd) b3 = VC(splat)(0x1.2f04bbe2ca1fap-3);
  const VC(vd) poly = VC(fma)(VC(fma)(VC(fma)(s4, b3, b2), s4, b1), s4, b0);
  // 2 s = f - s f.
  *low = VC(fma)(k, VC(splat)(0x1.7f7d1cf79abcap-20), VC(fma)(-s, VC(fma)(-s2, poly, f), f));
  return k * 0x1.62e4p-1;
}

// u^-n for normal u > 0 and n > 0, within e^-708 and e^708. The high part of the logarithm is short, so that its product
// with the first 24 bits of n is exact, and a large exponent costs no digits.
INLINE VC(vd) VC(inverse_power)(VC(vd) u, VC(vd) n) {
  const VC(vd) n_high = (VC(vd))((VC(vi))n & ~0x1fffffffLL);
  VC(vd) low;
  const VC(vd) log = -VC(log_parts)(u, &low);
  VC(vd) high = n_high * log, rest = VC(fma)(-n, low, (n - n_high) * log);
  VC(vd) z = high + rest;
  const VC(vi) is_far = (z > VC(splat)(708.0)) | (z < VC(splat)(-708.0));
  z = VC(select)(is_far, VC(select)(z > VC(splat)(0), VC(splat)(708.0), VC(splat)(-708.0)), z);
  high = VC(select)(is_far, z, high);
  rest = VC(select)(is_far, VC(splat)(0), rest);
  VC(vd) scale;
  const VC(vd) q = VC(exp_parts)(z, high, &rest, &scale);
  return VC(fma)(scale, q, scale);
}

// Families. Each is one inline function of u, media times the family's rate: value and first two derivatives in u of the
// curve of unit scale. `parameters` are the family's own, in order.

// Stands for an infinite derivative: times an exposure of nothing it is nothing.
#define VAST 0x1p512

INLINE VC(point) VC(logistic_at)(VC(vd) u, const VC(vd) *parameters) {
  VC(vd) m;
  const VC(vd) e = VC(exp_negative)(u, &m);
  const VC(vd) r = 1.0 / (2.0 + m);
  const VC(vd) s = -m * r, slope = e * r * (r + r);
  return (VC(point)){-m, r, slope, -s * slope};
}

INLINE VC(point) VC(exponential_at)(VC(vd) u, const VC(vd) *parameters) {
  VC(vd) m;
  const VC(vd) e = VC(exp_negative)(u, &m);
  return (VC(point)){-m, VC(splat)(1), e, -e};
}

// With K = e^c, c = beta lam, and E = K e^-u: value (1 - e^-u) / ((1 + E) (1 + 1/K)), whose difference does not cancel, and
// slope E / (1 + E)^2. Where c > 350, K and u both lack c - 350: what that changes is below e^-350.
INLINE VC(point) VC(hill_sigmoid_at)(VC(vd) u, const VC(vd) *parameters) {
  VC(vd) m;
  const VC(vd) c = parameters[1] * parameters[2], excess = VC(at_least)(c - 350.0, 0);
  const VC(vd) inverse_k = VC(exp_negative)(c - excess, &m), k = 1.0 / inverse_k, floor = 1.0 / (1.0 + inverse_k);
  const VC(vd) e = VC(exp_negative)(VC(at_least)(u - excess, 0), &m);
  const VC(vd) p = 1.0 / VC(fma)(k, e, VC(splat)(1)), slope = (k * e * p) * p;
  return (VC(point)){-m * floor, p, slope, slope * (VC(fma)(k, e, VC(splat)(-1)) * p)};
}

INLINE VC(point) VC(michaelis_menten_at)(VC(vd) u, const VC(vd) *parameters) {
  u = VC(at_most)(u, 0x1p1000);
  const VC(vd) r = 1.0 / (1.0 + u), slope = r * r;
  return (VC(point)){u, r, slope, -2.0 * r * slope};
}

// What 1 + u rounds away comes back as a share of it.
INLINE VC(point) VC(log_at)(VC(vd) u, const VC(vd) *parameters) {
  u = VC(at_most)(u, 0x1p1000);
  const VC(vd) sum = 1.0 + u, r = 1.0 / sum;
  VC(vd) low;
  const VC(vd) high = VC(log_parts)(sum, &low);
  return (VC(point)){high + VC(fma)(u - (sum - 1.0), r, low), VC(splat)(1), r, -r * r};
}

INLINE VC(point) VC(linear_at)(VC(vd) u, const VC(vd) *parameters) {
  return (VC(point)){u, VC(splat)(1), VC(splat)(1), VC(splat)(0)};
}

INLINE VC(point) VC(root_at)(VC(vd) u, const VC(vd) *parameters) {
  const VC(vd) alpha = parameters[1], zero = VC(splat)(0), vast = VC(splat)(VAST);
  const VC(vi) is_zero = u < VC(splat)(0x1p-1022), is_one = alpha == VC(splat)(1);
  const VC(vd) from = VC(at_least)(u, 0x1p-1022), inverse = 1.0 / from;
  // The last term keeps what is not a number.
  const VC(vd) power = VC(inverse_power)(from, -alpha) + 0.0 * inverse;
  const VC(vd) slope = alpha * (inverse * power), curvature = VC(at_least)(slope * (inverse * (alpha - 1.0)), -0x1p1000);
  return (VC(point)){VC(select)(is_zero, zero, power), VC(splat)(1), VC(select)(is_zero, VC(select)(is_one, alpha, vast), slope),
                     VC(select)(is_zero, VC(select)(is_one, zero, -vast), curvature)};
}

// a = u^-n: value h = 1 / (1 + a), slope (n / u) h^2 a: h (1 - h) would cancel.
INLINE VC(point) VC(hill_at)(VC(vd) u, const VC(vd) *parameters) {
  const VC(vd) n = parameters[2], zero = VC(splat)(0), vast = VC(splat)(VAST);
  const VC(vi) is_zero = u < VC(splat)(0x1p-1022);
  const VC(vd) inverse = 1.0 / VC(at_least)(u, 0x1p-1022);
  const VC(vd) a = VC(inverse_power)(VC(at_least)(u, 0x1p-1022), n);
  const VC(vd) h = 1.0 / (1.0 + a);
  const VC(vd) slope = n * inverse * (a * h * h);
  // Not infinite: times an exposure of nothing it is nothing.
  const VC(vd) curvature = VC(at_most)(VC(at_least)(slope * inverse * VC(fma)(-2.0 * n, h, n - 1.0), -0x1p1000), 0x1p1000);
  // At zero the slope is that of u^n, and so is the curvature.
  const VC(vi) is_one = n == VC(splat)(1), is_below = n < VC(splat)(1), is_two = n == VC(splat)(2), is_above = n > VC(splat)(2);
  const VC(vd) first = VC(select)(is_below, vast, VC(select)(is_one, VC(splat)(1), zero));
  const VC(vd) second = VC(select)(
      is_one, VC(splat)(-2), VC(select)(is_two, VC(splat)(2), VC(select)(is_above, zero, VC(select)(is_below, -vast, vast))));
  return (VC(point)){
      // The last term keeps what is not a number.
      VC(select)(is_zero, zero, h + 0.0 * inverse), VC(splat)(1), VC(select)(is_zero, first, slope),
      VC(select)(is_zero, second, curvature)};
}

// Adds periods to the sums, u being the argument of each.
#define ADD_PERIODS(family, from, to, u)                                                                              \
  for (long t = from; t < to; t++) {                                                                                  \
    const VC(vd) a = VC(load)(exposure + t * VC_TILE);                                                                \
    const VC(point) point = VC(family##_at)(u, parameters);                                                           \
    run = VC(fma)(point.value, point.times, run);                                                                     \
    if (derivatives > 0) run1 = VC(fma)(a, point.slope, run1);                                                        \
    if (derivatives > 1) run2 = VC(fma)(a, a * point.curvature, run2);                                                \
  }

// What a kernel reads of the draws from `first` on: their periods' media, what those are worth, and the parameters, of which
// the first is the scale; `rate_of` says what media are multiplied by.
#define OPEN_TILE(parameter_count, rate_of)                                                                           \
  const long tile = first / VC_TILE, lane = first % VC_TILE;                                                          \
  const double *exposure = cell->exposure + tile * cell->periods * VC_TILE + lane;                                    \
  const double *base __attribute__((unused)) = cell->base + tile * cell->base_periods * VC_TILE + lane;               \
  const double *weights __attribute__((unused)) = cell->weight + tile * cell->weight_stride + lane;                   \
  VC(vd) parameters[parameter_count];                                                                                 \
  for (int p = 0; p < parameter_count; p++)                                                                           \
    parameters[p] = VC(load)(cell->parameters + p * cell->parameter_stride + first);                                  \
  const VC(vd) scale __attribute__((unused)) = parameters[0], rate = rate_of(parameters);

// The loop over draws and periods that every family runs: sums in registers, one tile's draws side by side.
#define VC_SUMS(family, parameter_count, rate_of)                                                                   \
  INLINE void VC(family##_sum)(                                                                                       \
      const vc_cell *cell, double spend, double *value, double *slope, double *curvature, const int derivatives) {    \
    for (long first = 0; first < cell->tiles * VC_TILE; first += LANES) {                                             \
      OPEN_TILE(parameter_count, rate_of)                                                                             \
      BEFORE_FREE_PERIODS                                                                                             \
      for (long i = 0, from = 0; i < cell->runs; from = cell->run_end[i++]) {                                         \
        const long to = cell->run_end[i];                                                                             \
        const long middle = cell->base_periods < from ? from : cell->base_periods < to ? cell->base_periods : to;     \
        VC(vd) run = VC(splat)(0), run1 = run, run2 = run;                                                            \
        ADD_PERIODS(family, from, middle, rate * VC(fma)(VC(splat)(spend), a, VC(load)(base + t * VC_TILE)))          \
        ADD_FREE_PERIODS(family, middle, to)                                                                          \
        const VC(vd) worth = VC(load)(weights + i * VC_TILE) * scale;                                                 \
        VC(add)(value + first, i, worth * run);                                                                       \
        if (derivatives > 0) VC(add)(slope + first, i, worth * rate * run1);                                          \
        if (derivatives > 1) VC(add)(curvature + first, i, worth * rate * (rate * run2));                             \
      }                                                                                                               \
    }                                                                                                                 \
  }                                                                                                                   \
  static void VC(family)(const vc_cell *cell, double spend, double *value, double *slope, double *curvature) {        \
    if (curvature)                                                                                                    \
      VC(family##_sum)(cell, spend, value, slope, curvature, 2);                                                      \
    else if (slope)                                                                                                   \
      VC(family##_sum)(cell, spend, value, slope, curvature, 1);                                                      \
    else                                                                                                              \
      VC(family##_sum)(cell, spend, value, slope, curvature, 0);                                                      \
  }

// At rising spends, each draw's value, and between neighbours how far the curve may be above its chord and below it. For one
// period, with m the chord's slope, r' those at its ends a < b and x the inflection: above by no more than
// (r'(a) - m) (m - r'(b)) / (r'(a) - r'(b)) (b - a), where the tangents at the ends meet, if the curve is concave between them;
// by nothing if it is convex; by (m - r'(b)) (b - x) if it turns from convex to concave; and below likewise, mirrored.
#define VC_CHORDS(family, parameter_count, rate_of)                                                                   \
  static void VC(family##_chords)(const vc_cell *cell, const vc_nodes *nodes, double *scratch) {                      \
    const VC(vd) zero = VC(splat)(0), tiny = VC(splat)(0x1p-1022);                                                    \
    for (long first = 0; first < cell->tiles * VC_TILE; first += LANES) {                                             \
      OPEN_TILE(parameter_count, rate_of)                                                                             \
      const VC(vd) turn = rate * VC(load)(nodes->inflection + first);                                                 \
      for (long k = 0; k < nodes->count; k++) {                                                                       \
        VC(vd) value = zero, above = zero, below = zero;                                                              \
        for (long i = 0, t = 0; i < cell->runs; i++) {                                                                \
          VC(vd) run = zero, up = zero, down = zero;                                                                  \
          for (; t < cell->run_end[i]; t++) {                                                                         \
            const VC(vd) a = VC(load)(exposure + t * VC_TILE);                                                        \
            const VC(vd) rest = t < cell->base_periods ? VC(load)(base + t * VC_TILE) : zero;                         \
            const VC(vd) u = rate * VC(fma)(VC(splat)(nodes->spend[k]), a, rest);                                     \
            const VC(point) here = VC(family##_at)(u, parameters);                                                    \
            double *last = scratch + 2 * LANES * t;                                                                   \
            const VC(vd) value_here = here.value * here.times;                                                        \
            run += value_here;                                                                                        \
            if (k > 0) {                                                                                              \
              const VC(vd) from = rate * VC(fma)(VC(splat)(nodes->spend[k - 1]), a, rest), step = u - from;           \
              const VC(vi) moves = step > zero;                                                                       \
              const VC(vd) chord = (value_here - VC(load)(last)) / VC(select)(moves, step, VC(splat)(1));             \
              const VC(vd) falls = VC(select)(moves, VC(load)(last + LANES) - chord, zero);                           \
              const VC(vd) ends = VC(select)(moves, chord - here.slope, zero);                                        \
              const VC(vd) fall = VC(at_least)(falls, 0), end = VC(at_least)(ends, 0);                                \
              const VC(vd) rise = VC(at_least)(-falls, 0), finish = VC(at_least)(-ends, 0);                           \
              const VC(vi) concave = from >= turn, convex = u <= turn;                                                \
              up += VC(select)(concave, fall / (fall + end + tiny) * end * step,                                      \
                               VC(select)(convex, zero, end * (u - turn)));                                           \
              down += VC(select)(concave, zero,                                                                       \
                                 VC(select)(convex, rise / (rise + finish + tiny) * finish * step,                    \
                                            rise * (turn - from)));                                                   \
            }                                                                                                         \
            VC(store)(last, value_here);                                                                              \
            VC(store)(last + LANES, here.slope);                                                                      \
          }                                                                                                           \
          const VC(vd) worth = VC(load)(weights + i * VC_TILE) * scale;                                               \
          const VC(vd) gain = VC(at_least)(worth, 0), loss = VC(at_least)(-worth, 0);                                 \
          value = VC(fma)(worth, run, value);                                                                         \
          above += VC(fma)(gain, up, loss * down);                                                                    \
          below += VC(fma)(gain, down, loss * up);                                                                    \
        }                                                                                                             \
        VC(store)(nodes->value + k * nodes->stride + first, value);                                                   \
        if (k > 0) {                                                                                                  \
          VC(store)(nodes->above + (k - 1) * nodes->stride + first, above);                                           \
          VC(store)(nodes->below + (k - 1) * nodes->stride + first, below);                                           \
        }                                                                                                             \
      }                                                                                                               \
    }                                                                                                                 \
  }

// Carryover, curve and adjoint in one pass: what the periods between exchange stays in the nearest cache. A number that is
// infinite where no media are is what `VAST` stands for, and a lag weight of nothing makes it nothing.
#define VC_CALENDAR(family, parameter_count, rate_of)                                                                 \
  INLINE void VC(family##_days)(                                                                                      \
      const vc_calendar *cell, long stride, double *value, double *slope, double *curvature, double *scratch,         \
      const int derivatives) {                                                                                        \
    const long planned = cell->planned, felt = cell->felt, lags = cell->lags;                                         \
    double *lag_rows = scratch, *slopes = scratch + lags * LANES, *bends = slopes + felt * LANES;                     \
    for (long first = 0; first < cell->tiles * VC_TILE; first += LANES) {                                             \
      const long tile = first / VC_TILE, lane = first % VC_TILE;                                                      \
      const double *base = cell->base + tile * cell->base_periods * VC_TILE + lane;                                   \
      const double *weights = cell->weight + tile * cell->weight_stride + lane;                                       \
      const double *joint = cell->joint ? cell->joint + tile * felt * VC_TILE + lane : 0;                             \
      const double *line = cell->joint ? cell->line + tile * felt * VC_TILE + lane : 0;                               \
      VC(vd) parameters[parameter_count];                                                                             \
      for (int p = 0; p < parameter_count; p++)                                                                       \
        parameters[p] = VC(load)(cell->parameters + p * cell->parameter_stride + first);                              \
      const VC(vd) scale = parameters[0], rate = rate_of(parameters), zero = VC(splat)(0);                            \
      for (long l = 0; l < lags; l++)                                                                                 \
        VC(store)(lag_rows + l * LANES, VC(load)(cell->lag_weights + l * cell->lag_stride + first));                  \
      const VC(vd) fresh = VC(load)(lag_rows), kept = cell->retention ? VC(load)(cell->retention + first) : zero;     \
      VC(vd) sum = zero, carried = zero;                                                                              \
      for (long s = 0; s < felt; s++) {                                                                               \
        if (cell->retention) {                                                                                        \
          carried = kept * carried;                                                                                   \
          if (s < planned) carried = VC(fma)(VC(splat)(cell->media[s]), fresh, carried);                              \
        } else {                                                                                                      \
          carried = zero;                                                                                             \
          const long farthest = s < lags ? s : lags - 1;                                                              \
          for (long l = s < planned ? 0 : s - planned + 1; l <= farthest; l++)                                        \
            carried = VC(fma)(VC(splat)(cell->media[s - l]), VC(load)(lag_rows + l * LANES), carried);                \
        }                                                                                                             \
        const VC(vd) z = s < cell->base_periods ? carried + VC(load)(base + s * VC_TILE) : carried;                   \
        const VC(vd) from = joint ? VC(load)(joint + s * VC_TILE) : z;                                                \
        const VC(vi) is_line = z < from;                                                                              \
        const VC(point) point = VC(family##_at)(rate * VC(select)(is_line, from, z), parameters);                     \
        const VC(vd) worth = VC(load)(weights + s * VC_TILE), climb = worth * scale * rate;                           \
        VC(vd) slope_here = climb * point.slope, bend = climb * (rate * point.curvature);                             \
        sum = VC(fma)(worth * scale, point.value * point.times, sum);                                                 \
        if (joint) {                                                                                                  \
          const VC(vd) straight = worth * VC(load)(line + s * VC_TILE);                                               \
          sum += VC(select)(is_line, straight * (z - from), zero);                                                    \
          slope_here = VC(select)(is_line, straight, slope_here);                                                     \
          bend = VC(select)(is_line, zero, bend);                                                                     \
        }                                                                                                             \
        if (derivatives > 0) VC(store)(slopes + s * LANES, slope_here);                                               \
        if (derivatives > 1)                                                                                          \
          VC(store)(cell->retention ? bends + s * LANES : curvature + s * stride + first, bend);                      \
      }                                                                                                               \
      VC(store)(value + first, sum);                                                                                  \
      if (derivatives == 0) continue;                                                                                 \
      if (cell->retention) {                                                                                          \
        VC(vd) reach = zero, bend = zero;                                                                             \
        for (long s = felt - 1; s >= 0; s--) {                                                                        \
          reach = VC(fma)(kept, reach, VC(load)(slopes + s * LANES));                                                 \
          if (derivatives > 1) bend = VC(fma)(kept * kept, bend, VC(load)(bends + s * LANES));                        \
          if (s >= planned) continue;                                                                                 \
          VC(store)(slope + s * stride + first, cell->rate[s] * (fresh * reach));                                     \
          if (derivatives > 1) VC(store)(curvature + s * stride + first, bend);                                       \
        }                                                                                                             \
      } else {                                                                                                        \
        for (long t = 0; t < planned; t++) {                                                                          \
          VC(vd) reach = zero;                                                                                        \
          const long end = felt - t < lags ? felt - t : lags;                                                         \
          for (long l = 0; l < end; l++)                                                                              \
            reach = VC(fma)(VC(load)(lag_rows + l * LANES), VC(load)(slopes + (t + l) * LANES), reach);               \
          VC(store)(slope + t * stride + first, cell->rate[t] * reach);                                               \
        }                                                                                                             \
      }                                                                                                               \
    }                                                                                                                 \
  }                                                                                                                   \
  static void VC(family##_calendar)(                                                                                  \
      const vc_calendar *cell, long stride, double *value, double *slope, double *curvature, double *scratch) {       \
    if (curvature)                                                                                                    \
      VC(family##_days)(cell, stride, value, slope, curvature, scratch, 2);                                           \
    else if (slope)                                                                                                   \
      VC(family##_days)(cell, stride, value, slope, curvature, scratch, 1);                                           \
    else                                                                                                              \
      VC(family##_days)(cell, stride, value, slope, curvature, scratch, 0);                                           \
  }

// All that a family needs beside its inline function.
#define VC_FAMILY(family, parameter_count, rate_of)                                                                   \
  VC_SUMS(family, parameter_count, rate_of)                                                                           \
  VC_CHORDS(family, parameter_count, rate_of)                                                                         \
  VC_CALENDAR(family, parameter_count, rate_of)

#define IS_ONE(parameters) VC(splat)(1)
#define IS_SECOND(parameters) (parameters)[1]
#define IS_INVERSE_OF_SECOND(parameters) (1.0 / (parameters)[1])

// Periods without a base, and what is computed once for all of them.
#define BEFORE_FREE_PERIODS
#define ADD_FREE_PERIODS(family, from, to) ADD_PERIODS(family, from, to, (rate * spend) * a)

VC_FAMILY(logistic, 2, IS_SECOND)
VC_FAMILY(exponential, 2, IS_SECOND)
VC_FAMILY(hill_sigmoid, 3, IS_SECOND)
VC_FAMILY(michaelis_menten, 2, IS_INVERSE_OF_SECOND)
VC_FAMILY(log, 1, IS_ONE)
VC_FAMILY(linear, 1, IS_ONE)

#undef ADD_FREE_PERIODS

// Curves of a power of spend: what depends on the period alone, u^-exponent at the unit spend, is written once.
#define VC_POWER(family, parameter_count, rate_of, exponent_of, at_zero)                                              \
  static void VC(family##_power)(const vc_cell *cell, double unit, double *power) {                                   \
    const long free_periods = cell->periods - cell->base_periods;                                                     \
    for (long first = 0; first < cell->tiles * VC_TILE; first += LANES) {                                             \
      OPEN_TILE(parameter_count, rate_of)                                                                             \
      const VC(vd) exponent = exponent_of(parameters);                                                                \
      for (long t = 0; t < free_periods; t++) {                                                                       \
        const VC(vd) a = VC(load)(exposure + (cell->base_periods + t) * VC_TILE);                                     \
        const VC(vd) u = (rate * unit) * a, from = VC(at_least)(u, 0x1p-1022);                                        \
        const VC(vd) p = VC(inverse_power)(from, exponent) + 0.0 / from;                                              \
        VC(store)(power + (tile * free_periods + t) * VC_TILE + lane,                                                 \
                  VC(select)(u < VC(splat)(0x1p-1022), VC(splat)(at_zero), p));                                       \
      }                                                                                                               \
    }                                                                                                                 \
  }

// Where `power` is there, its rows by period and what they are multiplied by at this spend.
#undef BEFORE_FREE_PERIODS
#define BEFORE_FREE_PERIODS                                                                                           \
  const double *power = cell->power;                                                                                  \
  VC(vd) exponent = EXPONENT(parameters), ratio = exponent;                                                           \
  if (power) {                                                                                                        \
    power += (tile * (cell->periods - cell->base_periods) - cell->base_periods) * VC_TILE + lane;                     \
    ratio = VC(inverse_power)(VC(splat)(spend / cell->power_unit), exponent);                                         \
  }

#define HILL_EXPONENT(parameters) (parameters)[2]
#define EXPONENT HILL_EXPONENT
#define ADD_FREE_PERIODS(family, from, to)                                                                            \
  if (power) {                                                                                                        \
    VC(vd) free1 = VC(splat)(0), free2 = free1;                                                                       \
    for (long t = from; t < to; t++) {                                                                                \
      const VC(vd) a = VC(at_most)(ratio * VC(load)(power + t * VC_TILE), 0x1p1000), h = 1.0 / (1.0 + a);             \
      run += h;                                                                                                       \
      const VC(vd) p = a * h;                                                                                         \
      if (derivatives > 0) free1 = VC(fma)(p, h, free1);                                                              \
      if (derivatives > 1) free2 = VC(fma)(p * h, VC(fma)(-2.0 * exponent, h, exponent - 1.0), free2);                \
    }                                                                                                                 \
    const VC(vd) each = exponent / (rate * spend);                                                                    \
    if (derivatives > 0) run1 += each * free1;                                                                        \
    if (derivatives > 1) run2 += each / (rate * spend) * free2;                                                       \
  } else                                                                                                              \
    ADD_PERIODS(family, from, to, (rate * spend) * a)

VC_FAMILY(hill, 3, IS_INVERSE_OF_SECOND)
VC_POWER(hill, 3, IS_INVERSE_OF_SECOND, HILL_EXPONENT, 0x1p1000)

#undef ADD_FREE_PERIODS
#undef EXPONENT
#define ROOT_EXPONENT(parameters) -(parameters)[1]
#define EXPONENT ROOT_EXPONENT
#define ADD_FREE_PERIODS(family, from, to)                                                                            \
  if (power) {                                                                                                        \
    VC(vd) free = VC(splat)(0);                                                                                       \
    for (long t = from; t < to; t++) free += VC(load)(power + t * VC_TILE);                                           \
    free *= ratio;                                                                                                    \
    run += free;                                                                                                      \
    if (derivatives > 0) run1 += -exponent / spend * free;                                                            \
    if (derivatives > 1) run2 += -exponent / spend * ((-exponent - 1.0) / spend) * free;                              \
  } else                                                                                                              \
    ADD_PERIODS(family, from, to, spend * a)

VC_FAMILY(root, 2, IS_ONE)
VC_POWER(root, 2, IS_ONE, ROOT_EXPONENT, 0)

#undef ADD_FREE_PERIODS
#undef ROOT_EXPONENT
#undef HILL_EXPONENT
#undef BEFORE_FREE_PERIODS
#undef EXPONENT
#undef VC_POWER
#undef IS_ONE
#undef IS_SECOND
#undef IS_INVERSE_OF_SECOND
#undef VAST

// Carryover: windows of media times lag weights.
static void VC(carry)(const vc_carryover *carryover, const vc_windows *windows, double *out) {
  for (long first = 0; first < carryover->tiles * VC_TILE; first += LANES) {
    const long tile = first / VC_TILE, lane = first % VC_TILE;
    for (long row = 0; row < windows->rows; row++) {
      const double *weights = carryover->weights + windows->first_lag[row] * carryover->stride + first;
      VC(vd) sum = VC(splat)(0);
      for (long i = windows->start[row]; i < windows->start[row + 1]; i++, weights += carryover->stride)
        sum = VC(fma)(VC(splat)(windows->media[i]), VC(load)(weights), sum);
      VC(store)(out + (tile * windows->rows + row) * VC_TILE + lane, sum);
    }
  }
}

// Interpolation: four rows combined.
static void VC(combine)(
    const double *const *rows, const double *coefficients, long count, double *value, double *slope, double *curvature) {
  double *const out[3] = {value, slope, curvature};
  for (long i = 0; i < count; i += LANES) {
    const VC(vd) a = VC(load)(rows[0] + i), b = VC(load)(rows[1] + i), c = VC(load)(rows[2] + i), d = VC(load)(rows[3] + i);
    for (int k = 0; k < 3; k++) {
      const double *by = coefficients + 4 * k;
      if (out[k])
        VC(store)(out[k] + i, VC(fma)(VC(splat)(by[0]), a, by[1] * b) + VC(fma)(VC(splat)(by[2]), c, by[3] * d));
    }
  }
}

#undef VC_FAMILY
#undef VC_SUMS
#undef VC_CHORDS
#undef VC_CALENDAR
#undef OPEN_TILE
#undef ADD_PERIODS
#undef MAXIMUM
#undef MINIMUM
#undef INLINE
#undef EXP_TABLE
#undef FUSED
#undef LANES
#undef VC
