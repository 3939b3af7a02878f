/* SPDX-License-Identifier: MIT
 *
 * futex(2): waiting and waking.
 */
#include <linux/futex.h>

#include <kernel/lib/errno.h>
#include <kernel/proc/futex.h>
#include <kernel/proc/signal.h>
#include <kernel/syscall/poll.h>
#include <kernel/syscall/syscall.h>
#include <kernel/time/time.h>

/* FUTEX_WAIT has a relative time, FUTEX_WAIT_BITSET an absolute one. */
static long deadline_for(uint32_t operation, const void __user *timeout, uint64_t *deadline)
{
	uint64_t clock_now = operation & FUTEX_CLOCK_REALTIME ? time_wall() : time_now();
	long error = poll_deadline(timeout, deadline);

	if (error || !timeout || *deadline == WAIT_FOREVER)
		return error;
	if ((operation & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET && *deadline != 0)
		/* poll_deadline added the time now to what was a point of a clock already. */
		*deadline = *deadline > clock_now ? *deadline - clock_now : 1;
	return 0;
}

static long wait(uint64_t address, uint32_t operation, uint32_t value, const void __user *timeout,
                 uint32_t bits)
{
	uint64_t deadline;
	long result = deadline_for(operation, timeout, &deadline);

	if (result)
		return result;
	if (bits == 0)
		return -EINVAL;
	result = futex_wait(address, value, bits, deadline);
	return result == -EINTR ? (timeout ? -ERESTARTNOHAND : -ERESTARTSYS) : result;
}

long sys_futex(const void __user *word, uint32_t operation, uint32_t value,
               const void __user *timeout, const void __user *word2, uint32_t value3)
{
	uint64_t address = (uint64_t)word;

	if (address % sizeof(uint32_t))
		return -EINVAL;
	switch (operation & FUTEX_CMD_MASK) {
	case FUTEX_WAIT:
		return wait(address, operation, value, timeout, FUTEX_BITSET_MATCH_ANY);
	case FUTEX_WAIT_BITSET:
		return wait(address, operation, value, timeout, value3);
	case FUTEX_WAKE:
		return futex_wake(address, value);
	case FUTEX_WAKE_BITSET:
		return value3 ? futex_wake_bits(address, value, value3) : -EINVAL;
	default:
		return -ENOSYS;
	}
}
