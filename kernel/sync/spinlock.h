/* SPDX-License-Identifier: MIT
 *
 * Ticket spinlocks. Holding one forbids preemption and sleep. A lock that an
 * interrupt handler takes is taken with spin_lock_irq everywhere. The order of
 * lock_order.def is checked where ARAMID_CHECK_LOCK_ORDER is set: a violation
 * is a core panic that names both locks.
 */
#pragma once

#include <stdint.h>

#include <aramid/lock.h>

enum lock_rank {
#define LOCK_RANK(name) LOCK_RANK_##name,
#include <kernel/sync/lock_order.def>
#undef LOCK_RANK
};

struct ARAMID_LOCKABLE("spinlock") spinlock {
	uint32_t next;    /* ticket to hand out */
	uint32_t serving; /* ticket that holds the lock */
	uint32_t rank;    /* enum lock_rank */
};

#define SPINLOCK_INIT(name) {.rank = LOCK_RANK_##name}

static inline void spin_init(struct spinlock *lock, enum lock_rank rank)
{
	lock->next = lock->serving = 0;
	lock->rank = rank;
}

void spin_lock(struct spinlock *lock) ACQUIRES_LOCK(lock);
void spin_unlock(struct spinlock *lock) RELEASES_LOCK(lock);

/* The same with interrupts off; the answer goes to spin_unlock_irq. */
unsigned long spin_lock_irq(struct spinlock *lock) ACQUIRES_LOCK(lock);
void spin_unlock_irq(struct spinlock *lock, unsigned long flags) RELEASES_LOCK(lock);
