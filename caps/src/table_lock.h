/* SPDX-License-Identifier: MIT
 *
 * The lock under which the token table changes. Validation never takes it. It is held for a
 * bounded time, without sleeping and without calling out, so spinning is good enough both in a
 * kernel and in a hosted program.
 */
#pragma once

#include <aramid/lock.h>
#include <aramid/tool.h>

struct ARAMID_LOCKABLE("token table lock") cap_table_lock {
	unsigned char held;
};

extern struct cap_table_lock cap_table_lock;

#if ARAMID_READ_BY_FRAMAC
/*@ assigns cap_table_lock.held;
    exits \false; */
static inline void cap_lock_table(void)
{
	cap_table_lock.held = 1;
}

/*@ assigns cap_table_lock.held;
    exits \false; */
static inline void cap_unlock_table(void)
{
	cap_table_lock.held = 0;
}
#else
static inline void cap_lock_table(void) ACQUIRES_LOCK(cap_table_lock)
        NO_LOCK_ANALYSIS("this is the lock itself")
{
	while (__atomic_exchange_n(&cap_table_lock.held, 1, __ATOMIC_ACQUIRE))
		while (__atomic_load_n(&cap_table_lock.held, __ATOMIC_RELAXED))
			__builtin_ia32_pause();
}

static inline void cap_unlock_table(void) RELEASES_LOCK(cap_table_lock)
        NO_LOCK_ANALYSIS("this is the lock itself")
{
	__atomic_store_n(&cap_table_lock.held, 0, __ATOMIC_RELEASE);
}
#endif
