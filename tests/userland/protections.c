/* SPDX-License-Identifier: MIT
 *
 * What a program may not do, and is ended by SIGSEGV for: ask where the kernel's tables are (UMIP),
 * write to its code, execute its stack, use the kernel's half.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "expect.h"

static void ask_for_the_gdt(void)
{
	char pointer[10];

	__asm__ volatile("sgdt %0" : "=m"(pointer));
}

static void write_to_code(void)
{
	*(volatile char *)ask_for_the_gdt = 0;
}

static void execute_the_stack(void)
{
	volatile unsigned char code[] = {0xc3}; /* ret */
	void (*volatile function)(void) = (void (*)(void))code;

	function();
}

static void read_the_kernel(void)
{
	(void)*(volatile char *)0xffffffff80100000;
}

static void halt(void)
{
	__asm__ volatile("hlt");
}

static void (*const tries[])(void) = {ask_for_the_gdt, write_to_code, execute_the_stack,
                                      read_the_kernel, halt};

int main(void)
{
	for (unsigned i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		pid_t child = fork();
		int status = 0;

		if (child == 0) {
			tries[i]();
			_exit(0);
		}
		EXPECT(waitpid(child, &status, 0) == child);
		EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	}
	return expect_result();
}
