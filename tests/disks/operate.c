/* SPDX-License-Identifier: MIT
 *
 * Files and directories against a model: a tree of two levels, each of whose names is free, a file
 * (of which others may be names too), a link or a directory. Each answer is what the model says;
 * now and then all of it is compared, after the disk was unmounted and mounted again.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk_load.h"

#define DIRECTORIES 6u
#define NAMES       12u /* of each */
#define FILES       (DIRECTORIES * NAMES)
#define LARGEST     120000u
#define BETWEEN     5000u /* operations between two mounts */

struct model_file {
	uint32_t links, size, mode;
	uint8_t bytes[LARGEST];
};

enum what { NOTHING, FILE_NAME, LINK_NAME };

struct name {
	enum what what;
	struct model_file *file;
	uint32_t target; /* of a link; no other has it */
};

static struct model_file files[FILES];
static struct name names[DIRECTORIES][NAMES];
static uint32_t links_made;
static uint64_t full; /* answers that there is no room */

static const char *path_of(uint32_t directory, uint32_t name)
{
	static char paths[4][32];
	static unsigned int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "d%u/name-of-%u", directory, name);
	return path;
}

static _Noreturn void differ(const char *what, const char *path)
{
	errno = 0;
	fail(what, path);
}

static void expect(bool good, const char *what, const char *path)
{
	if (!good)
		fail(what, path);
}

static struct model_file *new_file(void)
{
	for (unsigned int i = 0; i < FILES; i++)
		if (files[i].links == 0)
			return &files[i];
	abort();
}

/* ---- operations: a name, by its place ---- */

static void create(const char *path, struct name *name)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);

	if (name->what != NOTHING) {
		expect(fd < 0 && errno == EEXIST, "create over", path);
		return;
	}
	if (fd < 0 && errno == ENOSPC) {
		full++;
		return;
	}
	expect(fd >= 0 && close(fd) == 0, "create", path);
	name->what = FILE_NAME;
	name->file = new_file();
	name->file->links = 1;
	name->file->size = 0;
	name->file->mode = 0600;
}

static void change(const char *path, struct model_file *file)
{
	static uint8_t bytes[20000];
	uint32_t at = (uint32_t)random_below(file->size + 9000),
	         size = 1 + (uint32_t)random_below(19999);
	int fd = open(path, O_WRONLY);
	ssize_t written;

	if (at >= LARGEST)
		at = LARGEST - 1;
	if (size > LARGEST - at)
		size = LARGEST - at;
	for (uint32_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(random_next() >> 56);
	written = pwrite(fd, bytes, size, at);
	if (written < 0 && errno == ENOSPC) {
		written = 0;
		full++;
	}
	expect(fd >= 0 && written >= 0 && (random_below(8) || fsync(fd) == 0) && close(fd) == 0,
	       "write", path);
	if (written && at > file->size)
		memset(file->bytes + file->size, 0, at - file->size);
	memcpy(file->bytes + at, bytes, (size_t)written);
	if (written && at + (uint32_t)written > file->size)
		file->size = at + (uint32_t)written;
}

static void cut(const char *path, struct model_file *file)
{
	uint32_t size = (uint32_t)random_below(file->size + 5000);

	if (size > LARGEST)
		size = LARGEST;
	expect(truncate(path, size) == 0, "truncate", path);
	if (size > file->size)
		memset(file->bytes + file->size, 0, size - file->size);
	file->size = size;
}

static void compare(const char *path, const struct model_file *file)
{
	static uint8_t bytes[LARGEST + 1];
	struct stat st;
	int fd = open(path, O_RDONLY);
	ssize_t size = read(fd, bytes, sizeof(bytes));

	expect(fd >= 0 && size >= 0 && fstat(fd, &st) == 0 && close(fd) == 0, "read", path);
	if (size != (ssize_t)file->size || memcmp(bytes, file->bytes, file->size) != 0)
		differ("contents differ", path);
	if (st.st_nlink != file->links || (st.st_mode & 07777) != file->mode || st.st_size != size)
		differ("attributes differ", path);
}

static void drop(struct name *name)
{
	if (name->what == FILE_NAME)
		name->file->links--;
	name->what = NOTHING;
}

static void move(const char *path, struct name *name, const char *to, struct name *over)
{
	/* rename(2): of two names of one file nothing is changed. */
	bool same = name == over || (name->what == over->what &&
	                             (name->what == FILE_NAME ? name->file == over->file
	                                                      : name->target == over->target));

	expect(rename(path, to) == 0, "rename", path);
	if (same)
		return;
	drop(over);
	*over = *name;
	name->what = NOTHING;
}

static void add_name(const char *path, struct name *name, const char *to, struct name *over)
{
	int error = link(path, to);

	if (over->what != NOTHING) {
		expect(error && errno == EEXIST, "link over", to);
		return;
	}
	expect(error == 0, "link", to);
	*over = *name;
	if (name->what == FILE_NAME)
		name->file->links++;
}

static void add_link(const char *path, struct name *name)
{
	uint32_t target = ++links_made;
	char text[128];
	int error;

	/* Short ones lie in the inode, long ones in a block. */
	snprintf(text, sizeof(text), target % 2 ? "%u" : "%0100u", target);
	error = symlink(text, path);
	if (error && errno == ENOSPC) {
		full++;
		return;
	}
	expect(name->what == NOTHING ? error == 0 : error && errno == EEXIST, "symlink", path);
	if (name->what != NOTHING)
		return;
	name->what = LINK_NAME;
	name->target = target;
}

static void compare_link(const char *path, const struct name *name)
{
	char text[128], found[128];
	int length = snprintf(text, sizeof(text), name->target % 2 ? "%u" : "%0100u", name->target);

	if (readlink(path, found, sizeof(found)) != length ||
	    memcmp(found, text, (size_t)length) != 0)
		differ("link differs", path);
}

static void compare_name(const char *path, const struct name *name)
{
	struct stat st;

	if (name->what == FILE_NAME)
		compare(path, name->file);
	else if (name->what == LINK_NAME)
		compare_link(path, name);
	else
		expect(lstat(path, &st) < 0 && errno == ENOENT, "a name that is none", path);
}

static void use_file(const char *path, struct name *name)
{
	struct model_file *file = name->file;

	switch (random_below(5)) {
	case 0:
	case 1:
		change(path, file);
		return;
	case 2:
		cut(path, file);
		return;
	case 3:
		file->mode = 0400 | (uint32_t)random_below(01000);
		expect(chmod(path, file->mode) == 0, "chmod", path);
		return;
	default:
		compare(path, file);
	}
}

static void operate_once(void)
{
	uint32_t d = (uint32_t)random_below(DIRECTORIES), n = (uint32_t)random_below(NAMES);
	uint32_t to_d = (uint32_t)random_below(DIRECTORIES), to_n = (uint32_t)random_below(NAMES);
	struct name *name = &names[d][n], *other = &names[to_d][to_n];
	const char *path = path_of(d, n), *to = path_of(to_d, to_n);
	uint64_t chosen = random_below(10);

	if (chosen < 2 || (chosen < 9 && name->what == NOTHING)) {
		create(path, name);
	} else if (chosen == 9) {
		add_link(path, name);
	} else if (chosen == 2) {
		expect(unlink(path) == 0, "unlink", path);
		drop(name);
	} else if (chosen == 3) {
		move(path, name, to, other);
	} else if (chosen == 4) {
		add_name(path, name, to, other);
	} else if (name->what == FILE_NAME) {
		use_file(path, name);
	} else {
		compare_name(path, name);
	}
}

/* ---- all of it ---- */

static void compare_all(const char *directory)
{
	/* Nothing of it stays in memory. */
	expect(chdir("/") == 0 && umount(directory) == 0, "umount", directory);
	expect(mount("/dev/vda", directory, "ext2", 0, NULL) == 0 && chdir(directory) == 0, "mount",
	       directory);
	for (uint32_t d = 0; d < DIRECTORIES; d++)
		for (uint32_t n = 0; n < NAMES; n++)
			compare_name(path_of(d, n), &names[d][n]);
}

static void remove_all(void)
{
	char path[16];

	for (uint32_t d = 0; d < DIRECTORIES; d++) {
		for (uint32_t n = 0; n < NAMES; n++)
			if (names[d][n].what != NOTHING)
				expect(unlink(path_of(d, n)) == 0, "unlink", path_of(d, n));
		snprintf(path, sizeof(path), "d%u", d);
		expect(rmdir(path) == 0, "rmdir", path);
	}
}

int operate(const char *directory, uint64_t seed, uint64_t count)
{
	char path[16];

	random_start(seed);
	expect(chdir(directory) == 0, "chdir", directory);
	for (uint32_t d = 0; d < DIRECTORIES; d++) {
		snprintf(path, sizeof(path), "d%u", d);
		expect(mkdir(path, 0755) == 0, "mkdir", path);
	}
	for (uint64_t i = 1; i <= count; i++) {
		operate_once();
		if (i % BETWEEN == 0 || i == count)
			compare_all(directory);
	}
	if (random_below(2))
		remove_all();
	printf("%llu operations, %llu without room\n", (unsigned long long)count,
	       (unsigned long long)full);
	return 0;
}
