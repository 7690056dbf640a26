// Every loop of CVectorCurves, on every instruction set that the processor has, against the formulas in long double: for processors
// that the tests in Swift cannot be run on. `scripts/check-aarch64` builds and runs it. It prints a digest of each family's bits, which
// are to be the same however it was compiled, and ends with 1 where a number is too far from its formula.
//
// Tolerances are those of NumericKernelTests and ResponseModelTests; `condition` is how often the error of an argument comes back.

#include "calendars.h"
#include "carryover.h"
#include "edges.h"
#include "ranges.h"
#include "sums.h"

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
