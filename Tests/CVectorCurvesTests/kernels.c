// Every loop of CVectorCurves, on every instruction set that the processor has, against the formulas in long double: for processors
// that the tests in Swift cannot be run on. `scripts/check-aarch64` builds and runs it. It prints a digest of each family's bits, which
// are to be the same however it was compiled, and ends with 1 where a number is too far from its formula.
//
// Tolerances are those of NumericKernelTests and ResponseModelTests; `condition` is how often the error of an argument comes back.

#include "CVectorCurves.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef long double real;

enum { longest = 17, tiles = 2, draws = tiles * VC_TILE };

static const char *const family_names[vc_family_count] = {"logistic", "exponential", "hill_sigmoid", "michaelis_menten",
                                                          "log",      "linear",      "hill",         "root"};
static const int parameter_counts[vc_family_count] = {2, 2, 3, 2, 1, 1, 3, 2};

// What is checked, and how it went.

static const char *set_name;
static long checks, failures;
static uint64_t digest;

__attribute__((format(printf, 2, 3))) static void expect(int holds, const char *format, ...) {
  checks++;
  if (holds || failures++ >= 20) return;
  va_list arguments;
  va_start(arguments, format);
  printf("FAILED on %s: ", set_name);
  vprintf(format, arguments);
  printf("\n");
  va_end(arguments);
}

static void expect_near(double found, real expected, real tolerance, const char *what, int family, double at) {
  expect(fabsl((real)found - expected) <= tolerance, "%s of %s at %.17g: %.17g, expected %.20Lg within %.2Lg", what,
         family < 0 ? "all" : family_names[family], at, found, expected, tolerance);
}

static void start_digest(void) { digest = 0xcbf29ce484222325u; }

/// All numbers that are none count as one.
static void add_to_digest(const double *numbers, long count) {
  for (long i = 0; i < count; i++) {
    uint64_t bits;
    memcpy(&bits, &numbers[i], sizeof bits);
    digest = (digest ^ (isnan(numbers[i]) ? 1 : bits)) * 0x100000001b3u;
  }
}

// Numbers to begin with: the same on every processor, and so made without a library's functions.

static uint64_t state;

static double uniform(double from, double to) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return from + (to - from) * ((double)(state >> 11) * 0x1p-53);
}

static double *numbers(long count) {
  double *start = aligned_alloc(64, (size_t)(count + 8) / 8 * 64);
  if (!start) abort();
  for (long i = 0; i < count; i++) start[i] = 0;
  return start;
}

static double *random_numbers(long count, double from, double to) {
  double *start = numbers(count);
  for (long i = 0; i < count; i++) start[i] = uniform(from, to);
  return start;
}

/// [parameter][draw]: a scale of either sign, and what else the family has.
static double *random_parameters(vc_family family) {
  double *parameters = random_numbers(3 * draws, 0.2, 3);
  for (int d = 0; d < draws; d++) {
    parameters[d] = uniform(-1, 2);
    if (family == vc_root) parameters[draws + d] = uniform(0.05, 1);
    if (family == vc_hill) parameters[2 * draws + d] = uniform(0.4, 4);
  }
  return parameters;
}

// The formulas. A point is a curve of unit scale and its derivatives in media, with the size that its error is relative to.

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

// One period without carryover, over the whole range of media.

/// Far enough from both ends of the range to keep its digits.
static int is_plain(real number, real smallest) { return fabsl(number) > smallest && fabsl(number) < 1 / smallest; }

static void check_range(const vc_loops *loops, vc_family family, double second, double third, int is_kept) {
  enum { count = 1024 };
  double *media = numbers(count), *weight = numbers(VC_TILE), *parameters = numbers(3 * count);
  double *value = numbers(count), *slope = numbers(count), *curvature = numbers(count), *power = numbers(count);
  // With one power for all periods, as far as the period's part can be told.
  const int reach = is_kept ? (int)(300 * 1.4 / (third > 1 ? third : 1)) : 996;
  for (int d = 0; d < count; d++) {
    media[d] = ldexp(uniform(1, 2), d * 2 * reach / count - reach);
    // Half of them around the place that parameters put something at.
    if (d % 2) media[d] = uniform(0.01, 2) * (third > 0 ? third : 1) * (is_kept ? second : 1);
    parameters[d] = 1;
    parameters[count + d] = second;
    parameters[2 * count + d] = third;
  }
  for (int i = 0; i < VC_TILE; i++) weight[i] = 1;
  const long end = 1;
  vc_cell cell = {count / VC_TILE, 1, media, 0, media, 1, &end, weight, 0, count, parameters, 1, 0};
  if (is_kept) {
    vc_power_of(loops, family)(&cell, 1, power);
    cell.power = power;
  }
  vc_curve_of(loops, family)(&cell, 1, value, slope, curvature);
  add_to_digest(value, count), add_to_digest(slope, count), add_to_digest(curvature, count);

  // The kernel neglects 1e-152, e^-350, where c is larger than 350; and e^-700 beside one.
  const real smallest = family == vc_hill_sigmoid ? 1e-136L : 1e-290L;
  for (int d = 0; d < count; d++) {
    const real own[3] = {1, second, third}, x = media[d];
    const point p = curve(family, x, own);
    const real u = family == vc_hill ? x / second : x;
    if (family == vc_hill && (u < 0x1p-1022L || expl(-third * logl(u)) < 1e-290L)) continue;
    if (is_plain(p.value, smallest))
      expect_near(value[d], p.value, 4e-15L * p.condition * p.value, "value", family, media[d]);
    // Below the smallest normal numbers what derivatives are made of keeps no digits.
    if (!is_plain(p.slope, smallest) || !is_plain(p.slope * x, smallest)) continue;
    expect_near(slope[d], p.slope * x, 1e-13L * p.condition * fabsl(p.slope * x), "slope", family, media[d]);
    if (!is_plain(p.slope / u, smallest) || !is_plain(p.bend_size, smallest) || !is_plain(p.bend_size * x * x, smallest)) continue;
    const real size = p.bend_size * x * x + p.slope * x * fminl(1 + u, p.condition);
    expect_near(curvature[d], p.curvature * x * x, 1e-13L * p.condition * size, "curvature", family, media[d]);
  }
  free(media), free(weight), free(parameters), free(value), free(slope), free(curvature), free(power);
}

static void check_ranges(const vc_loops *loops, vc_family family) {
  switch (family) {
  case vc_hill_sigmoid:
    for (int i = 0; i < 7; i++) check_range(loops, family, 1, (double[]){0, 0.3, 5, 40, 500, 640, 2000}[i], 0);
    break;
  case vc_hill:
    for (int i = 0; i < 7; i++) {
      const double n = (double[]){0.3, 1, 1.7, 2, 3, 5, 8}[i];
      for (int k = 0; k < 3; k++) check_range(loops, family, (double[]){1, 3e-4, 7e8}[k], n, 0);
      check_range(loops, family, 2, n, 1);
    }
    break;
  case vc_root:
    for (int i = 0; i < 5; i++) {
      check_range(loops, family, (double[]){0.02, 0.3, 0.5, 0.9, 1}[i], 0, 0);
      check_range(loops, family, (double[]){0.02, 0.3, 0.5, 0.9, 1}[i], 0, 1);
    }
    break;
  default: check_range(loops, family, 1, 0, 0);
  }
}

// Sums over periods: any number of them, of those that feel history, and of runs.

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

// Media that are decided period by period.

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

// What is not of a family: carryover and interpolation.

static void check_carry(const vc_loops *loops) {
  for (long most = 0; most <= longest; most++) {
    enum { rows = 5 };
    long first[rows], start[rows + 1] = {0};
    for (int r = 0; r < rows; r++) {
      const long length = r == 0 ? most : (long)uniform(0, (double)most + 1);
      first[r] = (long)uniform(0, (double)(most - length) + 1);
      start[r + 1] = start[r] + length;
    }
    double *media = random_numbers(start[rows] + 1, -1, 3), *weights = random_numbers((most + 1) * draws, -1, 1);
    double *out = numbers(rows * draws);
    const vc_carryover carryover = {tiles, most + 1, draws, weights};
    const vc_windows windows = {rows, first, start, media};
    loops->carry(&carryover, &windows, out);
    add_to_digest(out, rows * draws);
    for (int d = 0; d < draws; d++)
      for (int r = 0; r < rows; r++) {
        real sum = 0, size = 0;
        for (long i = start[r]; i < start[r + 1]; i++) {
          const real term = (real)media[i] * weights[(first[r] + i - start[r]) * draws + d];
          sum += term, size += fabsl(term);
        }
        expect_near(out[(d / VC_TILE * rows + r) * VC_TILE + d % VC_TILE], sum, 1e-14L * size, "carryover", -1, (double)most);
      }
    free(media), free(weights), free(out);
  }
}

static void check_combine(const vc_loops *loops) {
  for (long count = VC_TILE; count <= 4 * VC_TILE; count += VC_TILE)
    for (int left_out = 0; left_out < 3; left_out++) {
      double *rows = random_numbers(4 * count, -2, 2), *by = random_numbers(12, -1, 1), *out = numbers(3 * count);
      const double *starts[4] = {rows, rows + count, rows + 2 * count, rows + 3 * count};
      for (long i = 0; i < 3 * count; i++) out[i] = 7;
      loops->combine(starts, by, count, out, left_out > 0 ? 0 : out + count, left_out > 1 ? 0 : out + 2 * count);
      add_to_digest(out, 3 * count);
      for (int k = 0; k < 3; k++)
        for (long i = 0; i < count; i++) {
          real sum = 0, size = 0;
          for (int r = 0; r < 4; r++) {
            const real term = (real)by[4 * k + r] * starts[r][i];
            sum += term, size += fabsl(term);
          }
          const int is_left = (k == 1 && left_out > 0) || (k == 2 && left_out > 1);
          expect_near(out[k * count + i], is_left ? 7 : sum, is_left ? 0 : 1e-15L * size, "interpolation", -1, (double)i);
        }
      free(rows), free(by), free(out);
    }
}

// The ends of the range, and what is not a number.

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

static void check_set(const vc_loops *loops) {
  set_name = loops->name;
  state = 1;
  for (int f = 0; f < vc_family_count; f++) {
    const vc_family family = (vc_family)f;
    start_digest();
    check_ranges(loops, family);
    check_edges(loops, family);
    for (long periods = 1; periods <= longest; periods++)
      for (long base_periods = 0; base_periods <= periods; base_periods++)
        for (int kept = 0; kept <= (vc_power_of(loops, family) != 0); kept++)
          check_sums(loops, family, periods, base_periods, base_periods % 2, kept);
    for (long periods = 1; periods <= longest; periods++) check_chords(loops, family, periods, periods / 2);
    for (long planned = 1; planned <= longest; planned++)
      for (int kind = 0; kind < 4; kind++)
        check_calendar(loops, family, planned, planned % 4, 1 + (planned * 5 + kind) % longest, kind % 2, kind / 2);
    printf("%s %s %016llx\n", set_name, family_names[f], (unsigned long long)digest);
  }
  start_digest();
  check_carry(loops);
  check_combine(loops);
  check_zero(loops);
  printf("%s others %016llx\n", set_name, (unsigned long long)digest);
}

int main(void) {
  static const char *const sets[] = {"baseline", "avx2", "avx512"};
  int known = 0;
  for (int i = 0; i < 3; i++) {
    const vc_loops *loops = vc_loops_on(sets[i]);
    if (!loops) continue;
    known++;
    check_set(loops);
  }
  set_name = "all";
  expect(known > 0 && vc_loops_on("baseline") && vc_loops_on(NULL), "there is no instruction set");
  expect(!vc_loops_on("abacus"), "an instruction set that is not there was found");
  const char *wanted = getenv("APPORTION_INSTRUCTION_SET");
  if (wanted && vc_loops_on(wanted)) expect(vc_loops_on(NULL) == vc_loops_on(wanted), "the instruction set that was named is not the chosen");
  printf("%ld checks on %d instruction sets, %ld failed\n", checks, known, failures);
  return failures > 0;
}
