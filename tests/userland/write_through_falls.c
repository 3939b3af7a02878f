/* SPDX-License-Identifier: MIT
 *
 * Booted with inject=tmpfs.extend/N each Nth extend panics in the middle. Appends to some files
 * all the same: a write is wholly there when it was told to be done, wholly absent when it
 * failed with EIO. Prints `failed N`, how many did.
 */
#include <fcntl.h>

#include "expect.h"

#define FILES  8
#define ROUNDS 60
#define RECORD 3000

static char record[RECORD], expected[FILES][ROUNDS * RECORD], found[ROUNDS * RECORD + 1];

static void compare(int file, size_t length)
{
	char name[32];
	ssize_t got;
	size_t total = 0;
	int fd;

	snprintf(name, sizeof(name), "/tmp/falls.%d", file);
	fd = open(name, O_RDONLY);
	EXPECT(fd >= 0);
	while ((got = read(fd, found + total, sizeof(found) - total)) > 0)
		total += (size_t)got;
	EXPECT(got == 0);
	EXPECT(total == length);
	EXPECT(memcmp(found, expected[file], length) == 0);
	close(fd);
}

int main(void)
{
	size_t lengths[FILES] = {0};
	int failed = 0, fds[FILES];
	char name[32];

	for (int file = 0; file < FILES; file++) {
		snprintf(name, sizeof(name), "/tmp/falls.%d", file);
		fds[file] = open(name, O_WRONLY | O_CREAT | O_APPEND | O_EXCL, 0600);
		EXPECT(fds[file] >= 0);
	}
	for (int round = 0; round < ROUNDS; round++) {
		for (int file = 0; file < FILES; file++) {
			ssize_t done;

			memset(record, 'a' + (round + file) % 26, RECORD);
			done = write(fds[file], record, RECORD);
			if (done < 0) {
				EXPECT(errno == EIO);
				failed++;
				continue;
			}
			EXPECT(done == RECORD);
			memcpy(expected[file] + lengths[file], record, RECORD);
			lengths[file] += RECORD;
		}
	}
	for (int file = 0; file < FILES; file++)
		compare(file, lengths[file]);
	printf("failed %d\n", failed);
	return expect_result();
}
