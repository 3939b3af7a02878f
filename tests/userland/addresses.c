/* SPDX-License-Identifier: MIT
 *
 * Where things lie in this process, one NAME ADDRESS a line: for the test that they lie elsewhere
 * the next time.
 */
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "expect.h"

int main(void)
{
	int local;

	printf("stack %lx\n", (unsigned long)&local);
	printf("mmap %lx\n",
	       (unsigned long)mmap(NULL, 1 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	printf("heap %lx\n", (unsigned long)syscall(SYS_brk, 0));
	printf("vdso %lx\n", getauxval(AT_SYSINFO_EHDR));
	return expect_result();
}
