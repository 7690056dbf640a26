// Included once per instruction set by dispatch.c, which defines
//   VC(name)      the name with the instruction set's suffix
//   LANES         doubles in a vector
//   FUSED         1 where a product and a sum round once
//   EXP_TABLE     1 where a table of sixteen doubles is one instruction (AVX-512)
// No include guard: it is meant to be included several times.

#define INLINE static inline __attribute__((always_inline))

#include "vectors.h"

#include "curves.h"

#include "loops.h"

#undef VAST
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
