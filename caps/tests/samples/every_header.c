/* SPDX-License-Identifier: MIT
 *
 * Uses each annotation once. For the test that every compiler and tool takes them, and that the
 * thread-safety analysis, Sparse and the compilers refuse what they say they refuse: a macro for
 * each fault is defined on the command line.
 */
#include <aramid/cap.h>
#include <aramid/check.h>
#include <aramid/context.h>
#include <aramid/lock.h>
#include <aramid/ring.h>
#include <aramid/user.h>

struct ARAMID_LOCKABLE("test lock") lock {
	int held;
};

struct queue {
	struct lock lock;
	int length GUARDED_BY(&lock);
};

struct pair {
	struct lock first;
	struct lock second ACQUIRED_AFTER(first);
	int *both PT_GUARDED_BY(&second);
};

void lock_take(struct lock *lock) ACQUIRES_LOCK(*lock) MAY_SLEEP;
void lock_give(struct lock *lock) RELEASES_LOCK(*lock) NEVER_PANICS;
int __must_check start_device(int number) CORE_ONLY MAY_PANIC;
int send_frame(CAP(net_access) cap) NEEDS_RIGHT(net_access);
int use(struct queue *queue, CAP(net_access) cap, int __user *counter);
int take_both(struct pair *pair);
void rest(struct pair *pair) EXCLUDES_LOCK(pair->second);

static int length_of(struct queue *queue) REQUIRES_LOCK(queue->lock)
{
	return queue->length;
}

static int unlocked_length(struct queue *queue) NO_LOCK_ANALYSIS("a guess is good enough here")
{
	return queue->length;
}

int use(struct queue *queue, CAP(net_access) cap, int __user *counter)
{
	int length, status = 0;
	CAP_OPERATION();

#ifndef FAULT_UNLOCKED
	lock_take(&queue->lock);
#endif
	length = length_of(queue);
#ifndef FAULT_UNLOCKED
	lock_give(&queue->lock);
#endif
#ifndef FAULT_NO_RIGHT
	cap_wield(net_access, cap);
#endif
#ifdef FAULT_USER_POINTER
	length += *counter;
#endif
#ifdef FAULT_IGNORED
	start_device(1);
#else
	status = start_device(1);
#endif
#ifdef FAULT_WRONG_KIND
	cap_validate(block_access, cap);
#endif
#ifdef FAULT_WRONG_EDGE
	(void)cap_attenuate(net_access, block_access, cap_mint(block_access, 0));
#endif
	return length + status + unlocked_length(queue) + send_frame(cap) + (counter ? 1 : 0);
}

int take_both(struct pair *pair)
{
	int value;

#ifdef FAULT_LOCK_ORDER
	lock_take(&pair->second);
	lock_take(&pair->first);
#else
	lock_take(&pair->first);
	lock_take(&pair->second);
#endif
	value = *pair->both;
#ifdef FAULT_EXCLUDED
	rest(pair);
#endif
	lock_give(&pair->second);
#ifdef FAULT_UNLOCKED_POINTEE
	value += *pair->both;
#endif
	lock_give(&pair->first);
	rest(pair);
	return value;
}
