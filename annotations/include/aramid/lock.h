/* SPDX-License-Identifier: MIT
 *
 * Lock discipline for Clang's thread-safety analysis (-Wthread-safety): which lock guards which
 * data, which function needs, takes or must not hold which lock, and in what order. Under every
 * other compiler and tool the macros are empty; they never make an instruction.
 *
 *   struct ARAMID_LOCKABLE("spinlock") spinlock { … };
 *   struct run_queue { struct spinlock lock; struct thread *head GUARDED_BY(&lock); };
 *   void spin_lock(struct spinlock *lock) ACQUIRES_LOCK(*lock);
 *   static void enqueue(struct run_queue *q, …) REQUIRES_LOCK(q->lock);
 *
 * https://clang.llvm.org/docs/ThreadSafetyAnalysis.html
 */
#pragma once

#if defined(__clang__)
#define ARAMID_LOCK_ATTR_(x) __attribute__((x))
#else
#define ARAMID_LOCK_ATTR_(x)
#endif

/* The type is a lock; the name stands in the diagnostics. */
#define ARAMID_LOCKABLE(name) ARAMID_LOCK_ATTR_(capability(name))

/* The variable or field (PT_: what it points to) is touched only under the lock. A lock in the same
 * struct is named with its address, &lock: in C, Clang 19 does not relate the bare name to the
 * object. It then accepts the same field's lock of any object. */
#define GUARDED_BY(lock)    ARAMID_LOCK_ATTR_(guarded_by(lock))
#define PT_GUARDED_BY(lock) ARAMID_LOCK_ATTR_(pt_guarded_by(lock))

/* The caller holds (_SHARED: at least for reading), or does not hold, the locks. */
#define REQUIRES_LOCK(...)        ARAMID_LOCK_ATTR_(requires_capability(__VA_ARGS__))
#define REQUIRES_LOCK_SHARED(...) ARAMID_LOCK_ATTR_(requires_shared_capability(__VA_ARGS__))
#define EXCLUDES_LOCK(...)        ARAMID_LOCK_ATTR_(locks_excluded(__VA_ARGS__))

/* The function returns with the locks held, or without them. */
#define ACQUIRES_LOCK(...)        ARAMID_LOCK_ATTR_(acquire_capability(__VA_ARGS__))
#define ACQUIRES_LOCK_SHARED(...) ARAMID_LOCK_ATTR_(acquire_shared_capability(__VA_ARGS__))
#define RELEASES_LOCK(...)        ARAMID_LOCK_ATTR_(release_capability(__VA_ARGS__))
#define RELEASES_LOCK_SHARED(...) ARAMID_LOCK_ATTR_(release_shared_capability(__VA_ARGS__))

/* The locks are held when the function returned `success`. */
#define TRY_ACQUIRES(success, ...) ARAMID_LOCK_ATTR_(try_acquire_capability(success, __VA_ARGS__))

/* The function has found out at run time that the lock is held. */
#define ASSERTS_LOCK(lock) ARAMID_LOCK_ATTR_(assert_capability(lock))

/* The function returns a reference to this lock. */
#define RETURNS_LOCK(lock) ARAMID_LOCK_ATTR_(lock_returned(lock))

/* Order between two locks; checked with -Wthread-safety-beta. It stands on the lock's first
 * declaration: what a later one adds, Clang 19 does not see. */
#define ACQUIRED_AFTER(...)  ARAMID_LOCK_ATTR_(acquired_after(__VA_ARGS__))
#define ACQUIRED_BEFORE(...) ARAMID_LOCK_ATTR_(acquired_before(__VA_ARGS__))

/* An escape hatch: the body is not analysed. The reason is a string literal, and `./aramid
 * check` counts and prints them. */
#if defined(__clang__)
#define NO_LOCK_ANALYSIS(reason)                                                                   \
	__attribute__((no_thread_safety_analysis, annotate("no lock analysis: " reason)))
#else
#define NO_LOCK_ANALYSIS(reason)
#endif
