/* SPDX-License-Identifier: MIT
 *
 * Names that are exchanged (renameat2(2), RENAME_EXCHANGE), files without a name (open(2),
 * O_TMPFILE; linkat(2), AT_EMPTY_PATH), and the holes of sparse files (lseek(2)).
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "contract.h"

#define NOREPLACE 1u
#define EXCHANGE  2u

static long exchange(const char *a, const char *b)
{
	return syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, EXCHANGE);
}

static void say_text(const char *name)
{
	char text[32] = "";
	int fd = open(name, O_RDONLY);

	(void)!read(fd, text, sizeof(text) - 1);
	SAY("%s: %s", name, fd < 0 ? "is not there" : text);
	close(fd);
}

static void say_links(const char *name)
{
	struct stat st;

	SAY("%s: %ld links", name, lstat(name, &st) ? -1L : (long)st.st_nlink);
}

CASE(exchange_of_files)
{
	close(make_file("a", "first"));
	close(make_file("b", "second"));
	mkdir("d", 0700);
	close(make_file("d/c", "third"));
	SHOW(exchange("a", "b"));
	say_text("a");
	say_text("b");
	SHOW(exchange("a", "d/c"));
	say_text("a");
	say_text("d/c");
	SHOW(exchange("a", "a"));
	SHOW(link("a", "hard"));
	SHOW(exchange("a", "hard"));
	say_links("a");
	SHOW(symlink("nowhere", "link"));
	SHOW(exchange("link", "a"));
	say_text("link");
	say_links("a");
	SHOW(unlink("a"));
	SHOW(unlink("link"));
	say_text("hard");
}

CASE(exchange_of_directories)
{
	char path[256], *name;
	int fd;

	mkdir("a", 0700);
	mkdir("a/below", 0700);
	mkdir("b", 0700);
	mkdir("b/x", 0700);
	mkdir("b/y", 0700);
	close(make_file("file", "text"));
	SHOW(exchange("a", "b"));
	say_links("a");
	say_links("b");
	SHOW(exchange("a/x", "b/below"));
	SHOW(exchange("a/y", "file"));
	say_links("a");
	say_links(".");
	say_text("a/y");
	fd = open("a/x", O_RDONLY | O_DIRECTORY);
	SHOW(exchange("a/x", "b"));
	SHOW(fchdir(fd));
	name = getcwd(path, sizeof(path));
	SAY("cwd ends in %s", name ? strrchr(name, '/') : "nothing");
	SHOW(access("../a", F_OK));
	SHOW(access("../a/x/below", F_OK));
	say_links("../a");
	say_links("..");
}

CASE(exchange_is_refused)
{
	mkdir("a", 0700);
	mkdir("a/b", 0700);
	mkdir("a/b/c", 0700);
	close(make_file("file", "text"));
	close(make_file("other", "text"));
	SHOW(exchange("a", "none"));
	SHOW(exchange("none", "a"));
	SHOW(exchange("a", "a/b"));
	SHOW(exchange("a/b/c", "a"));
	SHOW(exchange("file", "a/b/c"));
	SHOW(exchange("a/b/c", "."));
	SHOW(exchange("a/..", "file"));
	SHOW(exchange("file/", "a"));
	SHOW(exchange("a", "other/"));
	SHOW(exchange("a/", "other"));
	SHOW(exchange("other/", "file"));
	SHOW(exchange("a", ""));
	SHOW(syscall(SYS_renameat2, AT_FDCWD, "file", AT_FDCWD, "other", NOREPLACE | EXCHANGE));
	SHOW(syscall(SYS_renameat2, AT_FDCWD, "file", AT_FDCWD, "other", NOREPLACE));
	SHOW(syscall(SYS_renameat2, AT_FDCWD, "file", AT_FDCWD, "other", 8));
}

/* Who moves a directory to another one changes what ".." in it is. */
CASE(directories_that_may_not_be_changed_do_not_move)
{
	mkdir("a", 0700);
	mkdir("fixed", 0500);
	mkdir("a/other", 0500);
	SHOW(rename("fixed", "renamed"));
	SHOW(rename("renamed", "a/fixed"));
	SHOW(exchange("renamed", "a/other"));
	chmod("renamed", 0700);
	SHOW(exchange("renamed", "a/other"));
	chmod("a/other", 0700);
	SHOW(exchange("renamed", "a/other"));
	SHOW(rename("renamed", "a/fixed"));
}

CASE(exchange_is_told_to_who_watches)
{
	int in = inotify_init1(IN_NONBLOCK);
	char buffer[1024];
	long size;
	uint32_t cookie = 0;

	mkdir("d", 0700);
	mkdir("d/b", 0700);
	close(make_file("a", "text"));
	inotify_add_watch(in, ".", IN_MOVE);
	inotify_add_watch(in, "d", IN_MOVE);
	inotify_add_watch(in, "a", IN_MOVE_SELF | IN_ATTRIB);
	inotify_add_watch(in, "d/b", IN_MOVE_SELF | IN_ATTRIB);
	SHOW(exchange("a", "d/b"));
	size = read(in, buffer, sizeof(buffer));
	for (char *at = buffer; at < buffer + size;) {
		const struct inotify_event *event = (void *)at;

		SAY("%d %#x %s %s", event->wd, event->mask, event->len ? event->name : "",
		    event->cookie == cookie ? "again" : "anew");
		cookie = event->cookie;
		at += sizeof(*event) + event->len;
	}
}

#define ROUNDS 500

/* Whoever looks sees one of the two, never none. */
CASE(exchange_is_one_step)
{
	int missing = 0;
	pid_t child;

	close(make_file("a", "first"));
	close(make_file("b", "second"));
	fflush(stdout);
	child = fork();
	if (child == 0) {
		for (int i = 0; i < ROUNDS; i++)
			exchange("a", "b");
		_exit(0);
	}
	for (int i = 0; i < ROUNDS; i++)
		missing += access("a", F_OK) != 0 || access("b", F_OK) != 0;
	SHOW(missing);
	SHOW(waitpid(child, NULL, 0) == child);
	say_text("b");
}

static char self_path[64];

static const char *path_of(int fd)
{
	snprintf(self_path, sizeof(self_path), "/proc/self/fd/%d", fd);
	return self_path;
}

CASE(nameless_files)
{
	struct stat st;
	char text[8] = "";
	int fd;

	mkdir("d", 0700);
	umask(027);
	fd = open("d", O_TMPFILE | O_RDWR, 0666);
	SHOW(fd);
	SHOW(fstat(fd, &st));
	SAY("%ld links, mode %o, size %ld", (long)st.st_nlink, st.st_mode, (long)st.st_size);
	SHOW(write(fd, "text", 4));
	SHOW(pread(fd, text, sizeof(text), 0));
	SHOW(fcntl(fd, F_GETFL) & (O_ACCMODE | O_TMPFILE));
	SHOW(rmdir("d"));
	SHOW(ftruncate(fd, 2));
	SHOW(pread(fd, text, sizeof(text), 0));
	SHOW(close(fd));
}

CASE(nameless_files_get_a_name)
{
	int fd = open(".", O_TMPFILE | O_WRONLY, 0600);

	SHOW(write(fd, "text", 4));
	SHOW(linkat(AT_FDCWD, path_of(fd), AT_FDCWD, "name", AT_SYMLINK_FOLLOW));
	say_text("name");
	say_links("name");
	SHOW(linkat(AT_FDCWD, path_of(fd), AT_FDCWD, "name", AT_SYMLINK_FOLLOW));
	SHOW(linkat(AT_FDCWD, path_of(fd), AT_FDCWD, "other", AT_SYMLINK_FOLLOW));
	say_links("name");
	SHOW(unlink("name"));
	SHOW(unlink("other"));
	SHOW(linkat(AT_FDCWD, path_of(fd), AT_FDCWD, "late", AT_SYMLINK_FOLLOW));
	SHOW(close(fd));
	fd = open(".", O_TMPFILE | O_WRONLY, 0600);
	SHOW(write(fd, "more", 4));
	SHOW(linkat(AT_FDCWD, path_of(fd), AT_FDCWD, "stays", AT_SYMLINK_FOLLOW));
	SHOW(close(fd));
	say_text("stays");
}

CASE(nameless_files_that_stay_so)
{
	int fd = open(".", O_TMPFILE | O_EXCL | O_RDWR, 0600);
	int memory = (int)syscall(SYS_memfd_create, "memory", 0);

	SHOW(linkat(AT_FDCWD, path_of(fd), AT_FDCWD, "name", AT_SYMLINK_FOLLOW));
	SHOW(linkat(AT_FDCWD, path_of(memory), AT_FDCWD, "name", AT_SYMLINK_FOLLOW) == -1);
	SHOW(access("name", F_OK));
}

CASE(nameless_files_are_refused)
{
	int missing = open("d", O_TMPFILE | O_RDWR, 0600);

	SHOW(missing);
	SHOW(errno);
	mkdir("closed", 0500);
	close(make_file("file", "text"));
	SHOW(open(".", O_TMPFILE | O_RDONLY, 0600));
	SHOW(open(".", O_TMPFILE | O_RDWR | O_CREAT, 0600));
	SHOW(open(".", (O_TMPFILE & ~O_DIRECTORY) | O_RDWR, 0600));
	SHOW(open("file", O_TMPFILE | O_RDWR, 0600));
	SHOW(open("closed", O_TMPFILE | O_RDWR, 0600));
	SHOW(open("/proc", O_TMPFILE | O_RDWR, 0600) == -1);
}

CASE(links_to_descriptors)
{
	int fd = make_file("file", "text"), directory = open(".", O_RDONLY | O_DIRECTORY);
	int handle;

	symlink("file", "symbolic");
	handle = open("symbolic", O_PATH | O_NOFOLLOW);
	SHOW(linkat(fd, "", AT_FDCWD, "hard", AT_EMPTY_PATH));
	say_links("file");
	SHOW(linkat(fd, "", directory, "file", AT_EMPTY_PATH));
	SHOW(linkat(directory, "", AT_FDCWD, "directory", AT_EMPTY_PATH));
	SHOW(linkat(handle, "", AT_FDCWD, "link", AT_EMPTY_PATH));
	say_links("link");
	SHOW(linkat(fd, "", AT_FDCWD, "more", 0));
	SHOW(linkat(99, "", AT_FDCWD, "more", AT_EMPTY_PATH));
	SHOW(linkat(fd, "", AT_FDCWD, "more", AT_EMPTY_PATH | 1));
	SHOW(unlink("file"));
	SHOW(unlink("hard"));
	SHOW(linkat(fd, "", AT_FDCWD, "late", AT_EMPTY_PATH));
}

#define PAGE 4096L

CASE(seeking_data_and_holes)
{
	int fd = make_file("file", "");

	SHOW(lseek(fd, 0, SEEK_DATA));
	SHOW(lseek(fd, 0, SEEK_HOLE));
	SHOW(pwrite(fd, "x", 1, 4 * PAGE + 10));
	SHOW(pwrite(fd, "x", 1, 5 * PAGE));
	SHOW(pwrite(fd, "x", 1, 70000 * PAGE));
	SHOW(ftruncate(fd, 90000 * PAGE + 1));
	SHOW(lseek(fd, 0, SEEK_DATA) / PAGE);
	SHOW(lseek(fd, 0, SEEK_HOLE));
	SHOW(lseek(fd, 100, SEEK_HOLE));
	SHOW(lseek(fd, 4 * PAGE, SEEK_DATA) / PAGE);
	SHOW(lseek(fd, 4 * PAGE + 20, SEEK_DATA) - 4 * PAGE);
	SHOW(lseek(fd, 4 * PAGE + 20, SEEK_HOLE) / PAGE);
	SHOW(lseek(fd, 0, SEEK_CUR) / PAGE);
	SHOW(lseek(fd, 6 * PAGE + 1, SEEK_DATA) / PAGE);
	SHOW(lseek(fd, 70000 * PAGE, SEEK_HOLE) / PAGE);
	SHOW(lseek(fd, 70001 * PAGE, SEEK_DATA));
	SHOW(lseek(fd, 90000 * PAGE, SEEK_HOLE) - 90000 * PAGE);
	SHOW(lseek(fd, 90000 * PAGE + 1, SEEK_HOLE));
	SHOW(lseek(fd, 90000 * PAGE + 1, SEEK_DATA));
	SHOW(lseek(fd, -1, SEEK_DATA));
	SHOW(lseek(fd, -1, SEEK_HOLE));
	SHOW(lseek(fd, 0, 5));
}

CASE(seeking_the_end_of_data)
{
	int fd = make_file("file", "text");
	int ends[2];

	SHOW(lseek(fd, 2, SEEK_DATA));
	SHOW(lseek(fd, 2, SEEK_HOLE));
	SHOW(lseek(fd, 4, SEEK_DATA));
	SHOW(lseek(fd, 4, SEEK_HOLE));
	SHOW(ftruncate(fd, PAGE));
	SHOW(lseek(fd, 0, SEEK_HOLE));
	SHOW(ftruncate(fd, 1L << 40));
	SHOW(lseek(fd, PAGE, SEEK_DATA));
	SHOW(lseek(fd, 1, SEEK_HOLE));
	SHOW(pipe(ends));
	SHOW(lseek(ends[0], 0, SEEK_DATA));
	SHOW(lseek(99, 0, SEEK_DATA));
}
