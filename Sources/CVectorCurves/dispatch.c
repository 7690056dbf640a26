#include "CVectorCurves.h"

#define JOIN2(a, b) a##_##b
#define JOIN(a, b) JOIN2(a, b)

// The baseline of every processor: SSE2 on x86-64, NEON on arm64.
#define VC(name) JOIN(name, baseline)
#define LANES 2
#include "impl.h"

void vc_logistic(const vc_cell *cell, double spend, double *value, double *slope, double *curvature) {
  logistic_baseline(cell, spend, value, slope, curvature);
}
