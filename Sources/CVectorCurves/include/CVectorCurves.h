#ifndef CVECTORCURVES_H
#define CVECTORCURVES_H

/// Draws travel in tiles of this many.
#define VC_TILE 16

/// One cell of spend under every draw. A tile is VC_TILE draws; within a tile each period is a row of VC_TILE numbers.
/// Every array starts on a 64-byte boundary; draws beyond the last are padding, and what is computed for them means nothing.
typedef struct {
  long tiles;               ///< draws / VC_TILE, rounded up
  long periods;             ///< periods in which the cell's spend is felt
  const double *exposure;   ///< [tiles][periods][VC_TILE]: media after carryover, per unit of spend
  long base_periods;        ///< the first so many periods still feel history; at most `periods`
  const double *base;       ///< [tiles][base_periods][VC_TILE]: media after carryover that history left
  long runs;                ///< periods in a row whose response is worth the same are a run
  const long *run_end;      ///< [runs]: the period after the run's last, rising to `periods`
  const double *weight;     ///< [tiles][runs][VC_TILE]: what a unit of response in each run's periods is worth
  long weight_stride;       ///< from one tile's weights to the next: runs * VC_TILE, or 0 where all tiles have the same
  long parameter_stride;    ///< from one parameter to the next: at least tiles * VC_TILE
  const double *parameters; ///< [parameter][parameter_stride], in the family's own order
  double power_unit;        ///< the spend that `power` was made for
  const double *power;      ///< what the family's vc_power wrote; null where it is not to be used
} vc_cell;

/// For each draw the weighted sum over periods of the curve at `base + spend * exposure`, and its first two derivatives in
/// spend. `value`, `slope` and `curvature` hold tiles * VC_TILE numbers; `curvature`, or both derivatives, may be null.
typedef void vc_curve(const vc_cell *cell, double spend, double *value, double *slope, double *curvature);

/// Writes, for each period without a base, [tiles][periods - base_periods][VC_TILE], what depends on the period alone in a
/// curve of `(exposure * spend)^n` when spend is `unit`: what depends on spend is then one power for all periods.
typedef void vc_power(const vc_cell *cell, double unit, double *power);

/// Spends of one cell, and what is written for them: columns of `stride` numbers.
typedef struct {
  long count;               ///< at least 1
  const double *spend;      ///< [count], rising
  const double *inflection; ///< [stride]: the media at which the curve turns from convex to concave; 0 where it is concave
  long stride;
  double *value; ///< [count][stride]
  double *above; ///< [count - 1][stride]: how far the curve may be above the chord between two spends
  double *below; ///< [count - 1][stride]: and how far below it
} vc_nodes;

/// Values at spends, and bounds between them. `scratch` holds periods * 2 * VC_TILE numbers.
typedef void vc_chords(const vc_cell *cell, const vc_nodes *nodes, double *scratch);

/// Lag weights under every draw.
typedef struct {
  long tiles;            ///< draws / VC_TILE, rounded up
  long lags;             ///< lags that count, from 0
  long stride;           ///< from one lag to the next: at least tiles * VC_TILE
  const double *weights; ///< [lags][stride]
} vc_carryover;

/// Rows of media, each by the lags at which they are felt.
typedef struct {
  long rows;
  const long *first_lag; ///< [rows]: the lag of a row's first number; its last is below the carryover's `lags`
  const long *start;     ///< [rows + 1]: where in `media` each row starts, and the last ends
  const double *media;
} vc_windows;

/// `out[tile][row][VC_TILE] = sum over a row's lags of media * weights`: media after carryover.
typedef void vc_carry(const vc_carryover *carryover, const vc_windows *windows, double *out);

/// One cell of which every period's media are decided, under every draw. The curve is felt in the planned periods and in those
/// after them.
typedef struct {
  long tiles;                ///< draws / VC_TILE, rounded up
  long planned;              ///< periods whose media are decided, the first of all
  long felt;                 ///< periods of the curve: at least `planned`
  const double *media;       ///< [planned]
  const double *rate;        ///< [planned]: media for a unit of what slopes are taken in
  long lags;                 ///< lags that count, from 0: at least 1
  long lag_stride;           ///< from one lag to the next: at least tiles * VC_TILE
  const double *lag_weights; ///< [lags][lag_stride]
  const double *retention;   ///< [tiles * VC_TILE]: each lag's weight as a share of the one before it, without end; or null, and
                             ///< weights are as they stand
  long base_periods;         ///< the first so many periods still feel history; at most `felt`
  const double *base;        ///< [tiles][base_periods][VC_TILE]: media after carryover that history left
  const double *weight;      ///< [tiles][felt][VC_TILE]: what a unit of response is worth
  long weight_stride;        ///< from one tile's weights to the next: felt * VC_TILE, or 0 where all tiles have the same
  const double *joint;       ///< [tiles][felt][VC_TILE]: media below which the curve is a straight line; null for the curve as it is
  const double *line;        ///< as `joint`: the slope of that line, response per unit of media; it ends on the curve
  long parameter_stride;     ///< from one parameter to the next: at least tiles * VC_TILE
  const double *parameters;  ///< [parameter][parameter_stride], in the family's own order
} vc_calendar;

/// For each draw the weighted sum over periods of the curve of media after carryover, and in rows of `stride` numbers what is behind
/// its derivatives. `slope[planned]`: the derivative in each period's media, times its rate. `curvature`: the curve's own second
/// derivative in each period of `felt`; with a retention, in each planned period the sum of those from there on, each times the
/// retention to twice its distance. `curvature`, or both, may be null. `scratch` holds (lags + 2 * felt) * VC_TILE numbers.
typedef void vc_calendar_sums(
    const vc_calendar *cell, long stride, double *value, double *slope, double *curvature, double *scratch);

/// Three sums of four rows of `count` numbers, each with four coefficients of its own, one after another; a null output is
/// left out.
typedef void vc_combine(
    const double *const *rows, const double *coefficients, long count, double *value, double *slope, double *curvature);

typedef enum {
  /// `beta (1 - e^-u) / (1 + e^-u)`, `u = lam x`; parameters beta, lam.
  vc_logistic,
  /// `beta (1 - e^-u)`, `u = lam x`; parameters beta, lam.
  vc_exponential,
  /// `sigma / (1 + e^(c - u)) - sigma / (1 + e^c)`, `u = beta x`, `c = beta lam`; parameters sigma, beta, lam, none negative.
  vc_hill_sigmoid,
  /// `alpha u / (1 + u)`, `u = x / lam`; parameters alpha, lam.
  vc_michaelis_menten,
  /// `beta log(1 + x)`; parameter beta.
  vc_log,
  /// `beta x`; parameter beta.
  vc_linear,
  /// `beta u^n / (1 + u^n)`, `u = x / kappa`; parameters beta, kappa, n. Derivatives that are infinite at u = 0 are 2^512.
  vc_hill,
  /// `beta x^alpha`; parameters beta, alpha. Derivatives that are infinite at x = 0 are 2^512.
  vc_root,
  vc_family_count
} vc_family;

/// What the loops of one instruction set are.
typedef struct {
  const char *name;                  ///< "baseline" (SSE2 or NEON), "avx2" or "avx512"
  vc_curve *curve[vc_family_count];  ///< one for each family
  vc_chords *chords[vc_family_count]; ///< one for each family
  vc_power *power[vc_family_count];  ///< null for a family that has none
  vc_calendar_sums *calendar[vc_family_count]; ///< one for each family
  vc_carry *carry;
  vc_combine *combine;
} vc_loops;

/// The loops of an instruction set; null where the processor lacks it. With a null name, those of the widest that the
/// processor has, or of the one that the environment variable APPORTION_INSTRUCTION_SET named when the program began.
const vc_loops *vc_loops_on(const char *name);

/// Members of `curve`, `chords`, `power` and `calendar`: Swift sees no arrays of functions.
vc_curve *vc_curve_of(const vc_loops *loops, vc_family family);
vc_chords *vc_chords_of(const vc_loops *loops, vc_family family);
vc_power *vc_power_of(const vc_loops *loops, vc_family family);
vc_calendar_sums *vc_calendar_of(const vc_loops *loops, vc_family family);

#endif
