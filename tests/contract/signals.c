/* SPDX-License-Identifier: MIT
 *
 * Signals: sigaction(2), sigprocmask(2), kill(2), sigaltstack(2) and their kin.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>

#include "contract.h"

#define MASK_SIZE 8

static sigset_t only(int number)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	return set;
}

static int order[16], ordered;

static void note(int number)
{
	if (ordered < 16)
		order[ordered++] = number;
}

static void show_order(void)
{
	for (int i = 0; i < ordered; i++)
		printf("%d ", order[i]);
	SAY("came");
	ordered = 0;
}

static void handle(int number, void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

	sigaction(number, &action, NULL);
}

CASE(signals_come_in_order)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	for (int i = 0; i < 3; i++) {
		handle(SIGRTMIN + i, note, 0);
		kill(getpid(), SIGRTMIN + 2 - i);
	}
	handle(SIGUSR1, note, 0);
	handle(SIGUSR2, note, 0);
	for (int i = 0; i < 3; i++) {
		kill(getpid(), SIGUSR2);
		kill(getpid(), SIGUSR1);
		kill(getpid(), SIGRTMIN + 1);
	}
	sigemptyset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	SHOW(ordered);
	/* The last to be set up runs first. */
	show_order();
}

CASE(signal_values_queue)
{
	sigset_t set = only(SIGRTMIN + 3);
	struct timespec now = {0, 0};
	siginfo_t info;

	sigprocmask(SIG_BLOCK, &set, NULL);
	for (int i = 1; i <= 3; i++)
		SHOW(sigqueue(getpid(), SIGRTMIN + 3, (union sigval){.sival_int = i * 11}));
	for (int i = 0; i < 4; i++) {
		memset(&info, 0, sizeof(info));
		SHOW(sigtimedwait(&set, &info, &now) == SIGRTMIN + 3);
		SHOW(info.si_code);
		SHOW(info.si_value.sival_int);
	}
}

CASE(sigaction_refuses)
{
	struct sigaction action = {.sa_handler = SIG_IGN}, old;

	SHOW(sigaction(SIGKILL, &action, NULL));
	SHOW(sigaction(SIGSTOP, &action, NULL));
	SHOW(sigaction(SIGKILL, NULL, &old));
	SHOW(syscall(SYS_rt_sigaction, 0, NULL, NULL, MASK_SIZE));
	SHOW(syscall(SYS_rt_sigaction, 65, NULL, NULL, MASK_SIZE));
	SHOW(syscall(SYS_rt_sigaction, SIGUSR1, NULL, NULL, 4));
	SHOW(syscall(SYS_rt_sigaction, SIGUSR1, (void *)8, NULL, MASK_SIZE));
	SHOW(syscall(SYS_rt_sigaction, SIGUSR1, NULL, (void *)8, MASK_SIZE));
}

CASE(sigprocmask_refuses)
{
	sigset_t set = only(SIGUSR1);

	SHOW(syscall(SYS_rt_sigprocmask, 7, &set, NULL, MASK_SIZE));
	SHOW(syscall(SYS_rt_sigprocmask, 7, NULL, &set, MASK_SIZE));
	SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, 16));
	SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, (void *)8, NULL, MASK_SIZE));
	SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, (void *)8, MASK_SIZE));
	SHOW(syscall(SYS_rt_sigpending, &set, 16));
	SHOW(syscall(SYS_rt_sigpending, (void *)8, MASK_SIZE));
	SHOW(syscall(SYS_rt_sigsuspend, (void *)8, MASK_SIZE));
	SHOW(syscall(SYS_rt_sigsuspend, &set, 4));
}

CASE(mask_keeps_what_cannot_be_blocked)
{
	sigset_t all, now;

	sigfillset(&all);
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, MASK_SIZE);
	syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &now, MASK_SIZE);
	SHOW(sigismember(&now, SIGKILL));
	SHOW(sigismember(&now, SIGSTOP));
	SHOW(sigismember(&now, SIGTERM));
}

CASE(kill_refuses)
{
	SHOW(kill(999999, 0));
	SHOW(kill(getpid(), 65));
	SHOW(kill(getpid(), -1));
	SHOW(kill(1, SIGTERM));
	SHOW(kill(-999999, SIGTERM));
	SHOW(syscall(SYS_tkill, 0, 0));
	SHOW(syscall(SYS_tkill, 999999, 0));
	SHOW(syscall(SYS_tgkill, getpid(), -1, 0));
	SHOW(syscall(SYS_tgkill, 1, getpid(), 0));
	SHOW(syscall(SYS_tgkill, getpid(), getpid(), 0));
	SHOW(kill(getpid(), 0));
}

CASE(handler_that_runs_once)
{
	catch_signal(SIGUSR1, SA_RESETHAND);
	raise(SIGUSR1);
	SHOW(signals_caught);
	fflush(stdout);
	if (fork() == 0) {
		raise(SIGUSR1);
		_exit(0);
	}
	int status;

	SHOW(wait(&status) > 0);
	SHOW(WIFSIGNALED(status) && WTERMSIG(status) == SIGUSR1);
}

static int depth, deepest, nested;

static void nest(int number)
{
	if (++depth > deepest)
		deepest = depth;
	if (depth < 4 && nested++ < 8)
		raise(number);
	depth--;
}

CASE(handler_that_nests)
{
	handle(SIGUSR1, nest, SA_NODEFER);
	raise(SIGUSR1);
	SHOW(deepest);
	/* What is blocked comes when the handler has returned, again and again. */
	deepest = nested = 0;
	depth = 2;
	handle(SIGUSR1, nest, 0);
	raise(SIGUSR1);
	SHOW(deepest);
	SHOW(nested);
}

static volatile int on_other_stack;
static char other_stack[32768];

static void look_at_stack(int number)
{
	char here;

	(void)number;
	on_other_stack = &here >= other_stack && &here < other_stack + sizeof(other_stack);
}

CASE(alternate_stack)
{
	stack_t stack = {.ss_sp = other_stack, .ss_size = sizeof(other_stack)}, old;

	SHOW(sigaltstack(NULL, &old));
	SHOW(old.ss_flags);
	SHOW(sigaltstack(&stack, NULL));
	handle(SIGUSR1, look_at_stack, 0);
	raise(SIGUSR1);
	SHOW(on_other_stack);
	handle(SIGUSR1, look_at_stack, SA_ONSTACK);
	raise(SIGUSR1);
	SHOW(on_other_stack);
	stack.ss_flags = SS_DISABLE;
	SHOW(sigaltstack(&stack, &old));
	SHOW(old.ss_flags);
	SHOW(old.ss_size);
	raise(SIGUSR1);
	SHOW(on_other_stack);
	stack.ss_flags = 0x40;
	SHOW(syscall(SYS_sigaltstack, &stack, NULL));
	stack.ss_flags = SS_DISABLE | SS_ONSTACK;
	SHOW(syscall(SYS_sigaltstack, &stack, NULL));
	stack = (stack_t){.ss_sp = other_stack, .ss_size = 100};
	SHOW(syscall(SYS_sigaltstack, &stack, NULL));
	SHOW(syscall(SYS_sigaltstack, (void *)8, NULL));
}

CASE(sigsuspend_waits)
{
	sigset_t none, set = only(SIGUSR1);

	sigemptyset(&none);
	catch_signal(SIGUSR1, 0);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	SHOW(signals_caught);
	SHOW(sigsuspend(&none));
	SHOW(signals_caught);
	sigprocmask(SIG_BLOCK, NULL, &none);
	SHOW(sigismember(&none, SIGUSR1));
}

CASE(ignored_signals_are_forgotten)
{
	sigset_t set = only(SIGUSR1), pending;

	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	sigpending(&pending);
	SHOW(sigismember(&pending, SIGUSR1));
	signal(SIGUSR1, SIG_IGN);
	sigpending(&pending);
	SHOW(sigismember(&pending, SIGUSR1));
	signal(SIGUSR1, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

CASE(read_restarts_or_not)
{
	char byte;
	int ends[2];

	SHOW(pipe(ends));
	catch_signal(SIGUSR1, 0);
	signal_later(SIGUSR1, 50);
	SHOW(read(ends[0], &byte, 1));
	catch_signal(SIGUSR1, SA_RESTART);
	fflush(stdout);
	if (fork() == 0) {
		rest(50);
		kill(getppid(), SIGUSR1);
		rest(100);
		(void)!write(ends[1], "x", 1);
		_exit(0);
	}
	SHOW(read(ends[0], &byte, 1));
	SHOW(signals_caught);
}

static volatile int *volatile nowhere = (volatile int *)64;
static volatile int told_code, told_address;

static void tell_fault(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	told_code = info->si_code;
	told_address = info->si_addr == (void *)64;
	_exit(told_code * 10 + told_address);
}

CASE(fault_tells_where)
{
	struct sigaction action = {.sa_sigaction = tell_fault, .sa_flags = SA_SIGINFO};
	int status;

	sigaction(SIGSEGV, &action, NULL);
	fflush(stdout);
	if (fork() == 0) {
		*nowhere = 1;
		_exit(0);
	}
	SHOW(wait(&status) > 0);
	SHOW(status);
}

CASE(fault_that_is_ignored_kills)
{
	int status;

	signal(SIGSEGV, SIG_IGN);
	fflush(stdout);
	if (fork() == 0) {
		*nowhere = 1;
		_exit(0);
	}
	SHOW(wait(&status) > 0);
	SHOW(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
}

CASE(child_tells_its_end)
{
	sigset_t set = only(SIGCHLD);
	struct timespec long_time = {10, 0};
	siginfo_t info = {0};
	pid_t child;

	sigprocmask(SIG_BLOCK, &set, NULL);
	fflush(stdout);
	child = fork();
	if (child == 0)
		_exit(9);
	SHOW(sigtimedwait(&set, &info, &long_time));
	SHOW(info.si_code);
	SHOW(info.si_status);
	SHOW(info.si_pid == child);
}

CASE(children_that_nobody_waits_for)
{
	signal(SIGCHLD, SIG_IGN);
	fflush(stdout);
	if (fork() == 0)
		_exit(0);
	SHOW(wait(NULL));
	handle(SIGCHLD, SIG_DFL, SA_NOCLDWAIT);
	if (fork() == 0)
		_exit(0);
	SHOW(wait(NULL));
}
