/* SPDX-License-Identifier: MIT
 *
 * Of each number the first signal that waits has its place in the queue; real-time signals and
 * those of timers line up behind it.
 */
#include <asm/resource.h>
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

static bool is_counted(int number, const struct signal_origin *origin)
{
	return number >= SIGNAL_REAL_TIME && !origin->timer;
}

/* A signal is gone: there may be another, and its timer may send one. The place holds no timer's
 * address that could outlive it. */
static void let_go(struct signal_state *signals, int number, struct signal_origin *origin)
{
	if (is_counted(number, origin))
		signals->queued--;
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

/* One of those behind leaves its place there: what to free, or NULL. */
static struct queued_signal *unlink(struct queued_signal *queued)
{
	list_remove(&queued->link);
	return is_timers_own(queued) ? NULL : queued;
}

void signal_queue_drop(struct process *process, struct signal_queue *queue, uint64_t set)
{
	struct list *link, *scratch;

	for (uint64_t left = queue->pending & set; left; left &= left - 1) {
		int number = __builtin_ctzl(left) + 1;

		let_go(&process->signals, number, &queue->origins[number - 1]);
	}
	queue->pending &= ~set;
	list_for_each(link, scratch, &queue->more)
	{
		struct queued_signal *queued = list_entry(link, struct queued_signal, link);
		struct queued_signal *unlinked;

		if (!(set & SIGNAL_BIT(queued->number)))
			continue;
		unlinked = unlink(queued);
		let_go(&process->signals, queued->number, &queued->origin);
		heap_free(&core_heap, unlinked);
	}
}

void signal_queue_clear(struct process *process, struct signal_queue *queue)
{
	signal_queue_drop(process, queue, UINT64_MAX);
}

/* One more of a number that is pending. Interrupts send none but timers', so the heap may be
 * asked. False: there is no room. */
static bool queue_more(struct signal_queue *queue, int number, const struct signal_origin *origin)
{
	struct queued_signal *queued = origin->timer ? &origin->timer->queued : NULL;

	if (!queued && !this_cpu()->in_interrupt)
		queued = heap_alloc(&core_heap, sizeof(*queued));
	if (!queued)
		return false;
	queued->number = number;
	queued->origin = *origin;
	list_add_tail(&queue->more, &queued->link);
	return true;
}

static bool add(struct signal_queue *queue, int number, const struct signal_origin *origin)
{
	uint64_t bit = SIGNAL_BIT(number);

	if (queue->pending & bit)
		return queue_more(queue, number, origin);
	queue->origins[number - 1] = *origin;
	__atomic_store_n(&queue->pending, queue->pending | bit, __ATOMIC_RELEASE);
	return true;
}

bool signal_queue_add(struct process *process, struct signal_queue *queue, int number,
                      const struct signal_origin *origin)
{
	static const struct signal_origin kernel = {.code = SI_KERNEL};
	bool again = queue->pending & SIGNAL_BIT(number), counted;

	if (!origin)
		origin = &kernel;
	counted = is_counted(number, origin);
	if (again && !counted && !origin->timer)
		return true;
	/* kill(2) does not fail, but can no more than make it pending (sigqueue(3)). */
	if (counted && process->signals.queued >= process->limits.of[RLIMIT_SIGPENDING].soft &&
	    (again || origin->code != SI_USER))
		return origin->code == SI_USER;
	if (!add(queue, number, origin))
		return false;
	if (counted)
		process->signals.queued++;
	if (origin->timer) {
		origin->timer->pending = true;
		origin->timer->overrun = (uint32_t)origin->overrun;
	}
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
	struct queued_signal *next = next_behind(queue, number);

	if (first->timer) {
		first->timer->last_overrun = first->timer->overrun;
		first->overrun = (int32_t)first->timer->overrun;
	}
	let_go(signals, number, first);
	*origin = *first;
	if (!next) {
		queue->pending &= ~SIGNAL_BIT(number);
		return NULL;
	}
	*first = next->origin;
	return unlink(next);
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
