/* SPDX-License-Identifier: MIT
 *
 * Signals: handlers, masks, restarts, alternate stacks, what a fault says, what a handler
 * must find unchanged when it returns.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

#include "expect.h"

static volatile sig_atomic_t caught, last;
static void *volatile fault_address;
static sigjmp_buf back;

static void count(int number)
{
	caught++;
	last = number;
}

static void install(int number, void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

	EXPECT(sigaction(number, &action, NULL) == 0);
}

static void test_handler_and_mask(void)
{
	sigset_t set, pending;

	install(SIGUSR1, count, 0);
	caught = 0;
	EXPECT(raise(SIGUSR1) == 0 && caught == 1 && last == SIGUSR1);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	EXPECT(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
	EXPECT(kill(getpid(), SIGUSR1) == 0 && kill(getpid(), SIGUSR1) == 0 && caught == 1);
	EXPECT(sigpending(&pending) == 0 && sigismember(&pending, SIGUSR1) == 1);
	EXPECT(sigprocmask(SIG_UNBLOCK, &set, NULL) == 0 && caught == 2);
	install(SIGUSR1, SIG_IGN, 0);
	EXPECT(raise(SIGUSR1) == 0 && caught == 2);
	EXPECT_ERROR(EINVAL, kill(getpid(), 99));
	EXPECT_ERROR(ESRCH, kill(999999, 0));
	EXPECT_ERROR(EINVAL, sigaction(SIGKILL, &(struct sigaction){.sa_handler = count}, NULL));
}

static void interrupt_soon(void)
{
	struct itimerval soon = {.it_value = {.tv_usec = 30000}};

	EXPECT(setitimer(ITIMER_REAL, &soon, NULL) == 0);
}

static void test_interrupted_calls(void)
{
	struct timespec second = {.tv_sec = 1}, left;
	int ends[2], status;
	char byte;
	pid_t child;

	EXPECT(pipe(ends) == 0);
	install(SIGALRM, count, 0);
	caught = 0;
	interrupt_soon();
	EXPECT_ERROR(EINTR, read(ends[0], &byte, 1));
	EXPECT(caught == 1);
	interrupt_soon();
	EXPECT_ERROR(EINTR, nanosleep(&second, &left));
	EXPECT(left.tv_sec == 0 && left.tv_nsec > 0);
	/* With SA_RESTART the read goes on and gets the byte that comes later. */
	install(SIGALRM, count, SA_RESTART);
	child = fork();
	if (child == 0) {
		usleep(100000);
		_exit(write(ends[1], "x", 1) == 1 ? 0 : 1);
	}
	interrupt_soon();
	EXPECT(read(ends[0], &byte, 1) == 1 && byte == 'x' && caught == 3);
	EXPECT(waitpid(child, &status, 0) == child && status == 0);
	close(ends[0]);
	install(SIGPIPE, count, 0);
	EXPECT_ERROR(EPIPE, write(ends[1], "x", 1));
	EXPECT(last == SIGPIPE);
	close(ends[1]);
}

static void test_suspend_and_child(void)
{
	sigset_t set, old;
	int status;
	pid_t child;

	install(SIGCHLD, count, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &old);
	caught = 0;
	child = fork();
	if (child == 0)
		_exit(0);
	while (!caught)
		EXPECT_ERROR(EINTR, sigsuspend(&old));
	EXPECT(last == SIGCHLD);
	sigprocmask(SIG_SETMASK, &old, NULL);
	EXPECT(waitpid(child, &status, 0) == child);
	install(SIGCHLD, SIG_DFL, 0);
}

static void leave_fault(int number, siginfo_t *information, void *context)
{
	(void)context;
	last = number;
	fault_address = information->si_addr;
	siglongjmp(back, 1);
}

static void test_faults(void)
{
	struct sigaction action = {.sa_sigaction = leave_fault, .sa_flags = SA_SIGINFO};
	volatile char *closed = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *constant = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	volatile char *const places[] = {(char *)16, closed + 100, constant,
	                                 (char *)0xffffffff80100000};

	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGILL, &action, NULL);
	sigaction(SIGFPE, &action, NULL);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		last = 0;
		if (sigsetjmp(back, 1) == 0)
			*places[i] = 1;
		EXPECT(last == SIGSEGV);
		EXPECT(fault_address == places[i]);
	}
	last = 0;
	if (sigsetjmp(back, 1) == 0)
		__asm__ volatile("ud2");
	EXPECT(last == SIGILL);
	last = 0;
	if (sigsetjmp(back, 1) == 0)
		__asm__ volatile("xor %%edx, %%edx; mov $1, %%eax; xor %%ecx, %%ecx; div %%ecx" ::
		                         : "eax", "ecx", "edx");
	EXPECT(last == SIGFPE);
	/* No page is both writable and executable unless asked for: data do not run. */
	constant = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*constant = (char)0xc3;
	last = 0;
	if (sigsetjmp(back, 1) == 0)
		((void (*)(void))constant)();
	EXPECT(last == SIGSEGV);
	last = 0;
	if (sigsetjmp(back, 1) == 0)
		__asm__ volatile("hlt");
	EXPECT(last == SIGSEGV);
	install(SIGSEGV, SIG_DFL, 0);
}

static char other_stack[32768];
static volatile int on_other_stack;

static void look_at_stack(int number)
{
	char here;

	(void)number;
	on_other_stack = &here >= other_stack && &here < other_stack + sizeof(other_stack);
}

static void test_alternate_stack(void)
{
	stack_t stack = {.ss_sp = other_stack, .ss_size = sizeof(other_stack)};

	EXPECT(sigaltstack(&stack, NULL) == 0);
	install(SIGUSR2, look_at_stack, SA_ONSTACK);
	EXPECT(raise(SIGUSR2) == 0 && on_other_stack);
}

static void spoil_registers(int number)
{
	(void)number;
	caught++;
	__asm__ volatile("pcmpeqd %%xmm0, %%xmm0; pcmpeqd %%xmm7, %%xmm7; xor %%ebx, %%ebx" ::
	                         : "xmm0", "xmm7", "rbx");
}

/* A handler that runs between two instructions leaves every register as it was. */
static void test_registers_survive(void)
{
	struct itimerval often = {.it_interval = {.tv_usec = 2000}, .it_value = {.tv_usec = 2000}};
	struct itimerval never = {0};
	double sum = 0, product = 1;

	install(SIGALRM, spoil_registers, SA_RESTART);
	caught = 0;
	EXPECT(setitimer(ITIMER_REAL, &often, NULL) == 0);
	for (long i = 1; caught < 20; i++) {
		sum = sum * 0.5 + 1.0;
		product = product * 1.0 + 0.0;
		if (i > 100 && (sum < 1.99 || sum > 2.01 || product != 1.0))
			break;
	}
	EXPECT(setitimer(ITIMER_REAL, &never, NULL) == 0);
	EXPECT(caught >= 20 && sum > 1.99 && sum < 2.01 && product == 1.0);
}

static void die_by_bad_stack(void)
{
	install(SIGUSR1, count, 0);
	/* The frame cannot be written: the kernel must kill, not fault. */
	__asm__ volatile(
	        "mov $8, %%rsp; mov %0, %%edi; mov %1, %%esi; mov $62, %%eax; syscall" ::"r"(
	                getpid()),
	        "i"(SIGUSR1)
	        : "rdi", "rsi", "rax", "rcx", "r11", "memory");
}

static void return_from_nothing(void)
{
	__asm__ volatile("mov $8, %%rsp; mov $15, %%eax; syscall" ::: "memory");
}

static void test_bad_frames(void)
{
	int status = status_of_child(die_by_bad_stack);

	EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	status = status_of_child(return_from_nothing);
	EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
}

int main(void)
{
	test_handler_and_mask();
	test_interrupted_calls();
	test_suspend_and_child();
	test_faults();
	test_alternate_stack();
	test_registers_survive();
	test_bad_frames();
	return expect_result();
}
