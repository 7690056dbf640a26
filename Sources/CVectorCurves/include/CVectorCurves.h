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
  const double *weight;     ///< [periods]: what a unit of response in each period is worth
  long parameter_stride;    ///< tiles * VC_TILE
  const double *parameters; ///< [parameter][parameter_stride], in the family's own order
} vc_cell;

/// For each draw the weighted sum over periods of the curve at `base + spend * exposure`, and its first two derivatives in
/// spend. `value`, `slope` and `curvature` hold tiles * VC_TILE numbers; `slope` and `curvature` may both be null.
typedef void vc_curve(const vc_cell *cell, double spend, double *value, double *slope, double *curvature);

typedef enum {
  /// `beta (1 - e^-u) / (1 + e^-u)`, `u = lam x`; parameters beta, lam.
  vc_logistic,
  vc_family_count
} vc_family;

/// A family's curve on an instruction set: "baseline" (SSE2 or NEON), "avx2" or "avx512"; null where the processor lacks
/// it. With a null set that of `vc_instruction_set`.
vc_curve *vc_body(vc_family family, const char *set);

/// The widest instruction set that the processor has, or the one of its own that the environment variable
/// APPORTION_INSTRUCTION_SET named when the program began.
const char *vc_instruction_set(void);

#endif
