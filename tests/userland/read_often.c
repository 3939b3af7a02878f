/* SPDX-License-Identifier: MIT
 *
 * read_often FILE COUNT [held]: reads FILE that often; each read must fail with EIO, and nothing
 * else. Held, the file is opened once.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>

#include "expect.h"

int main(int argc, char **argv)
{
	bool held = argc == 4 && strcmp(argv[3], "held") == 0;
	long count = argc == 3 || held ? atol(argv[2]) : 0;
	int fd = -1;
	char byte;

	EXPECT(count > 0);
	for (long i = 0; i < count; i++) {
		if (!held || i == 0)
			fd = open(argv[1], O_RDONLY);
		EXPECT(fd >= 0);
		EXPECT_ERROR(EIO, read(fd, &byte, 1));
		if (!held)
			close(fd);
		if (expect_failures > 5)
			break;
	}
	return expect_result();
}
