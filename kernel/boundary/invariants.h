/* SPDX-License-Identifier: MIT
 *
 * The invariants that the proofs of the core start from (docs/what-is-proved.md), evaluated on the
 * live tables where the profile says so (ARAMID_CHECK_INVARIANTS): each predicate is one function,
 * proved to say yes exactly when the invariant of the contracts holds. They cost time in the size
 * of the tables, so they run once after boot and after each repair of a service, and a ledger's
 * before a fallen call's entries are given back. One that does not hold is damage to the
 * core, and a panic.
 */
#pragma once

#include <stdint.h>

#include <aramid/profile.h>

struct ledger_call;
struct service;

#if ARAMID_CHECK_INVARIANTS

/* After boot (service NULL) and after each repair. Not under a spinlock. */
void invariants_check(const struct service *repaired);

/* Before a fallen call's ledger is given back. */
void invariants_check_ledger(const struct service *fallen, struct ledger_call *ledger);

/* How many predicates were evaluated, and held. */
uint64_t invariants_held(void);

#else

static inline void invariants_check(const struct service *repaired)
{
	(void)repaired;
}

static inline void invariants_check_ledger(const struct service *fallen, struct ledger_call *ledger)
{
	(void)fallen, (void)ledger;
}

static inline uint64_t invariants_held(void)
{
	return 0;
}

#endif
