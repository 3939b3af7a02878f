/* SPDX-License-Identifier: MIT
 *
 * Transfers whose end would be behind the largest offset.
 */
#define _GNU_SOURCE
#include <sys/uio.h>

#include "contract.h"

CASE(transfers_behind_the_largest_offset)
{
	static char bytes[8192];
	struct iovec vector[2] = {{bytes, 4096}, {bytes, 4096}};
	int zero = open("/dev/zero", O_RDWR), null = open("/dev/null", O_RDWR);
	int file = make_file("file", "text");

	SHOW(preadv(zero, vector, 2, INT64_MAX - 1));
	SHOW(pwritev(null, vector, 2, INT64_MAX - 5000));
	SHOW(pread(zero, bytes, 10, INT64_MAX - 9));
	SHOW(pread(zero, bytes, 10, INT64_MAX - 10));
	SHOW(pwrite(null, bytes, 10, INT64_MAX - 9));
	SHOW(preadv(file, vector, 2, INT64_MAX - 1));
	SHOW(pread(file, bytes, 10, INT64_MAX - 1));
	SHOW(lseek(file, INT64_MAX - 1, SEEK_SET));
	SHOW(read(file, bytes, 10));
	SHOW(write(file, bytes, 10));
	SHOW(read(file, bytes, 1));
	SHOW(lseek(file, 0, SEEK_CUR));
}
