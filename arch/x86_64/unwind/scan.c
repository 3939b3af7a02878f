/* SPDX-License-Identifier: MIT
 *
 * Backtraces without unwind tables: words on the stack that point behind a call
 * instruction. Some may be left over from earlier calls.
 */
#include <arch/cpu.h>
#include <arch/image.h>
#include <arch/unwind.h>
#include <kernel/proc/thread.h>

/* Whether the bytes before an address are a call (E8 rel32, or FF /2 in its short forms;
 * Intel SDM vol. 2A, CALL). */
static bool follows_call(uint64_t address)
{
	const uint8_t *code = (const uint8_t *)address;

	return image_is_text(address) && address - 5 >= (uint64_t)text_start &&
	       (code[-5] == 0xe8 || (code[-2] == 0xff && (code[-1] & 0x38) == 0x10) ||
	        (code[-3] == 0xff && (code[-2] & 0x38) == 0x10));
}

unsigned int unwind_trace(const struct trap_frame *frame, uint64_t *trace, unsigned int max)
{
	const struct thread *thread = current_thread();
	uint64_t top = thread->stack_base + THREAD_STACK_PAGES * PAGE_SIZE;
	/* The caller's array lies on the stack too: start above it. */
	uint64_t at = frame ? frame->rsp : (uint64_t)(trace + max);
	unsigned int count = 0;

	if (frame && max)
		trace[count++] = frame->rip;
	if (at < thread->stack_base)
		return count;
	for (at &= ~7UL; at + 8 <= top && count < max; at += 8)
		if (follows_call(*(const uint64_t *)at))
			trace[count++] = *(const uint64_t *)at;
	return count;
}
