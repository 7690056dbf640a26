// Families, each one inline function of u, media times the family's rate: value and first two derivatives in u of the
// curve of unit scale. `parameters` are the family's own, in order. Included by impl.h.

// A curve of unit scale at one media level: its value, a product that rounds with the sum it goes to, and its first two derivatives
// in media.
typedef struct {
  VC(vd) value, times, slope, curvature;
} VC(point);

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
