/* SPDX-License-Identifier: MIT
 *
 * Clocks have small numbers; those of CPU time that belong to a process or a task have negative
 * ones, which name it (as Linux makes them: include/linux/posix-timers_types.h).
 */
#include <linux/time.h>
#include <linux/time_types.h>

#include <kernel/lib/errno.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/clock.h>
#include <kernel/time/time.h>

#define CPU_CLOCK_ID(clock) (~((clock) >> 3))
#define CPU_CLOCK_TASK      4 /* of one task; else of a process */
#define CPU_CLOCK_WHAT      3
#define CPU_CLOCK_USER      1 /* what is counted: user time alone */
#define CPU_CLOCK_OTHER     3 /* a clock of a descriptor: there are none */

static const struct {
	int clock;
	uint64_t (*read)(void);
	uint64_t resolution; /* ns */
	bool sleeps, wakes;
} clocks[] = {
        {CLOCK_REALTIME, time_wall, 1, true, false},
        {CLOCK_MONOTONIC, time_now, 1, true, false},
        {CLOCK_MONOTONIC_RAW, time_now, 1, false, false},
        {CLOCK_REALTIME_COARSE, time_wall, NS_PER_TICK, false, false},
        {CLOCK_MONOTONIC_COARSE, time_now, NS_PER_TICK, false, false},
        {CLOCK_BOOTTIME, time_now, 1, true, false},
        {CLOCK_REALTIME_ALARM, time_wall, 1, true, true},
        {CLOCK_BOOTTIME_ALARM, time_now, 1, true, true},
        {CLOCK_TAI, time_wall, 1, true, false},
};

/* The task of an id, 0: the caller, or the process of one; NULL when there is none. With
 * process_table_lock. */
static struct process *process_of_clock(int clock, process_id id)
{
	const struct task *task;

	if (id == 0)
		return current_process();
	if (!(clock & CPU_CLOCK_TASK))
		return process_find(id);
	task = task_find(id);
	return task && task->process == current_process() ? task->process : NULL;
}

static int find_cpu_clock(int clock, struct clock_choice *choice)
{
	process_id id = CPU_CLOCK_ID(clock);
	unsigned long flags;
	const struct process *process;

	if ((clock & CPU_CLOCK_WHAT) == CPU_CLOCK_OTHER)
		return -EINVAL;
	*choice = (struct clock_choice){
	        .resolution = NS_PER_TICK,
	        .cpu = {.user_only = (clock & CPU_CLOCK_WHAT) == CPU_CLOCK_USER},
	};
	choice->sleeps = !(clock & CPU_CLOCK_TASK) || (id != 0 && id != current_task()->id);
	flags = spin_lock_irq(&process_table_lock);
	process = process_of_clock(clock, id);
	if (process)
		choice->process = process->id;
	spin_unlock_irq(&process_table_lock, flags);
	if (clock & CPU_CLOCK_TASK)
		choice->cpu.task = id ? id : current_task()->id;
	return process ? 0 : -EINVAL;
}

/* The two that mean the caller, as if by its own number (include/linux/posix-timers_types.h). */
#define OWN_PROCESS_CLOCK ((int)(~0U << 3) | 2)
#define OWN_TASK_CLOCK    (OWN_PROCESS_CLOCK | CPU_CLOCK_TASK)

int clock_find(int clock, struct clock_choice *choice)
{
	if (clock < 0)
		return find_cpu_clock(clock, choice);
	if (clock == CLOCK_PROCESS_CPUTIME_ID)
		return find_cpu_clock(OWN_PROCESS_CLOCK, choice);
	if (clock == CLOCK_THREAD_CPUTIME_ID)
		return find_cpu_clock(OWN_TASK_CLOCK, choice);
	for (unsigned int i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		if (clocks[i].clock != clock)
			continue;
		*choice = (struct clock_choice){
		        .read = clocks[i].read,
		        .resolution = clocks[i].resolution,
		        .sleeps = clocks[i].sleeps,
		        .wakes = clocks[i].wakes,
		};
		return 0;
	}
	return -EINVAL;
}

bool clock_is_own(const struct clock_choice *clock)
{
	return !clock->read && clock->process == current_process()->id;
}

uint64_t clock_read(const struct clock_choice *clock)
{
	unsigned long flags;
	const struct process *process;
	uint64_t time;

	if (clock->read)
		return clock->read();
	flags = spin_lock_irq(&process_table_lock);
	process = process_find(clock->process);
	time = process ? cpu_time(process, clock->cpu) : 0;
	spin_unlock_irq(&process_table_lock, flags);
	return time;
}

bool time_to_ns(const struct __kernel_timespec *time, uint64_t *ns)
{
	if (time->tv_sec < 0 || time->tv_nsec < 0 || time->tv_nsec >= (int64_t)NS_PER_SECOND)
		return false;
	*ns = (uint64_t)time->tv_sec >= INT64_MAX / NS_PER_SECOND / 2
	              ? INT64_MAX / 2
	              : (uint64_t)time->tv_sec * NS_PER_SECOND + (uint64_t)time->tv_nsec;
	return true;
}

struct __kernel_timespec time_from_ns(uint64_t ns)
{
	return (struct __kernel_timespec){
	        .tv_sec = (int64_t)(ns / NS_PER_SECOND),
	        .tv_nsec = (int64_t)(ns % NS_PER_SECOND),
	};
}
