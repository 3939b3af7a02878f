/* SPDX-License-Identifier: MIT
 *
 * futex(2): sleep until a word in user memory was changed and someone says so. Words are told
 * apart by what they are (kernel/mm/user_word.h), so that processes that share memory meet.
 */
#pragma once

#include <stdint.h>

#include <kernel/mm/user_word.h>
#include <kernel/sync/wait_queue.h>

struct task;

/* Sleep while the word at the address, which has this identity, is expected: 0, -EAGAIN (it is
 * not), -ETIMEDOUT, -EINTR, -EFAULT. Wakers whose bits do not meet these pass by
 * (FUTEX_WAIT_BITSET). deadline: ns of time_now(). May sleep. */
long futex_wait(uint64_t address, struct word_identity word, uint32_t expected, uint32_t bits,
                uint64_t deadline);

/* Wake up to count waiters: how many. */
long futex_wake(struct word_identity word, uint32_t count, uint32_t bits);

/* Wake up to count waiters, and let up to moved more wait for another word: how many in all. */
long futex_requeue(struct word_identity word, uint32_t count, struct word_identity other,
                   uint32_t moved);

/* The end of the calling task: who waits for it or for locks that it holds is told
 * (set_tid_address(2), get_robust_list(2)). May sleep. */
void futex_task_ends(struct task *task);
