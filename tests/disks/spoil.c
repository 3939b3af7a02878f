/* SPDX-License-Identifier: MIT
 *
 * Broken file systems. Each is the original with flipped bits, strange words and blocks written
 * over, most of them where the tables and the first directories lie; it is mounted, and all that a
 * program may do is done to what is found. Whatever the answers are: this ends.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "disk_load.h"

#define PLACE "/spoiled"
#define STEPS 120 /* names that are used of one image, at most */
#define DEPTH 5

static uint8_t *original, *bytes;
static size_t size;
static uint64_t mounted, errors;
static int steps;

static void count_error(long answer)
{
	if (answer < 0)
		errors++;
}

static void break_copy(void)
{
	uint64_t hits = 1 + random_below(60), reach = random_below(3) ? size / 16 : size;

	memcpy(bytes, original, size);
	for (uint64_t i = 0; i < hits; i++) {
		uint64_t at = 1024 + random_below(reach - 1024);
		uint32_t word =
		        random_below(2) ? (uint32_t)random_next() : (uint32_t)random_below(2048);

		if (random_below(8) == 0)
			memset(bytes + at / 1024 * 1024, (int)random_below(256), 1024);
		else if (random_below(2))
			memcpy(bytes + at / 4 * 4, &word, sizeof(word));
		else
			bytes[at] ^= (uint8_t)(1u << random_below(8));
	}
}

/* With some luck the superblock is as it was, so that more of the rest is seen. */
static void mend_superblock(void)
{
	if (random_below(4))
		memcpy(bytes + 1024, original + 1024, 1024);
}

static void use_file(const char *path)
{
	static char buffer[16384];
	int fd = open(path, (random_below(2) ? O_RDWR : O_RDONLY) | O_NONBLOCK);

	count_error(fd);
	if (fd < 0)
		return;
	count_error(pread(fd, buffer, sizeof(buffer), (off_t)random_below(1 << 20)));
	count_error(read(fd, buffer, sizeof(buffer)));
	count_error(pwrite(fd, buffer, random_below(9000), (off_t)random_below(1 << 20)));
	if (random_below(3) == 0)
		count_error(ftruncate(fd, (off_t)random_below(1 << 20)));
	if (random_below(3) == 0)
		count_error(fsync(fd));
	count_error(close(fd));
}

static void change_name(const char *path)
{
	switch (random_below(6)) {
	case 0:
		count_error(unlink(path));
		break;
	case 1:
		count_error(rename(path, PLACE "/renamed"));
		break;
	case 2:
		count_error(link(path, PLACE "/linked"));
		break;
	case 3:
		count_error(chmod(path, (mode_t)random_below(010000)));
		break;
	case 4:
		count_error(rmdir(path));
		break;
	default:
		count_error(truncate(path, (off_t)random_below(300000)));
	}
}

static void add_names(const char *directory)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/made-%llu", directory,
	         (unsigned long long)random_below(40));
	switch (random_below(4)) {
	case 0:
		count_error(mkdir(path, 0755));
		break;
	case 1:
		count_error(symlink(random_below(2) ? "short"
		                                    : PLACE "/" PLACE "/" PLACE "/" PLACE "/" PLACE
		                                            "/" PLACE "/" PLACE "/a-long-one",
		                    path));
		break;
	default:
		fd = open(path, O_CREAT | O_WRONLY, 0644);
		count_error(fd);
		count_error(write(fd, path, sizeof(path)));
		close(fd);
	}
}

static void visit(const char *directory, int depth)
{
	DIR *stream = opendir(directory);
	struct dirent *entry;
	char path[512], target[300];
	struct stat st;

	if (!stream) {
		errors++;
		return;
	}
	while (steps < STEPS && (entry = readdir(stream))) {
		steps++;
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name) >=
		    (int)sizeof(path))
			continue;
		if (lstat(path, &st) < 0) {
			errors++;
			continue;
		}
		if (S_ISDIR(st.st_mode) && depth < DEPTH)
			visit(path, depth + 1);
		else if (S_ISREG(st.st_mode))
			use_file(path);
		else if (S_ISLNK(st.st_mode))
			count_error(readlink(path, target, sizeof(target)));
		if (random_below(3) == 0)
			change_name(path);
		if (random_below(4) == 0)
			add_names(directory);
	}
	closedir(stream);
}

static void use_one(const char *disk)
{
	struct statfs room;

	if (mount(disk, PLACE, "ext2", random_below(4) ? 0 : MS_RDONLY, NULL) < 0)
		return;
	mounted++;
	steps = 0;
	count_error(statfs(PLACE, &room));
	visit(PLACE, 0);
	add_names(PLACE);
	if (random_below(3) == 0)
		sync();
	if (umount(PLACE) < 0) {
		errors++;
		if (umount2(PLACE, MNT_FORCE) < 0)
			fail("cannot be unmounted at all", PLACE);
	}
}

static void load(const char *path)
{
	int fd = open(path, O_RDONLY);
	off_t end = lseek(fd, 0, SEEK_END);

	size = (size_t)end;
	original = end > 0 ? malloc(size) : NULL;
	bytes = end > 0 ? malloc(size) : NULL;
	if (fd < 0 || !original || !bytes || pread(fd, original, size, 0) != end)
		fail("read", path);
	close(fd);
}

int spoil(const char *disk, const char *from, uint64_t seed, uint64_t count)
{
	load(from);
	for (uint64_t i = 0; i < count; i++) {
		int fd = open(disk, O_WRONLY);

		/* Each image by a number of its own, so that one can be made again alone. */
		random_start(seed + i);
		break_copy();
		mend_superblock();
		if (fd < 0 || pwrite(fd, bytes, size, 0) != (ssize_t)size || close(fd) < 0)
			fail("write", disk);
		use_one(disk);
	}
	printf("%llu images, %llu mounted, %llu errors\n", (unsigned long long)count,
	       (unsigned long long)mounted, (unsigned long long)errors);
	return 0;
}
