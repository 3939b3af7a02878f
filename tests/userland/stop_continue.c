/* SPDX-License-Identifier: MIT
 *
 * SIGCONT right behind SIGSTOP, again and again, while the child is busy on another CPU: however
 * the two interleave, the child is not left stopped. waitpid says what happened.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "expect.h"

#define ROUNDS 3000

/* Goes in and out of the kernel until it is ended. */
static void be_busy(void)
{
	for (;;)
		getppid();
}

int main(void)
{
	int status;

	for (int round = 0; round < ROUNDS; round++) {
		pid_t child = fork();

		EXPECT(child >= 0);
		if (child == 0)
			be_busy();
		for (int again = 0; again < 5; again++) {
			EXPECT(kill(child, SIGSTOP) == 0);
			EXPECT(kill(child, SIGCONT) == 0);
		}
		/* A child that was left stopped would not end by this one. */
		EXPECT(kill(child, SIGTERM) == 0);
		EXPECT(waitpid(child, &status, 0) == child);
		EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	}
	return expect_result();
}
