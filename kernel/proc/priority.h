/* SPDX-License-Identifier: MIT
 *
 * What a task may have of the CPUs, against others: its nice value and scheduling policy, by which
 * its turns are longer or shorter (sched(7)). There is no real-time scheduling: nobody has the
 * right to those policies. The I/O priority is kept and told, and decides nothing, since requests
 * of disks do not queue up behind each other.
 *
 * Which tasks a call means, by PRIO_* and a number (getpriority(2)). Errors are those of the manual
 * pages. May not be called with process_table_lock.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <kernel/proc/task.h>

/* What a new task has from the calling one (sched(7), SCHED_RESET_ON_FORK). */
struct priority priority_inherit(void);
/* Ticks of a turn. */
uint32_t priority_turn(const struct priority *priority);

/* 20 less the nice value of the one that is nicest to itself. */
long priority_get(int which, int who);
long priority_set(int which, int who, int nice);

/* The I/O priority, IOPRIO_PRIO_VALUE (ioprio_get(2)); which as for the others. */
long io_priority_get(int which, int who);
long io_priority_set(int which, int who, int value);

/* SCHED_*, with SCHED_RESET_ON_FORK. A task by its id, 0 for the calling one. */
long policy_get(int who);
/* real_time: the priority that goes with those policies. */
long policy_set(int who, int policy, int real_time);
/* A new priority that goes with the present policy. */
long policy_set_parameter(int who, int real_time);
