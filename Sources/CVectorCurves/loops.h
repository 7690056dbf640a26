// Loops over draws and periods, which each family is compiled into, and those of carryover and of interpolation. Included by impl.h.

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
