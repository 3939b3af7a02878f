/* SPDX-License-Identifier: MIT
 *
 * Run queues. A queue's lock is held across the switch and given up by the thread
 * that comes next: until then nobody else can pick the one that goes, whose
 * stack is still in use. A thread's state and queue are guarded by the lock of the
 * CPU that it belongs to.
 */
#include <arch/apic.h>
#include <arch/mmu.h>
#include <arch/thread_switch.h>
#include <kernel/log/log.h>
#include <kernel/mm/vmspace.h>
#include <kernel/proc/process.h>
#include <kernel/proc/sched.h>
#include <kernel/proc/thread_memory.h>
#include <kernel/sync/spinlock.h>

struct run_queue {
	struct spinlock lock;
	struct list threads;
	uint32_t length;
	uint64_t switches, idle_ticks;
	struct thread *gone; /* exited; freed by the next thread */
};

static struct run_queue queues[MAX_CPUS];
static struct thread boot_thread;

extern char boot_stack_top[];

void sched_init(void)
{
	for (unsigned int i = 0; i < MAX_CPUS; i++) {
		spin_init(&queues[i].lock, LOCK_RANK_run_queue);
		list_init(&queues[i].threads);
	}
	boot_thread.name = "idle/0";
	boot_thread.stack_base = (uint64_t)boot_stack_top - THREAD_STACK_PAGES * PAGE_SIZE;
	boot_thread.running = true;
	boot_thread.state = THREAD_READY;
	list_init(&boot_thread.run_link);
	cpus[0].idle = cpus[0].current = &boot_thread;
	cpus[0].kernel_stack = (uint64_t)boot_stack_top;
	cpus[0].online = true;
}

struct thread *sched_create_idle(struct cpu *cpu)
{
	struct thread *idle = thread_create("idle", NULL, NULL);

	if (!idle)
		panic("no memory for an idle thread");
	idle->cpu = (uint32_t)cpu->number;
	idle->state = THREAD_READY;
	idle->running = true;
	idle->preempt_disabled = 0; /* it starts without a switch */
	cpu->kernel_stack = idle->stack_base + THREAD_STACK_PAGES * PAGE_SIZE;
	return idle;
}

/* Lock the queue that a thread belongs to, which may change until it is locked. */
static struct run_queue *lock_queue_of(struct thread *thread, unsigned long *flags)
        NO_LOCK_ANALYSIS("the lock is found through the thread")
{
	for (;;) {
		uint32_t cpu = __atomic_load_n(&thread->cpu, __ATOMIC_ACQUIRE);

		*flags = spin_lock_irq(&queues[cpu].lock);
		if (thread->cpu == cpu)
			return &queues[cpu];
		spin_unlock_irq(&queues[cpu].lock, *flags);
	}
}

static void enqueue(struct run_queue *queue, struct thread *thread)
{
	if (!list_empty(&thread->run_link))
		return;
	list_add_tail(&queue->threads, &thread->run_link);
	queue->length++;
}

static void dequeue(struct run_queue *queue, struct thread *thread)
{
	list_remove(&thread->run_link);
	queue->length--;
}

/* Ask a CPU to look at its queue, or an idle one to come for the work. */
static void poke(uint32_t number)
{
	struct cpu *cpu = &cpus[number];

	cpu->need_resched = true;
	if (cpu != this_cpu() && cpu->online)
		apic_send(cpu, VECTOR_RESCHEDULE);
}

static void poke_for(uint32_t number)
{
	if (cpus[number].current == cpus[number].idle) {
		poke(number);
		return;
	}
	for (unsigned int i = 0; i < cpu_count; i++)
		if (i != number && cpus[i].online && cpus[i].current == cpus[i].idle) {
			poke(i);
			return;
		}
	poke(number);
}

/* Make a sleeping thread runnable. */
static void make_ready(struct thread *thread, bool interruptible_only)
        NO_LOCK_ANALYSIS("the lock is found through the thread")
{
	unsigned long flags;
	struct run_queue *queue = lock_queue_of(thread, &flags);

	if (thread->state == THREAD_SLEEPING && (!interruptible_only || thread->interruptible)) {
		thread->state = THREAD_READY;
		if (!thread->running) {
			enqueue(queue, thread);
			poke_for(thread->cpu);
		}
	}
	spin_unlock_irq(&queue->lock, flags);
}

void thread_wake(struct thread *thread)
{
	make_ready(thread, false);
}

void thread_interrupt(struct thread *thread)
{
	make_ready(thread, true);
}

void thread_start(struct thread *thread)
{
	uint32_t best = (uint32_t)this_cpu()->number;

	for (uint32_t i = 0; i < cpu_count; i++)
		if (queues[i].length < queues[best].length)
			best = i;
	thread->cpu = best;
	thread_wake(thread);
}

/* Take a waiting thread from another CPU's queue. */
static struct thread *steal(struct run_queue *mine, uint32_t me)
        NO_LOCK_ANALYSIS("two queues, never both locked")
{
	struct thread *thread = NULL;

	for (uint32_t i = 0; i < cpu_count && !thread; i++) {
		struct run_queue *other = &queues[i];

		if (i == me || !__atomic_load_n(&other->length, __ATOMIC_RELAXED))
			continue;
		spin_unlock(&mine->lock);
		spin_lock(&other->lock);
		if (!list_empty(&other->threads)) {
			thread = list_entry(other->threads.next, struct thread, run_link);
			dequeue(other, thread);
			/* From here on a wake-up leaves it alone: it is as good as running. */
			thread->running = true;
			__atomic_store_n(&thread->cpu, me, __ATOMIC_RELEASE);
		}
		spin_unlock(&other->lock);
		spin_lock(&mine->lock);
	}
	return thread;
}

/* Whether a thread that goes stays on the queue. */
static bool stays_runnable(const struct cpu *cpu, const struct thread *thread, bool voluntary)
{
	return thread != cpu->idle && (thread->state == THREAD_READY || !voluntary);
}

/* Put the previous thread back if it can go on, and choose who comes next. Stealing
 * gives up the lock for a moment, in which the previous thread may be woken: so it
 * comes first, and only when there is nothing else to run. */
static struct thread *pick_next(struct run_queue *queue, struct cpu *cpu, bool voluntary)
{
	struct thread *previous = cpu->current, *next = NULL;

	if (cpu_count > 1 && list_empty(&queue->threads) &&
	    !stays_runnable(cpu, previous, voluntary))
		next = steal(queue, (uint32_t)cpu->number);
	if (stays_runnable(cpu, previous, voluntary))
		enqueue(queue, previous);
	if (!next && list_empty(&queue->threads))
		return cpu->idle;
	if (!next) {
		next = list_entry(queue->threads.next, struct thread, run_link);
		dequeue(queue, next);
	}
	return next;
}

/* The switch is done: the previous thread's stack is free to be used elsewhere. */
static void finish_switch(void) NO_LOCK_ANALYSIS("gives up the lock that the previous thread took")
{
	struct run_queue *queue = &queues[this_cpu()->number];
	struct thread *gone = queue->gone;

	queue->gone = NULL;
	spin_unlock(&queue->lock);
	if (gone)
		thread_free(gone);
}

static void activate_space(struct thread *next)
{
	if (next->process && next->process->vmspace)
		vmspace_activate(next->process->vmspace);
	else if (this_cpu()->page_table != mmu_kernel_root)
		mmu_activate(mmu_kernel_root);
}

/* Interrupts off. voluntary: a thread that is not ready leaves the queue. */
static void switch_away(bool voluntary) NO_LOCK_ANALYSIS("the next thread gives the lock up")
{
	struct cpu *cpu = this_cpu();
	struct run_queue *queue = &queues[cpu->number];
	struct thread *previous = cpu->current, *next;

	ASSERT(cpu->locks_held == 0);
	spin_lock(&queue->lock);
	cpu->need_resched = false;
	next = pick_next(queue, cpu, voluntary);
	if (next == previous) {
		spin_unlock(&queue->lock);
		return;
	}
	if (previous->state == THREAD_DEAD)
		queue->gone = previous;
	previous->running = false;
	next->running = true;
	next->slice = next->turn;
	queue->switches++;
	activate_space(next);
	thread_switch(previous, next);
	finish_switch();
}

void schedule(void)
{
	unsigned long flags = irq_save();

	switch_away(true);
	irq_restore(flags);
}

void sched_preempt(void)
{
	switch_away(false);
}

void thread_yield(void)
{
	schedule();
}

void preempt_now(void)
{
	if (!irq_enabled())
		return;
	irq_disable();
	if (this_cpu()->need_resched && !this_cpu()->in_interrupt)
		sched_preempt();
	irq_enable();
}

_Noreturn void thread_exit(void)
{
	irq_disable();
	current_thread()->state = THREAD_DEAD;
	switch_away(true);
	__builtin_unreachable();
}

_Noreturn void thread_main(void)
{
	struct thread *thread = current_thread();

	finish_switch();
	irq_enable();
	thread->entry(thread->argument);
	thread_exit();
}

_Noreturn void sched_run_idle(void)
{
	for (;;) {
		schedule();
		irq_disable();
		/* sti takes effect after hlt has begun: no wake-up is missed. */
		if (this_cpu()->need_resched)
			irq_enable();
		else
			__asm__ volatile("sti; hlt" : : : "memory");
	}
}

void sched_tick(bool from_user)
{
	struct cpu *cpu = this_cpu();
	struct thread *thread = cpu->current;

	cpu->ticks++;
	if (thread == cpu->idle) {
		queues[cpu->number].idle_ticks++;
		return;
	}
	if (from_user)
		thread->user_ticks++;
	else
		thread->kernel_ticks++;
	if (thread->slice == 0 || --thread->slice == 0)
		cpu->need_resched = true;
}

uint64_t sched_switches(void)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < cpu_count; i++)
		sum += queues[i].switches;
	return sum;
}

uint64_t sched_idle_ticks(void)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < cpu_count; i++)
		sum += queues[i].idle_ticks;
	return sum;
}

uint32_t sched_running(void)
{
	uint32_t sum = 0;

	for (unsigned int i = 0; i < cpu_count; i++)
		sum += queues[i].length + (cpus[i].current != cpus[i].idle);
	return sum;
}
