/* SPDX-License-Identifier: MIT
 *
 * read_often FILE COUNT: reads FILE that often; each read must fail with EIO, and nothing else.
 */
#include <fcntl.h>

#include "expect.h"

int main(int argc, char **argv)
{
	long count = argc == 3 ? atol(argv[2]) : 0;
	char byte;

	EXPECT(count > 0);
	for (long i = 0; i < count; i++) {
		int fd = open(argv[1], O_RDONLY);

		EXPECT(fd >= 0);
		EXPECT_ERROR(EIO, read(fd, &byte, 1));
		close(fd);
		if (expect_failures > 5)
			break;
	}
	return expect_result();
}
