/* SPDX-License-Identifier: MIT
 *
 * The signals that wait for a process or a task. All with signals.lock of the process, or when
 * nobody else knows the queue any more.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <kernel/proc/signal.h>

void signal_queue_init(struct signal_queue *queue);

/* Pending from here on, as the kernel sends it (origin NULL) or from somebody: false when too many
 * are. */
bool __must_check signal_queue_add(struct process *process, struct signal_queue *queue, int number,
                                   const struct signal_origin *origin);

/* A timer's signal that still is pending counts this expiration, and needs no other: whether it is
 * one. */
bool signal_queue_overran(const struct signal_origin *origin);

/* The first of a number that is pending leaves, and the next one of it moves up: what to free
 * without the lock, or NULL. */
struct queued_signal *signal_queue_take(struct signal_state *signals, struct signal_queue *queue,
                                        int number, struct signal_origin *origin);

/* Those of a set are forgotten; all of them; a timer's. */
void signal_queue_drop(struct process *process, struct signal_queue *queue, uint64_t set);
void signal_queue_clear(struct process *process, struct signal_queue *queue);
void signal_queue_withdraw(struct process *process, struct signal_queue *queue, int number,
                           struct timer_signal *timer);
