/* SPDX-License-Identifier: MIT
 *
 * Badness is memory that comes back when the process ends: mapped pages, page tables, regions,
 * what its pipes hold. Files do not: they have a limit of their own (tmpfs).
 */
#include <asm/signal.h>

#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/vmspace.h>
#include <kernel/proc/out_of_memory.h>
#include <kernel/proc/process.h>
#include <kernel/vfs/file.h>

#define INIT_ID        1
#define PATIENCE       (2 * NS_PER_SECOND) /* for one process to end, before the next is chosen */
#define PAGES_SHORT    64                  /* free ones, below which -ENOMEM is for want of pages */
#define KIB_PER_PAGE   (PAGE_SIZE >> 10)
#define REGIONS_A_PAGE (PAGE_SIZE / sizeof(struct region))

static struct wait_queue ended = WAIT_QUEUE_INIT(ended);

struct victim {
	process_id id; /* 0: nobody */
	uint64_t pages;
	bool is_called; /* it knows already */
	char name[sizeof(((struct process *)0)->name)];
};

static uint64_t badness(const struct process *process)
{
	const struct vmspace *space = process->vmspace;
	uint64_t files = process->files ? file_table_pages(process->files) : 0;

	return space->resident_pages + space->table_pages + files +
	       space->region_count / REGIONS_A_PAGE;
}

/* Who holds most; or who is to give back already and may still do so in time. With
 * process_table_lock. */
static struct process *choose(uint64_t now, uint64_t *pages)
{
	struct process *process, *chosen = NULL;
	uint64_t weight;

	*pages = 0;
	for (process = process_next(NULL); process; process = process_next(process)) {
		if (process->id == INIT_ID || !process->vmspace)
			continue;
		if (process->give_back_until > now)
			return process;
		weight = process->give_back_until ? 0 : badness(process);
		/* Of equal ones the youngest: least is lost with it. */
		if (weight > 0 && weight >= *pages) {
			chosen = process;
			*pages = weight;
		}
	}
	return chosen;
}

/* Choose a process and end it, if it is not about to. */
static struct victim call_one(void)
{
	struct victim victim = {0};
	uint64_t now = time_now();
	unsigned long flags = spin_lock_irq(&process_table_lock);
	struct process *chosen = choose(now, &victim.pages);

	if (chosen) {
		victim.id = chosen->id;
		victim.is_called = chosen->ending || chosen->give_back_until > now;
		string_copy(victim.name, chosen->name, sizeof(victim.name));
		if (chosen->give_back_until <= now)
			chosen->give_back_until = now + PATIENCE;
		if (!victim.is_called)
			signal_send_held(chosen, SIGKILL, NULL);
	}
	spin_unlock_irq(&process_table_lock, flags);
	return victim;
}

static bool has_ended(process_id id)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	const struct process *process = process_find(id);
	bool answer = !process || process->state == PROCESS_ZOMBIE;

	spin_unlock_irq(&process_table_lock, flags);
	return answer;
}

bool out_of_memory_relieve(void)
{
	struct process *self = current_process();
	struct victim victim;

	if (!self || self->give_back_until || task_must_end(current_task()))
		return false;
	victim = call_one();
	if (victim.id != 0 && !victim.is_called)
		log_line("out of memory: process %d (%s) is killed, which holds %lu KiB", victim.id,
		         victim.name, victim.pages * KIB_PER_PAGE);
	if (victim.id == 0 || victim.id == self->id)
		return false;
	/* Whether it has ended or could not in time: another look tells. */
	(void)WAIT_UNTIL(&ended, has_ended(victim.id), WAIT_PLAIN, time_now() + PATIENCE);
	return true;
}

bool out_of_memory_relieve_call(void)
{
	return page_count_free() < PAGES_SHORT && out_of_memory_relieve();
}

void out_of_memory_ended(void)
{
	wake_all(&ended);
}
