// Tells ThreadSanitizer of locks that it cannot see. A Mutex that two threads want at once is handed over within the Swift runtime,
// which was built without the sanitizer: to it what the lock protects would be a race. `scripts/sanitize` links this to whatever it
// builds; the functions stand before those of the runtime, which they call.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

extern void __tsan_acquire(void *address);
extern void __tsan_release(void *address);

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

// Synchronization._MutexHandle._lockSlow(UInt32) and _unlockSlow(), of Swift 6: at the handle's address lies its atomic number.
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef SWIFT void (*lock_function)(uint32_t thread, SELF void *handle);
typedef SWIFT void (*unlock_function)(SELF void *handle);

SWIFT void lock_slowly(uint32_t thread, SELF void *handle) __asm__(LOCK);
SWIFT void unlock_slowly(SELF void *handle) __asm__(UNLOCK);

static lock_function runtime_lock;
static unlock_function runtime_unlock;

__attribute__((constructor)) static void find_runtime(void) {
  runtime_lock = (lock_function)dlsym(RTLD_NEXT, LOCK);
  runtime_unlock = (unlock_function)dlsym(RTLD_NEXT, UNLOCK);
}

SWIFT void lock_slowly(uint32_t thread, SELF void *handle) {
  runtime_lock(thread, handle);
  __tsan_acquire(handle);
}

SWIFT void unlock_slowly(SELF void *handle) {
  __tsan_release(handle);
  runtime_unlock(handle);
}
