/* SPDX-License-Identifier: MIT
 *
 * Memory of threads: the struct on the core's heap, the stack in a slot of the
 * stack area whose lowest page stays unmapped.
 */
#include <arch/mmu.h>
#include <arch/thread_switch.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/proc/sched.h>
#include <kernel/proc/thread_memory.h>
#include <kernel/sync/spinlock.h>

#define STACK_SLOTS     4096
#define STACK_SLOT_SIZE ((THREAD_STACK_PAGES + 1) * PAGE_SIZE)

/* Stacks that stay mapped for the next threads: unmapping one interrupts every CPU. */
#define SPARE_STACKS 32

/* The stack slots in use, and the spare stacks. */
static struct spinlock stacks_lock = SPINLOCK_INIT(kernel_stacks);
static uint64_t slots_used[STACK_SLOTS / 64];
static uint64_t spare_stacks[SPARE_STACKS];
static unsigned int spare_count;

static uint64_t slot_base(unsigned int slot)
{
	return KERNEL_STACK_BASE + slot * STACK_SLOT_SIZE + PAGE_SIZE;
}

/* A free slot, taken; STACK_SLOTS when there is none. */
static unsigned int take_slot(void)
{
	unsigned long flags = spin_lock_irq(&stacks_lock);
	unsigned int slot = STACK_SLOTS;

	for (unsigned int i = 0; i < STACK_SLOTS / 64; i++)
		if (~slots_used[i]) {
			slot = i * 64 + (unsigned int)__builtin_ctzl(~slots_used[i]);
			slots_used[i] |= 1UL << slot % 64;
			break;
		}
	spin_unlock_irq(&stacks_lock, flags);
	return slot;
}

static void release_slot(unsigned int slot)
{
	unsigned long flags = spin_lock_irq(&stacks_lock);

	slots_used[slot / 64] &= ~(1UL << slot % 64);
	spin_unlock_irq(&stacks_lock, flags);
}

static void unmap_stack(uint64_t base)
{
	paddr_t pages[THREAD_STACK_PAGES];

	mmu_unmap_kernel(base, THREAD_STACK_PAGES, pages);
	for (unsigned int i = 0; i < THREAD_STACK_PAGES; i++)
		if (pages[i])
			page_put(core_rights.pages, pages[i]);
	release_slot((unsigned int)((base - KERNEL_STACK_BASE) / STACK_SLOT_SIZE));
}

/* Map a stack: its base, or 0 when memory or slots are out. */
static uint64_t map_stack(void)
{
	unsigned int slot = take_slot();
	uint64_t base = slot_base(slot);

	if (slot == STACK_SLOTS)
		return 0;
	for (unsigned int i = 0; i < THREAD_STACK_PAGES; i++) {
		paddr_t page = page_alloc(core_rights.pages, 0);

		if (page &&
		    !mmu_map_kernel(core_rights.pages, base + i * PAGE_SIZE, page, MMU_WRITE))
			continue;
		if (page)
			page_put(core_rights.pages, page);
		unmap_stack(base);
		return 0;
	}
	return base;
}

/* A spare stack, or a new one; 0 when memory or slots are out. */
static uint64_t take_stack(void)
{
	unsigned long flags = spin_lock_irq(&stacks_lock);
	uint64_t base = spare_count ? spare_stacks[--spare_count] : 0;

	spin_unlock_irq(&stacks_lock, flags);
	return base ? base : map_stack();
}

static void give_back_stack(uint64_t base)
{
	unsigned long flags = spin_lock_irq(&stacks_lock);
	bool kept = spare_count < SPARE_STACKS;

	if (kept)
		spare_stacks[spare_count++] = base;
	spin_unlock_irq(&stacks_lock, flags);
	if (!kept)
		unmap_stack(base);
}

uint64_t thread_spare_pages(void)
{
	return (uint64_t)__atomic_load_n(&spare_count, __ATOMIC_RELAXED) * THREAD_STACK_PAGES;
}

struct thread *thread_create(const char *name, void (*entry)(void *), void *argument)
{
	struct thread *thread = heap_alloc(&core_heap, sizeof(*thread));

	if (!thread)
		return NULL;
	thread->stack_base = take_stack();
	if (!thread->stack_base) {
		heap_free(&core_heap, thread);
		return NULL;
	}
	thread->name = name;
	thread->entry = entry;
	thread->argument = argument;
	thread->state = THREAD_SLEEPING;
	/* Its first act is to give up the run queue's lock, which its predecessor took. */
	thread->preempt_disabled = 1;
	list_init(&thread->run_link);
	thread_prepare(thread);
	return thread;
}

void thread_free(struct thread *thread)
{
	give_back_stack(thread->stack_base);
	heap_free(&core_heap, thread);
}
