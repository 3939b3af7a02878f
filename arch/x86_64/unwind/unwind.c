/* SPDX-License-Identifier: MIT
 *
 * From a failure to its boundary, with libunwind's cursor (libunwind(3); the LLVM archive). The
 * walk is ours, so that it starts at the failing function itself, from the registers that the
 * trap or the call of begin_panic left, and ends at the boundary without looking for a handler
 * first. Each step and each restored register is libunwind's, remembered in rows.c.
 */
#include <arch/cpu_setup.h>
#include <arch/image.h>
#include <arch/registers.h>
#include <arch/thread_switch.h>
#include <arch/unwind.h>
#include <arch/unwind_rows.h>
#include <arch/user_access.h>
#include <kernel/boundary/record.h>
#include <kernel/boundary/service.h>
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

/* Stack that the walk may need, bytes: libunwind keeps a table of all registers' rules on it. */
#define UNWIND_ROOM 6144

/* boundary.S: unwind_here on another stack. */
_Noreturn void unwind_on_stack(struct boundary_record *record, const struct trap_frame *frame,
                               uint64_t stack_top);
_Noreturn void unwind_here(struct boundary_record *record, const struct trap_frame *frame);

/* libunwind's context is the registers in this order (its own unw_getcontext fills it so). */
static void context_from(unw_context_t *context, const struct trap_frame *f)
{
	*context = (unw_context_t){{f->rax, f->rbx, f->rcx, f->rdx, f->rdi, f->rsi, f->rbp, f->rsp,
	                            f->r8, f->r9, f->r10, f->r11, f->r12, f->r13, f->r14, f->r15,
	                            f->rip, f->rflags, f->cs}};
}

/* boundary.S: go on in a cleanup handler. registers: those that a call keeps, in the order rbx,
 * rbp, r12, r13, r14, r15, rsp, rip. */
_Noreturn void unwind_enter_handler(const uint64_t registers[8], uint32_t rights);

/* And what _Unwind_Resume, at its end, comes to. */
_Noreturn void unwind_resume_from(void *exception, const struct trap_frame *frame);

/* A frame's cleanup handler: _Unwind_Resume goes on. The handlers of a service's functions have
 * the service's rights, the gates' have the core's. */
static _Noreturn void enter_handler(const struct unwind_frame *frame,
                                    const struct boundary_record *record, uint64_t pad)
{
	const uint64_t *context = frame->context.data;
	const uint64_t registers[8] = {
	        context[CONTEXT_RBX], context[CONTEXT_RBP],
	        context[CONTEXT_R12], context[CONTEXT_R13],
	        context[CONTEXT_R14], context[CONTEXT_R15],
	        context[CONTEXT_RSP], pad,
	};

	unwind_enter_handler(registers,
	                     service_has_code(record->service, pad) ? record->rights : 0);
}

/* From the frame that these registers belong to, which name its failing instruction, to the
 * boundary. noted: so many of the first frames are in the trace already. */
static _Noreturn void walk(struct boundary_record *record, const struct trap_frame *from,
                           unsigned int noted)
{
	struct unwind_frame frame;
	const struct unwind_row *row;
	struct unwind_row fresh;

	context_from(&frame.context, from);
	frame.exact = true;
	do {
		uint64_t ip = frame.context.data[CONTEXT_RIP];

		if (ip == (uint64_t)boundary_return)
			break;
		if (noted)
			noted--;
		else if (record->trace_count < BOUNDARY_TRACE_MAX)
			record->trace[record->trace_count++] = ip;
		row = unwind_row(&frame, &fresh);
		if (row->pad)
			enter_handler(&frame, record, row->pad);
	} while (unwind_step(&frame, row));
	/* Where the walk could not go on: the landing needs no unwinder. */
	boundary_land(record);
}

_Noreturn void unwind_here(struct boundary_record *record, const struct trap_frame *frame)
{
	walk(record, frame, 0);
}

_Noreturn void unwind_to(struct boundary_record *record, const struct trap_frame *frame)
{
	uint64_t here = (uint64_t)__builtin_frame_address(0);

	/* A service that used up its stack left none for the walk, and one whose stack pointer led
	 * elsewhere has none: the emergency stack is this CPU's alone, and unwind_begin keeps us
	 * on it. */
	if (here - current_thread()->stack_base - UNWIND_ROOM >=
	            THREAD_STACK_PAGES * PAGE_SIZE - UNWIND_ROOM &&
	    !on_emergency_stack(this_cpu(), here))
		unwind_on_stack(record, frame, this_cpu()->emergency_top);
	unwind_here(record, frame);
}

_Noreturn void unwind_resume_from(void *exception, const struct trap_frame *frame)
{
	(void)exception;
	/* The handler's frame is in the trace already. */
	walk(current_thread()->boundary, frame, 1);
}

void unwind_repair_wild_jump(struct trap_frame *frame)
{
	uint64_t caller;

	/* The call left its return address on top of the stack. */
	if (image_is_text(frame->rip) ||
	    probe_copy(&caller, (const void *)frame->rsp, sizeof(caller)))
		return;
	frame->rip = caller - 1;
	frame->rsp += 8;
}

unsigned int unwind_trace(const struct trap_frame *frame, uint64_t *addresses, unsigned int max)
{
	unw_context_t context;
	unw_cursor_t cursor;
	unw_word_t ip;
	unsigned int count = 0;

	unwind_begin();
	if (frame)
		context_from(&context, frame);
	else
		unw_getcontext(&context);
	unw_init_local(&cursor, &context);
	while (count < max && !unw_get_reg(&cursor, UNW_REG_IP, &ip) && image_is_text(ip)) {
		addresses[count++] = ip;
		if (unw_step(&cursor) <= 0)
			break;
	}
	unwind_end();
	return count;
}
