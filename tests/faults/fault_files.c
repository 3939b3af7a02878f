/* SPDX-License-Identifier: MIT
 *
 * Files and directories against a model in this program's memory. A call that was refused has
 * either done all or nothing: the next look says which, and the model follows.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "fault_load.h"

#define HOME        "/tmp/load"
#define DIRECTORIES 3
#define SLOTS       9 /* of files: slot S lies in directory S % DIRECTORIES */
#define LENGTH_MAX  20000
#define TRIES       4 /* of a look that is refused */

/* What a name stands for. */
struct state {
	bool exists;
	mode_t mode;
	size_t length;
	unsigned char content[LENGTH_MAX];
};

static struct state now[SLOTS], next;
static unsigned char found[LENGTH_MAX + 1];
static int uncertain = -1; /* the slot whose last change was refused, `next` the other state */

static const char *path_of(int slot)
{
	static char paths[2][64];
	static int turn;

	turn = !turn;
	snprintf(paths[turn], sizeof(paths[turn]), HOME "/d%d/file-%d", slot % DIRECTORIES, slot);
	return paths[turn];
}

static const char *directory_of(int number)
{
	static char path[64];

	snprintf(path, sizeof(path), HOME "/d%d", number);
	return path;
}

/* Its length, or -1 with errno. */
static ssize_t read_whole(const char *path)
{
	size_t total = 0;
	ssize_t got = 0;
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return -1;
	while (total < sizeof(found) && (got = read(fd, found + total, sizeof(found) - total)) > 0)
		total += (size_t)got;
	close(fd);
	return got < 0 ? -1 : (ssize_t)total;
}

static bool is_honest(int error)
{
	return error == EIO || error == ENOMEM || error == ENOSPC;
}

/* NULL when the object is as `state` says, else how it differs; *failed when nobody knows. */
static const char *difference(int slot, const struct state *state, bool *failed)
{
	const char *path = path_of(slot);
	struct stat status;
	ssize_t length;

	*failed = false;
	if (lstat(path, &status) < 0) {
		*failed = is_honest(errno);
		return errno == ENOENT && !state->exists ? NULL : "stat fails";
	}
	if (!state->exists)
		return "is there";
	if (!S_ISREG(status.st_mode) || (status.st_mode & 07777) != state->mode)
		return "mode";
	if ((size_t)status.st_size != state->length)
		return "size";
	length = read_whole(path);
	if (length < 0) {
		*failed = is_honest(errno);
		return "read fails";
	}
	if ((size_t)length != state->length)
		return "length";
	return memcmp(found, state->content, state->length) ? "contents" : NULL;
}

/* The object against the model, or against what a refused change wanted it to become. */
static enum result look(int slot, const char *what)
{
	bool failed = false;
	const char *different = NULL;

	for (int i = 0; i < TRIES; i++) {
		different = difference(slot, &now[slot], &failed);
		if (different && !failed && uncertain == slot &&
		    !difference(slot, &next, &failed)) {
			now[slot] = next;
			different = NULL;
		}
		if (!different || !failed)
			break;
	}
	if (failed)
		return refused(what);
	uncertain = uncertain == slot ? -1 : uncertain;
	return different ? wrong(what, different) : DONE;
}

/* A change to the slot has been tried: ok, or errno says why not. `next` is what it makes. */
static enum result changed(int slot, bool ok, const char *what)
{
	enum result result;

	if (ok) {
		now[slot] = next;
		return DONE;
	}
	result = refused(what);
	if (result == FAILED) {
		uncertain = slot;
		(void)look(slot, what);
	}
	return result;
}

/* ---- the changes: each takes a slot that is certain ---- */

static void fill(unsigned char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		bytes[i] = (unsigned char)any_below(256);
}

static enum result write_at(int slot, size_t offset, size_t length, int flags, const char *what)
{
	ssize_t done = -1;
	int fd;

	next = now[slot];
	if (!next.exists)
		next = (struct state){.exists = true, .mode = 0600};
	if (flags & O_TRUNC)
		memset(next.content, 0, next.length), next.length = 0;
	fd = open(path_of(slot), O_WRONLY | O_CREAT | flags, 0600);
	if (fd < 0)
		return changed(slot, false, what);
	/* Made or emptied it is, whatever becomes of the write. */
	now[slot] = next;
	fill(next.content + offset, length);
	if (offset + length > next.length)
		next.length = offset + length;
	done = pwrite(fd, next.content + offset, length, (off_t)offset);
	if (done >= 0 && (size_t)done != length) {
		close(fd);
		return wrong(what, "a short write");
	}
	if (done < 0) {
		int error = errno;

		close(fd);
		errno = error;
	} else {
		close(fd);
	}
	return changed(slot, done >= 0, what);
}

static enum result do_create(int slot)
{
	return write_at(slot, 0, 1 + any_below(6000), O_TRUNC, "create");
}

static enum result do_append(int slot)
{
	size_t length = 1 + any_below(3000);

	if (now[slot].length + length > LENGTH_MAX)
		return do_create(slot);
	return write_at(slot, now[slot].length, length, 0, "append");
}

static enum result do_overwrite(int slot)
{
	return write_at(slot, any_below((uint32_t)now[slot].length + 1), 1 + any_below(2000), 0,
	                "overwrite");
}

static enum result do_truncate(int slot)
{
	size_t length = any_below(8000);

	next = now[slot];
	if (!next.exists)
		return do_create(slot);
	if (length < next.length)
		memset(next.content + length, 0, next.length - length);
	next.length = length;
	return changed(slot, truncate(path_of(slot), (off_t)length) == 0, "truncate");
}

static enum result do_chmod(int slot)
{
	next = now[slot];
	if (!next.exists)
		return do_create(slot);
	next.mode = 0400 | any_below(01000);
	return changed(slot, chmod(path_of(slot), next.mode) == 0, "chmod");
}

static enum result do_unlink(int slot)
{
	next = now[slot];
	if (!next.exists)
		return do_create(slot);
	next.exists = false;
	memset(next.content, 0, sizeof(next.content));
	next.length = 0;
	return changed(slot, unlink(path_of(slot)) == 0, "unlink");
}

/* To its own second name and back: over a link of another directory. */
static enum result do_rename(int slot)
{
	char aside[64];

	if (!now[slot].exists)
		return do_create(slot);
	snprintf(aside, sizeof(aside), HOME "/d%d/aside", (slot + 1) % DIRECTORIES);
	if (rename(path_of(slot), aside) < 0)
		return refused("rename");
	for (int i = 0; i < TRIES; i++) {
		if (rename(aside, path_of(slot)) == 0)
			return DONE;
		if (refused("rename back") == WRONG)
			return WRONG;
	}
	/* It stays aside: a name that the model does not know. */
	now[slot] = (struct state){.exists = false};
	unlink(aside);
	return FAILED;
}

static enum result do_link(int slot)
{
	char second[64];
	struct stat status;
	enum result result = DONE;

	if (!now[slot].exists)
		return do_create(slot);
	snprintf(second, sizeof(second), HOME "/d%d/second", (slot + 2) % DIRECTORIES);
	if (link(path_of(slot), second) < 0)
		return refused("link");
	if (stat(second, &status) < 0)
		result = refused("stat of a link");
	else if (status.st_nlink != 2 || (size_t)status.st_size != now[slot].length)
		result = wrong("link", "count or size");
	for (int i = 0; i < TRIES && unlink(second) < 0; i++)
		if (errno == ENOENT || refused("unlink of a link") == WRONG)
			break;
	return result;
}

static enum result do_symlink(int slot)
{
	char target[64] = "", name[64];
	ssize_t length;
	enum result result = DONE;

	snprintf(name, sizeof(name), HOME "/d%d/symbolic", slot % DIRECTORIES);
	if (symlink(path_of(slot), name) < 0)
		return refused("symlink");
	length = readlink(name, target, sizeof(target) - 1);
	if (length < 0)
		result = refused("readlink");
	else if (strcmp(target, path_of(slot)))
		result = wrong("readlink", "another target");
	for (int i = 0; i < TRIES && unlink(name) < 0; i++)
		if (errno == ENOENT || refused("unlink of a symbolic link") == WRONG)
			break;
	return result;
}

static enum result do_mkdir(int slot)
{
	char name[64];

	snprintf(name, sizeof(name), HOME "/d%d/inner", slot % DIRECTORIES);
	if (mkdir(name, 0700) < 0)
		return refused("mkdir");
	for (int i = 0; i < TRIES && rmdir(name) < 0; i++)
		if (errno == ENOENT || refused("rmdir") == WRONG)
			break;
	return DONE;
}

static enum result do_look(int slot)
{
	return look(slot, "look");
}

static enum result do_statfs(int slot)
{
	struct statfs statistics;

	(void)slot;
	if (statfs(HOME, &statistics) < 0)
		return refused("statfs");
	return statistics.f_bsize == 4096 ? DONE : wrong("statfs", "block size");
}

/* The names of a directory are those of the model, each once. */
static enum result do_list(int slot)
{
	int number = slot % DIRECTORIES, expected = 0, seen = 0, unknown = 0;
	struct dirent *entry;
	DIR *directory = opendir(directory_of(number));

	if (!directory)
		return refused("opendir");
	for (errno = 0; (entry = readdir(directory)) != NULL; errno = 0) {
		int name = -1;

		if (sscanf(entry->d_name, "file-%d", &name) == 1 && name >= 0 && name < SLOTS &&
		    now[name].exists)
			seen++;
		else if (entry->d_name[0] != '.')
			unknown++;
	}
	if (errno) {
		closedir(directory);
		return refused("readdir");
	}
	closedir(directory);
	for (int i = number; i < SLOTS; i += DIRECTORIES)
		expected += now[i].exists;
	return seen == expected && !unknown ? DONE : wrong("readdir", "other names");
}

static enum result (*const kinds[])(int) = {
        do_create, do_append, do_append, do_overwrite, do_truncate,
        do_chmod,  do_unlink, do_rename, do_link,      do_symlink,
        do_mkdir,  do_look,   do_look,   do_statfs,    do_list,
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static enum result step(uint32_t kind, int slot)
{
	/* A change that was refused is looked into before another one is made to it. */
	if (uncertain >= 0 && look(uncertain, "look") == FAILED)
		return FAILED;
	return kinds[kind](slot);
}

enum result files_step(void)
{
	uint32_t kind = any_below(KINDS);

	return step(kind, (int)any_below(SLOTS));
}

enum result files_tour(void)
{
	enum result worst = DONE;

	for (uint32_t kind = 0; kind < KINDS; kind++) {
		enum result result = step(kind, (int)any_below(SLOTS));

		worst = result > worst ? result : worst;
	}
	return worst;
}

void files_start(void)
{
	mkdir(HOME, 0700);
	for (int i = 0; i < DIRECTORIES; i++)
		mkdir(directory_of(i), 0700);
	for (int slot = 0; slot < SLOTS; slot++)
		do_create(slot);
}

void files_check(void)
{
	bool failed;

	for (int slot = 0; slot < SLOTS; slot++) {
		const char *different;

		if (uncertain == slot)
			(void)look(slot, "look");
		different = difference(slot, &now[slot], &failed);
		if (different)
			printf("lost %s: %s (%s)\n", path_of(slot), different, strerror(errno));
	}
	for (int number = 0; number < DIRECTORIES; number++)
		if (do_list(number) != DONE)
			printf("lost %s: names\n", directory_of(number));
}

/* A removal that is refused is tried again: what stays would be taken for a leak. */
static void remove_at_the_end(int (*call)(const char *), const char *path)
{
	for (int i = 0; i < TRIES && call(path) < 0; i++)
		if (refused("removal at the end") == WRONG)
			break;
}

void files_end(void)
{
	for (int slot = 0; slot < SLOTS; slot++) {
		if (now[slot].exists)
			remove_at_the_end(unlink, path_of(slot));
		now[slot] = (struct state){.exists = false};
	}
	for (int i = 0; i < DIRECTORIES; i++)
		remove_at_the_end(rmdir, directory_of(i));
	remove_at_the_end(rmdir, HOME);
	uncertain = -1;
}
