/* SPDX-License-Identifier: MIT
 *
 * Forks until the kernel says no, with EAGAIN or ENOMEM; then all children end.
 */
#include <signal.h>

#include "expect.h"

#define MOST 20000

int main(void)
{
	int ends[2], status, children = 0;
	char byte;
	pid_t child;

	EXPECT(pipe(ends) == 0);
	while (children < MOST && (child = fork()) >= 0) {
		if (child == 0) {
			/* Ends when the parent closes the pipe. */
			close(ends[1]);
			_exit(read(ends[0], &byte, 1) == 0 ? 0 : 1);
		}
		children++;
	}
	EXPECT(children > 20 && children < MOST);
	EXPECT(errno == EAGAIN || errno == ENOMEM);
	close(ends[1]);
	while (children > 0 && wait(&status) > 0)
		children--;
	EXPECT(children == 0);
	return expect_result();
}
