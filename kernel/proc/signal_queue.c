/* SPDX-License-Identifier: MIT
 *
 * Of each number the first signal that waits has its place in the queue; real-time signals and
 * those of timers line up behind it.
 */
#include <asm/siginfo.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/proc/process.h>
#include <kernel/proc/signal_queue.h>

void signal_queue_init(struct signal_queue *queue)
{
	queue->pending = 0;
	list_init(&queue->more);
}

/* Its timer may send another. The place holds no timer's address that could outlive it. */
static void release_timer(struct signal_origin *origin)
{
	if (origin->timer)
		origin->timer->pending = false;
	origin->timer = NULL;
}

static bool is_timers_own(const struct queued_signal *queued)
{
	return queued->origin.timer && queued == &queued->origin.timer->queued;
}

static struct queued_signal *next_behind(const struct signal_queue *queue, int number)
{
	struct list *link, *scratch;

	list_for_each(link, scratch, &queue->more)
	{
		struct queued_signal *queued = list_entry(link, struct queued_signal, link);

		if (queued->number == number)
			return queued;
	}
	return NULL;
}

/* One of those behind leaves: what to free, or NULL. */
static struct queued_signal *unlink(struct signal_state *signals, struct queued_signal *queued)
{
	list_remove(&queued->link);
	if (is_timers_own(queued))
		return NULL;
	signals->queued--;
	return queued;
}

void signal_queue_drop(struct process *process, struct signal_queue *queue, uint64_t set)
{
	struct list *link, *scratch;

	for (uint64_t left = queue->pending & set; left; left &= left - 1)
		release_timer(&queue->origins[__builtin_ctzl(left)]);
	queue->pending &= ~set;
	list_for_each(link, scratch, &queue->more)
	{
		struct queued_signal *queued = list_entry(link, struct queued_signal, link);
		struct queued_signal *unlinked;

		if (!(set & SIGNAL_BIT(queued->number)))
			continue;
		unlinked = unlink(&process->signals, queued);
		release_timer(&queued->origin);
		heap_free(&core_heap, unlinked);
	}
}

void signal_queue_clear(struct process *process, struct signal_queue *queue)
{
	signal_queue_drop(process, queue, UINT64_MAX);
}

/* One more of a number that is pending. Interrupts send none but timers', so the heap may be
 * asked. False: there are too many. */
static bool queue_more(struct process *process, struct signal_queue *queue, int number,
                       const struct signal_origin *origin)
{
	struct queued_signal *queued = origin->timer ? &origin->timer->queued : NULL;

	if (!queued) {
		if (process->signals.queued >= SIGNAL_QUEUED_MAX || this_cpu()->in_interrupt)
			return false;
		queued = heap_alloc(&core_heap, sizeof(*queued));
		if (!queued)
			return false;
		process->signals.queued++;
	}
	queued->number = number;
	queued->origin = *origin;
	list_add_tail(&queue->more, &queued->link);
	return true;
}

bool signal_queue_add(struct process *process, struct signal_queue *queue, int number,
                      const struct signal_origin *origin)
{
	static const struct signal_origin kernel = {.code = SI_KERNEL};
	uint64_t bit = SIGNAL_BIT(number);

	if (!origin)
		origin = &kernel;
	if (origin->timer) {
		origin->timer->pending = true;
		origin->timer->overrun = (uint32_t)origin->overrun;
	}
	if (queue->pending & bit)
		return (number < SIGNAL_REAL_TIME && !origin->timer) ||
		       queue_more(process, queue, number, origin);
	queue->origins[number - 1] = *origin;
	__atomic_store_n(&queue->pending, queue->pending | bit, __ATOMIC_RELEASE);
	return true;
}

bool signal_queue_overran(const struct signal_origin *origin)
{
	struct timer_signal *timer = origin ? origin->timer : NULL;

	if (!timer || !timer->pending)
		return false;
	if (__builtin_add_overflow(timer->overrun, (uint32_t)origin->overrun + 1,
	                           &timer->overrun) ||
	    timer->overrun > INT32_MAX)
		timer->overrun = INT32_MAX;
	return true;
}

struct queued_signal *signal_queue_take(struct signal_state *signals, struct signal_queue *queue,
                                        int number, struct signal_origin *origin)
{
	struct signal_origin *first = &queue->origins[number - 1];
	struct queued_signal *next = next_behind(queue, number), *unlinked;

	if (first->timer) {
		first->timer->last_overrun = first->timer->overrun;
		first->overrun = (int32_t)first->timer->overrun;
	}
	release_timer(first);
	*origin = *first;
	if (!next) {
		queue->pending &= ~SIGNAL_BIT(number);
		return NULL;
	}
	*first = next->origin;
	unlinked = unlink(signals, next);
	return unlinked;
}

void signal_queue_withdraw(struct process *process, struct signal_queue *queue, int number,
                           struct timer_signal *timer)
{
	struct signal_origin ignored;

	if (!timer->pending)
		return;
	if ((queue->pending & SIGNAL_BIT(number)) && queue->origins[number - 1].timer == timer) {
		heap_free(&core_heap,
		          signal_queue_take(&process->signals, queue, number, &ignored));
		return;
	}
	if (!list_empty(&timer->queued.link)) {
		list_remove(&timer->queued.link);
		timer->pending = false;
	}
}
