/* SPDX-License-Identifier: MIT
 *
 * From a panic to the boundary: one forced unwind (Itanium C++ ABI 1.6.3), whose
 * stop function sees each frame, notes its address for the log, and lands when
 * it meets the boundary's call.
 */
#include <unwind.h>

#include <arch/registers.h>
#include <arch/image.h>
#include <arch/thread_switch.h>
#include <arch/unwind.h>
#include <kernel/boundary/record.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>

/* The prebuilt archive reads its stack canary at fs:0x28: any value does, as long as it
 * stays the same while the unwinder runs. */
static const uint64_t unwinder_tls[8] = {[5] = 0x6172616d69640a00};

void unwind_begin(void)
{
	struct thread *thread = current_thread();

	preempt_disable();
	if (thread->process)
		fpu_save(thread);
	msr_write(MSR_FS_BASE, (uint64_t)unwinder_tls);
}

void unwind_end(void)
{
	struct thread *thread = current_thread();

	if (thread->process) {
		fpu_restore(thread);
		msr_write(MSR_FS_BASE, thread->fs_base);
	}
	preempt_enable();
}

static _Unwind_Reason_Code stop(int version, _Unwind_Action actions, _Unwind_Exception_Class class,
                                struct _Unwind_Exception *exception,
                                struct _Unwind_Context *context, void *argument)
{
	struct boundary_record *record = argument;
	uint64_t ip = _Unwind_GetIP(context);

	(void)version, (void)class, (void)exception;
	if (ip == (uint64_t)boundary_return || (actions & _UA_END_OF_STACK))
		boundary_land(record);
	if (record->trace_count < BOUNDARY_TRACE_MAX)
		record->trace[record->trace_count++] = ip;
	return _URC_NO_REASON;
}

_Noreturn void unwind_to(struct boundary_record *record)
{
	memset(&record->exception, 0, sizeof(record->exception));
	_Unwind_ForcedUnwind(&record->exception, stop, record);
	/* It returns only when it could not go on: the landing needs no unwinder. */
	boundary_land(record);
}

void unwind_repair_wild_jump(struct trap_frame *frame)
{
	const struct thread *thread = current_thread();

	/* The call left its return address on top of the stack. */
	if (image_is_text(frame->rip) || frame->rsp < thread->stack_base ||
	    frame->rsp + 8 > thread->stack_base + THREAD_STACK_PAGES * PAGE_SIZE)
		return;
	frame->rip = *(const uint64_t *)frame->rsp - 1;
	frame->rsp += 8;
}

struct trace {
	uint64_t *addresses;
	unsigned int count, max;
};

static _Unwind_Reason_Code note_frame(struct _Unwind_Context *context, void *argument)
{
	struct trace *trace = argument;
	uint64_t ip = _Unwind_GetIP(context);

	if (trace->count == trace->max || !image_is_text(ip))
		return _URC_NORMAL_STOP;
	trace->addresses[trace->count++] = ip;
	return _URC_NO_REASON;
}

unsigned int unwind_trace(const struct trap_frame *frame, uint64_t *addresses, unsigned int max)
{
	struct trace trace = {.addresses = addresses, .max = max};

	(void)frame; /* the walk starts here and passes it */
	unwind_begin();
	_Unwind_Backtrace(note_frame, &trace);
	unwind_end();
	return trace.count;
}
