/* SPDX-License-Identifier: MIT
 *
 * Memory of threads: the struct on the core's heap, the stack above a guard page.
 */
#include <arch/mmu.h>
#include <arch/thread_switch.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/stack_area.h>
#include <kernel/proc/sched.h>
#include <kernel/proc/thread_memory.h>
#include <kernel/sync/spinlock.h>

/* Stacks that stay mapped for the next threads: unmapping one interrupts every CPU. */
#define SPARE_STACKS 32

static struct stack_area stacks = STACK_AREA_INIT(KERNEL_STACK_BASE, THREAD_STACK_PAGES);

/* The spare stacks. */
static struct spinlock stacks_lock = SPINLOCK_INIT(kernel_stacks);
static uint64_t spare_stacks[SPARE_STACKS];
static unsigned int spare_count;

/* A spare stack, or a new one; 0 when memory or slots are out. */
static uint64_t take_stack(void)
{
	unsigned long flags = spin_lock_irq(&stacks_lock);
	uint64_t base = spare_count ? spare_stacks[--spare_count] : 0;

	spin_unlock_irq(&stacks_lock, flags);
	return base ? base : stack_area_map(&stacks, MMU_WRITE);
}

static void give_back_stack(uint64_t base)
{
	unsigned long flags = spin_lock_irq(&stacks_lock);
	bool kept = spare_count < SPARE_STACKS;

	if (kept)
		spare_stacks[spare_count++] = base;
	spin_unlock_irq(&stacks_lock, flags);
	if (!kept)
		stack_area_unmap(&stacks, base);
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
	thread->turn = SLICE_TICKS;
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
