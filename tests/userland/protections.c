/* SPDX-License-Identifier: MIT
 *
 * What a program may not do, and is ended by SIGSEGV for: ask where the kernel's tables are (UMIP),
 * write to its code, execute its stack unless it asked to, use the kernel's half.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
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

/* As the dynamic linker asks for a program without PT_GNU_STACK: from one page of the stack down.
 */
static void ask_for_an_executable_stack(void)
{
	char *page = (char *)((uintptr_t)__builtin_frame_address(0) & ~(uintptr_t)4095);
	const int all = PROT_READ | PROT_WRITE | PROT_EXEC;
	void *other = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	EXPECT(mprotect(other, 4096, PROT_READ | PROT_GROWSDOWN) == -1 && errno == EINVAL);
	EXPECT(mprotect(page, 4096, all | PROT_GROWSUP) == -1 && errno == EINVAL);
	EXPECT(mprotect(page, 4096, all | PROT_GROWSDOWN) == 0);
	execute_the_stack();
}

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
	ask_for_an_executable_stack();
	return expect_result();
}
