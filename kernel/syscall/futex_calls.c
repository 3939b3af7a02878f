/* SPDX-License-Identifier: MIT
 *
 * futex(2): waiting, waking, moving waiters. Without priority inheritance.
 */
#include <linux/futex.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
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

static struct word_identity identity(uint64_t address, uint32_t operation)
{
	return user_word_identity(address, operation & FUTEX_PRIVATE_FLAG);
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
	result = futex_wait(address, identity(address, operation), value, bits, deadline);
	return result == -EINTR ? (timeout ? -ERESTARTNOHAND : -ERESTARTSYS) : result;
}

/* FUTEX_REQUEUE and FUTEX_CMP_REQUEUE: the argument behind the count is a number here. */
static long requeue(uint64_t address, uint32_t operation, uint32_t count, uint64_t moved,
                    uint64_t other, uint32_t expected)
{
	uint32_t value;

	if (other % sizeof(uint32_t) || (int32_t)count < 0 || (int32_t)moved < 0)
		return -EINVAL;
	if (copy_from_user(&value, (const void __user *)address, sizeof(value)))
		return -EFAULT;
	if ((operation & FUTEX_CMD_MASK) == FUTEX_CMP_REQUEUE && value != expected)
		return -EAGAIN;
	return futex_requeue(identity(address, operation), count, identity(other, operation),
	                     (uint32_t)moved);
}

/* What FUTEX_WAKE_OP's code makes of a word; false: no such code. */
static bool apply(uint32_t code, uint32_t old, uint32_t *new)
{
	uint32_t operand = (uint32_t)((int32_t)(code << 8) >> 20);

	if (code >> 28 & FUTEX_OP_OPARG_SHIFT)
		operand = 1U << (operand & 31);
	switch (code >> 28 & 7) {
	case FUTEX_OP_SET:
		*new = operand;
		return true;
	case FUTEX_OP_ADD:
		*new = old + operand;
		return true;
	case FUTEX_OP_OR:
		*new = old | operand;
		return true;
	case FUTEX_OP_ANDN:
		*new = old & ~operand;
		return true;
	case FUTEX_OP_XOR:
		*new = old ^ operand;
		return true;
	default:
		return false;
	}
}

/* What FUTEX_WAKE_OP's code says of the old value: 1, 0, or -ENOSYS. */
static int compare(uint32_t code, uint32_t old)
{
	int32_t operand = (int32_t)(code << 20) >> 20, value = (int32_t)old;

	switch (code >> 24 & 15) {
	case FUTEX_OP_CMP_EQ:
		return value == operand;
	case FUTEX_OP_CMP_NE:
		return value != operand;
	case FUTEX_OP_CMP_LT:
		return value < operand;
	case FUTEX_OP_CMP_LE:
		return value <= operand;
	case FUTEX_OP_CMP_GT:
		return value > operand;
	case FUTEX_OP_CMP_GE:
		return value >= operand;
	default:
		return -ENOSYS;
	}
}

static long wake_and_change(uint64_t address, uint32_t operation, uint32_t count,
                            uint64_t other_count, uint64_t other, uint32_t code)
{
	uint32_t old = 0, new;
	long woken;
	int error, holds;

	if (other % sizeof(uint32_t))
		return -EINVAL;
	do {
		if (!apply(code, old, &new))
			return -ENOSYS;
		error = user_word_exchange(other, &old, new);
	} while (error == -EAGAIN);
	if (error)
		return error;
	holds = compare(code, old);
	if (holds < 0)
		return holds;
	woken = futex_wake(identity(address, operation), count, FUTEX_BITSET_MATCH_ANY);
	if (holds)
		woken += futex_wake(identity(other, operation), (uint32_t)other_count,
		                    FUTEX_BITSET_MATCH_ANY);
	return woken;
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
		return futex_wake(identity(address, operation), value, FUTEX_BITSET_MATCH_ANY);
	case FUTEX_WAKE_BITSET:
		return value3 ? futex_wake(identity(address, operation), value, value3) : -EINVAL;
	case FUTEX_REQUEUE:
	case FUTEX_CMP_REQUEUE:
		return requeue(address, operation, value, (uint64_t)timeout, (uint64_t)word2,
		               value3);
	case FUTEX_WAKE_OP:
		return wake_and_change(address, operation, value, (uint64_t)timeout,
		                       (uint64_t)word2, value3);
	default:
		return -ENOSYS;
	}
}
