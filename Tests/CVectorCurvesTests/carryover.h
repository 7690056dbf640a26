// What is not of a family: carryover and interpolation.

#pragma once

#include "formulas.h"

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
