/* SPDX-License-Identifier: MIT
 *
 * map_write FILE OFFSET TEXT: writes a text into a file through a shared mapping of all of it, and
 * reads it back with pread(2).
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "expect.h"

int main(int count, char **words)
{
	char *map, read_back[64];
	struct stat status;
	size_t offset, length;
	int file;

	if (count != 4)
		return 2;
	offset = strtoul(words[2], NULL, 10);
	length = strlen(words[3]);
	file = open(words[1], O_RDWR);
	EXPECT(file >= 0);
	EXPECT(fstat(file, &status) == 0);
	EXPECT(length <= sizeof(read_back) && offset + length <= (size_t)status.st_size);
	map = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	EXPECT(map != MAP_FAILED);
	memcpy(map + offset, words[3], length);
	EXPECT(pread(file, read_back, length, (off_t)offset) == (ssize_t)length);
	EXPECT(memcmp(read_back, words[3], length) == 0);
	EXPECT(msync(map, (size_t)status.st_size, MS_SYNC) == 0);
	return expect_result();
}
