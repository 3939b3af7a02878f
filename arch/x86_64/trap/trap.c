/* SPDX-License-Identifier: MIT
 *
 * What each trap means. From user mode: a page to bring in, a signal, an
 * interrupt. From the kernel: an interrupt, a user copy that faulted, or a
 * fault, which is contained when a service caused it.
 * Source: Intel SDM vol. 3A, 6.15.
 */
#include <asm/signal.h>

#include <arch/apic.h>
#include <arch/cpu_setup.h>
#include <arch/mmu_setup.h>
#include <arch/registers.h>
#include <arch/serial.h>
#include <arch/trap.h>
#include <arch/user_access.h>
#include <kernel/boundary/boundary.h>
#include <kernel/device/device.h>
#include <kernel/lib/errno.h>
#include <kernel/log/crash.h>
#include <kernel/log/log.h>
#include <kernel/mm/user_range.h>
#include <kernel/mm/vmspace.h>
#include <kernel/proc/process.h>
#include <kernel/proc/sched.h>
#include <kernel/syscall/syscall.h>
#include <kernel/time/tick.h>

#include "trap_frame_layout.h"

/* The first address above the lower canonical half. */
#define USER_CANONICAL_END 0x0000800000000000UL

#define FAULT_ERROR_WRITE 2
#define FAULT_ERROR_FETCH 16
#define FAULT_ERROR_KEY   32

#define SAME_OFFSET(field, name)                                                                   \
	_Static_assert(offsetof(struct trap_frame, field) == FRAME_##name, "trap_frame_layout.h")
SAME_OFFSET(rax, RAX);
SAME_OFFSET(rcx, RCX);
SAME_OFFSET(rdx, RDX);
SAME_OFFSET(rsi, RSI);
SAME_OFFSET(rdi, RDI);
SAME_OFFSET(rights, RIGHTS);
SAME_OFFSET(rip, RIP);
SAME_OFFSET(cs, CS);
SAME_OFFSET(rflags, RFLAGS);
SAME_OFFSET(rsp, RSP);
SAME_OFFSET(ss, SS);
_Static_assert(sizeof(struct trap_frame) == FRAME_SIZE, "trap_frame_layout.h");

/* What an exception means to a user program, and why a service fell. */
static const struct {
	const char *name;
	int signal;
	enum cause cause;
} exceptions[32] = {
        [0] = {"divide error", SIGFPE, CAUSE_divide},
        [1] = {"debug", SIGTRAP, CAUSE_other},
        [2] = {"NMI", 0, CAUSE_other},
        [3] = {"breakpoint", SIGTRAP, CAUSE_other},
        [4] = {"overflow", SIGSEGV, CAUSE_other},
        [5] = {"bound range", SIGSEGV, CAUSE_other},
        [6] = {"invalid opcode", SIGILL, CAUSE_illegal},
        [7] = {"device not available", SIGFPE, CAUSE_other},
        [8] = {"double fault", 0, CAUSE_other},
        [10] = {"invalid TSS", 0, CAUSE_other},
        [11] = {"segment not present", SIGBUS, CAUSE_other},
        [12] = {"stack segment", SIGBUS, CAUSE_wild},
        [13] = {"general protection", SIGSEGV, CAUSE_wild},
        [14] = {"page fault", SIGSEGV, CAUSE_wild},
        [16] = {"x87 error", SIGFPE, CAUSE_other},
        [17] = {"alignment check", SIGBUS, CAUSE_other},
        [18] = {"machine check", 0, CAUSE_other},
        [19] = {"SIMD error", SIGFPE, CAUSE_other},
        [20] = {"virtualization", 0, CAUSE_other},
        [21] = {"control protection", SIGSEGV, CAUSE_other},
};

static const char *exception_name(uint64_t vector)
{
	return vector < 32 && exceptions[vector].name ? exceptions[vector].name : "exception";
}

static void handle_interrupt(struct trap_frame *frame)
{
	struct cpu *cpu = this_cpu();
	unsigned int order_base = cpu->order_base;

	cpu->in_interrupt++;
	/* What a handler locks is locked with interrupts off everywhere: the interrupted
	 * code does not hold it, whatever else it holds. */
	cpu->order_base = cpu->locks_held;
	switch (frame->vector) {
	case VECTOR_TIMER:
		apic_end_of_interrupt();
		tick_interrupt(trap_from_user(frame));
		break;
	case VECTOR_SERIAL:
		apic_end_of_interrupt();
		serial_interrupt();
		break;
	case VECTOR_RESCHEDULE: /* need_resched was set by the sender */
		apic_end_of_interrupt();
		break;
	case VECTOR_SHOOTDOWN:
		apic_end_of_interrupt();
		mmu_shootdown_interrupt();
		break;
	case VECTOR_HALT:
		for (;;)
			__asm__ volatile("cli; hlt");
	case VECTOR_DEVICE ... VECTOR_DEVICE + DEVICE_VECTORS - 1:
		/* The device is quiet before its line may be raised again. */
		device_interrupt((unsigned int)(frame->vector - VECTOR_DEVICE));
		apic_end_of_interrupt();
		break;
	default: /* spurious: no end-of-interrupt (Intel SDM vol. 3A, 10.9) */
		break;
	}
	cpu->order_base = order_base;
	cpu->in_interrupt--;
}

static unsigned int access_of(uint64_t error)
{
	return (error & FAULT_ERROR_WRITE ? FAULT_WRITE : 0) |
	       (error & FAULT_ERROR_FETCH ? FAULT_EXEC : 0);
}

static void user_page_fault(uint64_t address, uint64_t error)
{
	int result = -EFAULT;

	if (user_range_ok(address, 1))
		result = vmspace_fault(current_process()->vmspace, address, access_of(error));
	if (result == -ENOMEM)
		signal_force(SIGKILL, address);
	else if (result)
		signal_force(result == -EIO ? SIGBUS : SIGSEGV, address);
}

static void user_exception(struct trap_frame *frame, uint64_t address)
{
	int number = frame->vector < 32 ? exceptions[frame->vector].signal : 0;

	if (frame->vector == VECTOR_PAGE_FAULT)
		user_page_fault(address, frame->error_code);
	else if (number)
		signal_force(number, frame->rip);
	else
		crash(frame, "%s in user mode", exception_name(frame->vector));
}

/* Interrupts are off here and stay off until the registers are back. */
static void before_user(struct trap_frame *frame)
{
	for (;;) {
		if (this_cpu()->need_resched) {
			schedule();
		} else if (signal_pending()) {
			irq_enable();
			signal_deliver(frame);
			irq_disable();
		} else {
			return;
		}
	}
}

void trap_from_user_mode(struct trap_frame *frame)
{
	uint64_t address = cr2_read();

	current_thread()->user_frame = frame;
	if (frame->vector >= 32) {
		handle_interrupt(frame);
	} else {
		irq_enable();
		user_exception(frame, address);
		irq_disable();
	}
	before_user(frame);
}

bool syscall_from_user(struct trap_frame *frame)
{
	current_thread()->user_frame = frame;
	irq_enable();
	syscall_dispatch(frame);
	irq_disable();
	before_user(frame);
	/* SYSRET takes rip from rcx and rflags from r11, and faults in the kernel
	 * on a rip that is not canonical. */
	return frame->rcx == frame->rip && frame->r11 == frame->rflags &&
	       frame->rip < USER_CANONICAL_END && !(frame->rflags & RFLAGS_TF);
}

/* A user copy faulted: bring the page in, or end the copy. */
static void user_copy_fault(struct trap_frame *frame, uint64_t address, uint64_t fixup)
{
	int result = -EFAULT;

	if (frame->vector == VECTOR_PAGE_FAULT && user_range_ok(address, 1) && current_process() &&
	    !current_thread()->preempt_disabled) {
		irq_enable();
		result = vmspace_fault(current_process()->vmspace, address,
		                       access_of(frame->error_code));
		irq_disable();
	}
	if (result)
		frame->rip = fixup;
}

static enum cause cause_of(const struct trap_frame *frame, uint64_t address)
{
	const struct thread *thread = current_thread();

	if (frame->vector != VECTOR_PAGE_FAULT)
		return frame->vector < 32 ? exceptions[frame->vector].cause : CAUSE_other;
	if ((address >= thread->stack_base - PAGE_SIZE && address < thread->stack_base) ||
	    boundary_is_guard(address))
		return CAUSE_overflow;
	if (frame->error_code & FAULT_ERROR_KEY)
		return CAUSE_stray;
	if (frame->error_code & FAULT_ERROR_FETCH)
		return CAUSE_wild_jump;
	return address < PAGE_SIZE ? CAUSE_null : CAUSE_wild;
}

static void kernel_exception(struct trap_frame *frame, uint64_t address)
{
	uint64_t fixup = exception_fixup(frame->rip);

	if (fixup) {
		user_copy_fault(frame, address, fixup);
		return;
	}
	/* Returns when nothing is there to contain it. */
	boundary_fault(frame, cause_of(frame, address), address);
	if (frame->vector == VECTOR_PAGE_FAULT)
		crash(frame, "page fault at %lx, error %lx", address, frame->error_code);
	crash(frame, "%s, error %lx", exception_name(frame->vector), frame->error_code);
}

void trap_from_kernel_mode(struct trap_frame *frame)
{
	if (frame->vector < 32) {
		kernel_exception(frame, cr2_read());
		return;
	}
	boundary_pause();
	handle_interrupt(frame);
	if (this_cpu()->need_resched && !current_thread()->preempt_disabled &&
	    (frame->rflags & RFLAGS_IF) && !on_emergency_stack(this_cpu(), (uint64_t)frame))
		sched_preempt();
	boundary_resume();
	boundary_check(frame);
}

_Noreturn void trap_double_fault(struct trap_frame *frame)
{
	crash(frame, "double fault");
}

uint64_t exception_fixup(uint64_t rip)
{
	extern const uint64_t exception_table_start[][2], exception_table_end[][2];

	for (const uint64_t(*row)[2] = exception_table_start; row < exception_table_end; row++)
		if ((*row)[0] == rip)
			return (*row)[1];
	return 0;
}
