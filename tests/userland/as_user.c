/* SPDX-License-Identifier: MIT
 *
 * as_user COMMAND: runs the shell's COMMAND as a user without privileges.
 */
#include "expect.h"

#define NOBODY 65534

int main(int argc, char **argv)
{
	EXPECT(argc == 2);
	EXPECT(setgid(NOBODY) == 0);
	EXPECT(setuid(NOBODY) == 0);
	if (expect_failures == 0)
		execl("/bin/sh", "sh", "-c", argv[1], (char *)NULL);
	return 1;
}
