/* SPDX-License-Identifier: MIT
 *
 * Ticket locks, and the check of their order.
 */
#include <aramid/profile.h>
#include <kernel/log/log.h>
#include <kernel/proc/thread.h>
#include <kernel/sync/spinlock.h>

static const char *const rank_names[] = {
#define LOCK_RANK(name) #name,
#include <kernel/sync/lock_order.def>
#undef LOCK_RANK
};

/* Interrupts off. Two CPUs can never wait for each other if all take locks by rank. */
static void note_taken(struct spinlock *lock)
{
	struct cpu *cpu = this_cpu();
	const struct spinlock *last = NULL;

	if (ARAMID_CHECK_LOCK_ORDER && cpu->locks_held > cpu->order_base &&
	    cpu->locks_held <= MAX_LOCKS_HELD)
		last = cpu->held[cpu->locks_held - 1];
	if (last && last->rank >= lock->rank)
		panic("lock order: %s taken under %s", rank_names[lock->rank],
		      rank_names[last->rank]);
	if (ARAMID_CHECK_LOCK_ORDER && cpu->locks_held < MAX_LOCKS_HELD)
		cpu->held[cpu->locks_held] = lock;
	cpu->locks_held++;
}

static void note_released(struct spinlock *lock)
{
	struct cpu *cpu = this_cpu();

	cpu->locks_held--;
	if (!ARAMID_CHECK_LOCK_ORDER || cpu->locks_held >= MAX_LOCKS_HELD)
		return;
	/* Locks need not be given up in reverse. */
	for (unsigned int i = 0; i < cpu->locks_held; i++)
		if (cpu->held[i] == lock)
			cpu->held[i] = cpu->held[cpu->locks_held];
}

static void take(struct spinlock *lock)
{
	uint32_t ticket = __atomic_fetch_add(&lock->next, 1, __ATOMIC_RELAXED);

	while (__atomic_load_n(&lock->serving, __ATOMIC_ACQUIRE) != ticket)
		cpu_relax();
}

void spin_lock(struct spinlock *lock) NO_LOCK_ANALYSIS("this is the lock")
{
	preempt_disable();
	take(lock);
	note_taken(lock);
}

void spin_unlock(struct spinlock *lock) NO_LOCK_ANALYSIS("this is the lock")
{
	note_released(lock);
	__atomic_store_n(&lock->serving, lock->serving + 1, __ATOMIC_RELEASE);
	preempt_enable();
}

unsigned long spin_lock_irq(struct spinlock *lock) NO_LOCK_ANALYSIS("this is the lock")
{
	unsigned long flags = irq_save();

	spin_lock(lock);
	return flags;
}

void spin_unlock_irq(struct spinlock *lock, unsigned long flags)
        NO_LOCK_ANALYSIS("this is the lock")
{
	spin_unlock(lock);
	irq_restore(flags);
}
