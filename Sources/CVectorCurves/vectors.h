// Vectors of doubles: what is done to all lanes at once, and the functions that curves are made of. Included by impl.h.

typedef double VC(vd) __attribute__((vector_size(8 * LANES)));
typedef long long VC(vi) __attribute__((vector_size(8 * LANES)));

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
