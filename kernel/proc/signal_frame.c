/* SPDX-License-Identifier: MIT
 *
 * The frame that a handler runs on, laid out as Linux does on x86_64, and the
 * way back from it (sigreturn(2); arch/x86/include/uapi/asm/sigcontext.h).
 */
#include <asm/sigcontext.h>
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <linux/signal.h>
#include <asm/ucontext.h>

#include <arch/trap_frame.h>
#include <aramid/uninitialized.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/user_copy.h>
#include <kernel/mm/user_range.h>
#include <kernel/proc/process.h>
#include <kernel/proc/signal_fpu.h>

#define RED_ZONE 128 /* bytes below rsp that belong to the interrupted function (psABI 3.2.2) */

/* rflags that a user may set: CF PF AF ZF SF TF DF OF RF AC. */
#define USER_RFLAGS 0x50dd5UL
/* Those that a handler starts without: TF, DF, RF. */
#define CLEARED_RFLAGS 0x10500UL

struct signal_frame {
	uint64_t return_address; /* the restorer, which calls rt_sigreturn */
	struct ucontext context;
	siginfo_t info;
};

static bool on_alternate_stack(const struct task_signals *signals, uint64_t stack)
{
	return !(signals->alternate_flags & SS_AUTODISARM) &&
	       stack - signals->alternate_stack <= signals->alternate_size &&
	       stack > signals->alternate_stack;
}

/* Where the frame's stack begins, before anything is pushed. */
static uint64_t stack_for(const struct trap_frame *frame, const struct signal_action *action)
{
	const struct task_signals *signals = &current_task()->signals;

	if ((action->flags & SA_ONSTACK) && signals->alternate_size &&
	    !on_alternate_stack(signals, frame->rsp))
		return signals->alternate_stack + signals->alternate_size;
	return frame->rsp - RED_ZONE;
}

void signal_fill_info(siginfo_t *info, int number, const struct signal_origin *origin)
{
	info->si_signo = number;
	info->si_code = origin->code;
	if (origin->code == SI_TIMER) {
		info->si_tid = origin->sender;
		info->si_overrun = origin->overrun;
		info->si_ptr = (void *)origin->value;
	} else if (origin->code < 0 && origin->code != SI_TKILL) { /* SI_QUEUE and kin */
		info->si_pid = origin->sender;
		info->si_uid = origin->uid;
		info->si_ptr = (void *)origin->value;
	} else if (number == SIGCHLD) {
		info->si_pid = origin->sender;
		info->si_uid = origin->uid;
		info->si_status = origin->status;
	} else if (origin->code > 0 && origin->code != SI_KERNEL) {
		info->si_addr = (void *)origin->address;
	} else {
		info->si_pid = origin->sender;
		info->si_uid = origin->uid;
	}
}

static void fill_registers(struct sigcontext *to, const struct trap_frame *from)
{
	to->r8 = from->r8;
	to->r9 = from->r9;
	to->r10 = from->r10;
	to->r11 = from->r11;
	to->r12 = from->r12;
	to->r13 = from->r13;
	to->r14 = from->r14;
	to->r15 = from->r15;
	to->rdi = from->rdi;
	to->rsi = from->rsi;
	to->rbp = from->rbp;
	to->rbx = from->rbx;
	to->rdx = from->rdx;
	to->rax = from->rax;
	to->rcx = from->rcx;
	to->rsp = from->rsp;
	to->rip = from->rip;
	to->eflags = from->rflags;
	to->cs = (uint16_t)from->cs;
	to->ss = (uint16_t)from->ss;
	if (from->vector != TRAP_VECTOR_SYSCALL) {
		to->trapno = from->vector;
		to->err = from->error_code;
	}
}

int signal_frame_push(struct trap_frame *frame, int number, const struct signal_action *action,
                      const struct signal_origin *origin, uint64_t mask)
{
	struct task_signals *signals = &current_task()->signals;
	uint64_t stack = stack_for(frame, action), fpu;
	struct signal_frame image LEFT_UNINITIALIZED("cleared whole below");

	if (!(action->flags & SA_RESTORER) || !user_range_ok(action->handler, 1))
		return -EFAULT;
	fpu = (stack - signal_fpu_size()) & ~63UL;
	/* As behind a call: the stack is 8 short of 16. */
	stack = ((fpu - sizeof(image)) & ~15UL) - 8;
	if (!user_range_ok(stack, sizeof(image)) || signal_fpu_save(fpu))
		return -EFAULT;
	memset(&image, 0, sizeof(image));
	image.return_address = action->restorer;
	image.context.uc_flags = UC_FP_XSTATE | UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS;
	image.context.uc_stack.ss_sp = (void *)signals->alternate_stack;
	image.context.uc_stack.ss_size = signals->alternate_size;
	image.context.uc_stack.ss_flags = signals->alternate_flags;
	fill_registers(&image.context.uc_mcontext, frame);
	image.context.uc_mcontext.oldmask = mask;
	image.context.uc_mcontext.cr2 = origin->address;
	image.context.uc_mcontext.fpstate = (void *)fpu;
	image.context.uc_sigmask = mask;
	signal_fill_info(&image.info, number, origin);
	if (copy_to_user((void __user *)stack, &image, sizeof(image)))
		return -EFAULT;
	if (signals->alternate_flags & SS_AUTODISARM) {
		signals->alternate_stack = signals->alternate_size = 0;
		signals->alternate_flags = SS_DISABLE;
	}
	frame->rdi = (uint64_t)number;
	frame->rsi = stack + offsetof(struct signal_frame, info);
	frame->rdx = stack + offsetof(struct signal_frame, context);
	frame->rax = 0;
	frame->rip = action->handler;
	frame->rsp = stack;
	frame->rflags &= ~CLEARED_RFLAGS;
	return 0;
}

/* cs and ss stay as they are: this frame came from user mode, so they are the user's. */
static void take_registers(struct trap_frame *to, const struct sigcontext *from)
{
	to->r8 = from->r8;
	to->r9 = from->r9;
	to->r10 = from->r10;
	to->r11 = from->r11;
	to->r12 = from->r12;
	to->r13 = from->r13;
	to->r14 = from->r14;
	to->r15 = from->r15;
	to->rdi = from->rdi;
	to->rsi = from->rsi;
	to->rbp = from->rbp;
	to->rbx = from->rbx;
	to->rdx = from->rdx;
	to->rax = from->rax;
	to->rcx = from->rcx;
	to->rsp = from->rsp;
	to->rip = from->rip;
	to->rflags = (to->rflags & ~USER_RFLAGS) | (from->eflags & USER_RFLAGS);
}

long signal_frame_pop(struct trap_frame *frame)
{
	struct task_signals *signals = &current_task()->signals;
	/* The handler's return took the return address off. */
	uint64_t address = frame->rsp - offsetof(struct signal_frame, context);
	struct signal_frame image;

	if (copy_from_user(&image, (const void __user *)address, sizeof(image)) ||
	    !user_range_ok(image.context.uc_mcontext.rip, 1) ||
	    (image.context.uc_mcontext.fpstate &&
	     signal_fpu_restore((uint64_t)image.context.uc_mcontext.fpstate))) {
		signal_force(SIGSEGV, address);
		return 0;
	}
	signal_set_mask(image.context.uc_sigmask);
	take_registers(frame, &image.context.uc_mcontext);
	signals->alternate_stack = (uint64_t)image.context.uc_stack.ss_sp;
	signals->alternate_size = image.context.uc_stack.ss_size;
	signals->alternate_flags =
	        image.context.uc_stack.ss_flags & (int)(SS_DISABLE | SS_AUTODISARM);
	/* What is in rax now is the program's, whatever number it looks like. */
	frame->error_code = (uint64_t)-1;
	return (long)frame->rax;
}
