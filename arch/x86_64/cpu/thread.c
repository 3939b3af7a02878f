/* SPDX-License-Identifier: MIT
 *
 * The processor's side of threads: their first stack frame, FPU and TLS state,
 * the way into user mode. User FPU state stays in the registers while the kernel
 * runs (which uses none of them) and is saved when the thread is switched out.
 */
#include <arch/boot_layout.h>
#include <arch/cpu_setup.h>
#include <arch/registers.h>
#include <arch/thread_switch.h>
#include <arch/trap.h>
#include <kernel/lib/string.h>

void fpu_save(struct thread *thread)
{
	__asm__ volatile("xsave64 (%0)"
	                 :
	                 : "r"(thread->fpu), "a"((uint32_t)fpu_components), "d"(0)
	                 : "memory");
}

void fpu_restore(struct thread *thread)
{
	__asm__ volatile("xrstor64 (%0)"
	                 :
	                 : "r"(thread->fpu), "a"((uint32_t)fpu_components), "d"(0)
	                 : "memory");
}

/* An all-zero XSAVE header means "initial state"; MXCSR is read all the same
 * (Intel SDM vol. 1, 13.8). */
static void fpu_clear(struct thread *thread)
{
	memset(thread->fpu, 0, sizeof(thread->fpu));
	thread->fpu[24] = 0x80; /* MXCSR = 0x1f80 */
	thread->fpu[25] = 0x1f;
}

void thread_prepare(struct thread *thread)
{
	uint64_t *top = (uint64_t *)(thread->stack_base + THREAD_STACK_PAGES * PAGE_SIZE);

	/* Room for the frame that thread_enter_user builds at the top while it runs below;
	 * thread_first is entered by ret with rsp 16-aligned. */
	top -= 32 + 1;
	top[0] = (uint64_t)thread_first;
	top -= 6;
	thread->stack_pointer = (uint64_t)top;
	fpu_clear(thread);
}

void thread_switch(struct thread *from, struct thread *to)
{
	struct cpu *cpu = this_cpu();

	if (from->process)
		fpu_save(from);
	cpu->current = to;
	cpu->kernel_stack = to->stack_base + THREAD_STACK_PAGES * PAGE_SIZE;
	if (to->process) {
		fpu_restore(to);
		msr_write(MSR_FS_BASE, to->fs_base);
	}
	context_switch(from, to);
}

void thread_copy_fpu(struct thread *child)
{
	fpu_save(child); /* the registers are the caller's */
	child->fs_base = current_thread()->fs_base;
}

void thread_reset_fpu(void)
{
	struct thread *thread = current_thread();

	preempt_disable();
	fpu_clear(thread);
	fpu_restore(thread);
	preempt_enable();
	thread_set_fs_base(0);
}

void thread_set_fs_base(uint64_t base)
{
	struct thread *thread = current_thread();

	preempt_disable();
	thread->fs_base = base;
	msr_write(MSR_FS_BASE, base);
	preempt_enable();
}

_Noreturn void thread_enter_user(const struct trap_frame *frame)
{
	struct thread *thread = current_thread();
	struct trap_frame *top;

	irq_disable();
	top = (struct trap_frame *)(thread->stack_base + THREAD_STACK_PAGES * PAGE_SIZE) - 1;
	memmove(top, frame, sizeof(*top));
	top->cs = USER_CS;
	top->ss = USER_DS;
	top->rflags |= RFLAGS_IF;
	thread->user_frame = top;
	fpu_restore(thread);
	msr_write(MSR_FS_BASE, thread->fs_base);
	thread_enter_frame(top);
}
