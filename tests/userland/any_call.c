/* SPDX-License-Identifier: MIT
 *
 * Every system call number with nonsense arguments, in children: whatever they get, the
 * kernel and the parent go on. Only calls that end or signal other processes are left out.
 */
#include <signal.h>
#include <sys/syscall.h>

#include "expect.h"

#define NUMBERS 470

static const int left_out[] = {SYS_exit,   SYS_exit_group,  SYS_fork,         SYS_vfork,
                               SYS_clone,  SYS_pause,       SYS_rt_sigreturn, SYS_reboot,
                               SYS_kill,   SYS_tkill,       SYS_tgkill,       SYS_rt_sigsuspend,
                               SYS_ptrace, SYS_sethostname, SYS_clone3};

static const long nonsense[] = {0, -1, 0xffffffff80100000, 0x7fffffff, 8, 0x4141414141414141};

static int is_left_out(int number)
{
	for (size_t i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++)
		if (left_out[i] == number)
			return 1;
	return 0;
}

static void try_numbers(int first, int step, long value)
{
	/* Limits what a call that waits can cost, and what one that unmaps can break. */
	alarm(2);
	for (int number = first; number < NUMBERS; number += step)
		if (!is_left_out(number))
			syscall(number, value, value, value, value, value, value);
	_exit(0);
}

int main(void)
{
	int status, ended = 0;
	pid_t child;

	for (size_t v = 0; v < sizeof(nonsense) / sizeof(nonsense[0]); v++) {
		for (int first = 0; first < 10; first++) {
			child = fork();
			if (child == 0) {
				setsid();
				close(0);
				try_numbers(first, 10, nonsense[v]);
			}
			EXPECT(waitpid(child, &status, 0) == child);
			ended++;
		}
	}
	EXPECT(ended == 60);
	errno = 0;
	EXPECT(syscall(5000) == -1 && errno == ENOSYS);
	EXPECT(syscall(-1) == -1 && errno == ENOSYS);
	return expect_result();
}
