/* SPDX-License-Identifier: MIT
 *
 * TLB shoot-down. One request at a time; the other CPUs flush wholly in their
 * interrupt handler and count themselves off. While it waits for its turn a CPU
 * answers the request that is under way, so that two CPUs never wait for
 * each other.
 * Source: Intel SDM vol. 3A, 4.10.5.
 */
#include <arch/apic.h>
#include <arch/mmu.h>
#include <arch/mmu_setup.h>
#include <arch/registers.h>
#include <kernel/proc/thread.h>

/* Beyond this many pages a whole flush is cheaper than one INVLPG each. */
#define FLUSH_PAGES_MAX 32

static uint32_t request_busy;          /* a request is under way: owner by exchange */
static volatile uint32_t waiting_mask; /* CPUs that have still to flush */

static void flush_all(void)
{
	uint64_t cr4 = cr4_read();

	/* Toggling PGE drops global entries too. */
	cr4_write(cr4 & ~CR4_PGE);
	cr4_write(cr4);
}

static void flush_local(uint64_t start, uint64_t end)
{
	if ((end - start) >> PAGE_SHIFT > FLUSH_PAGES_MAX) {
		flush_all();
		return;
	}
	for (uint64_t va = start; va < end; va += PAGE_SIZE)
		__asm__ volatile("invlpg (%0)" : : "r"(va) : "memory");
}

void mmu_shootdown_interrupt(void)
{
	uint32_t bit = 1u << this_cpu()->number;

	if (__atomic_load_n(&waiting_mask, __ATOMIC_ACQUIRE) & bit) {
		flush_all();
		__atomic_and_fetch(&waiting_mask, ~bit, __ATOMIC_RELEASE);
	}
}

/* CPUs other than this one that may hold translations of a root. */
static uint32_t users_of(paddr_t root)
{
	uint32_t mask = 0;

	for (unsigned int i = 0; i < cpu_count; i++)
		if (i != this_cpu()->number && cpus[i].online &&
		    (root == mmu_kernel_root ||
		     __atomic_load_n(&cpus[i].page_table, __ATOMIC_SEQ_CST) == root))
			mask |= 1u << i;
	return mask;
}

void mmu_flush(paddr_t root, uint64_t start, uint64_t end)
{
	uint32_t mask;

	preempt_disable();
	if (root == mmu_kernel_root || this_cpu()->page_table == root)
		flush_local(start, end);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	mask = users_of(root);
	if (mask) {
		while (__atomic_exchange_n(&request_busy, 1, __ATOMIC_ACQUIRE)) {
			mmu_shootdown_interrupt();
			cpu_relax();
		}
		__atomic_store_n(&waiting_mask, mask, __ATOMIC_RELEASE);
		for (unsigned int i = 0; i < cpu_count; i++)
			if (mask & 1u << i)
				apic_send(&cpus[i], VECTOR_SHOOTDOWN);
		while (__atomic_load_n(&waiting_mask, __ATOMIC_ACQUIRE))
			cpu_relax();
		__atomic_store_n(&request_busy, 0, __ATOMIC_RELEASE);
	}
	preempt_enable();
}
