/* SPDX-License-Identifier: MIT
 *
 * Directories and names: mkdir(2), rename(2), link(2), symlink(2), chdir(2), getdents(2).
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "contract.h"

static long mode_of(const char *path)
{
	struct stat status;

	return lstat(path, &status) ? -1 : (long)status.st_mode;
}

static long links_of(const char *path)
{
	struct stat status;

	return lstat(path, &status) ? -1 : (long)status.st_nlink;
}

CASE(mkdir_and_rmdir)
{
	SHOW(mkdir("a", 0777));
	SHOW(mode_of("a"));
	SHOW(mkdir("a", 0777));
	SHOW(mkdir("a/b", 01777));
	SHOW(mode_of("a/b"));
	SHOW(links_of("a"));
	SHOW(rmdir("a"));
	SHOW(mkdir("a/c/d", 0777));
	SHOW(mkdir("", 0777));
	SHOW(mkdir("a/", 0777));
	SHOW(mkdir("e/", 0700));
	SHOW(mkdir("/", 0777));
	SHOW(mkdir(".", 0777));
	make_file("file", "");
	SHOW(mkdir("file", 0777));
	SHOW(mkdir("file/x", 0777));
	SHOW(mkdirat(99, "x", 0777));
	SHOW(mkdir((void *)8, 0777));
}

CASE(names_that_are_too_long)
{
	static char name[300], path[PATH_MAX + 10];

	memset(name, 'n', 255);
	SHOW(mkdir(name, 0700) == 0);
	name[255] = 'n';
	SHOW(mkdir(name, 0700) == -1 && errno == ENAMETOOLONG);
	SHOW(open(name, O_CREAT | O_RDWR, 0600) == -1 && errno == ENAMETOOLONG);
	memset(path, '/', PATH_MAX - 2);
	path[PATH_MAX - 2] = '.';
	SHOW(access(path, F_OK) == 0);
	path[PATH_MAX - 1] = '.';
	SHOW(access(path, F_OK) == -1 && errno == ENAMETOOLONG);
}

CASE(rename_files)
{
	make_file("a", "text");
	make_file("b", "other");
	SHOW(rename("a", "b"));
	SHOW(mode_of("a"));
	SHOW(access("b", F_OK));
	SHOW(rename("a", "b"));
	SHOW(rename("b", "none/b"));
	SHOW(rename("b", "b"));
	SHOW(link("b", "c"));
	SHOW(rename("b", "c")); /* two names of one file: nothing happens */
	SHOW(links_of("c"));
	SHOW(rename("b", "b/x"));
	SHOW(rename("b/", "d"));
	SHOW(rename("", "d"));
	SHOW(rename("b", ""));
}

CASE(rename_directories)
{
	mkdir("a", 0755);
	mkdir("a/b", 0755);
	mkdir("c", 0755);
	make_file("file", "");
	SHOW(rename("a", "a/b/x"));
	SHOW(rename("a", "file"));
	SHOW(rename("file", "a"));
	SHOW(rename("c", "a"));
	SHOW(rename("a", "c"));
	SHOW(access("c/b", F_OK));
	SHOW(links_of("c"));
	SHOW(rename("c", "."));
	SHOW(rename(".", "d"));
	SHOW(rename("c/..", "d"));
	SHOW(rename("c/b", "e"));
	SHOW(links_of("c"));
	SHOW(syscall(SYS_renameat2, AT_FDCWD, "e", AT_FDCWD, "c", 1));
	SHOW(syscall(SYS_renameat2, AT_FDCWD, "e", AT_FDCWD, "f", 1));
	SHOW(syscall(SYS_renameat2, AT_FDCWD, "f", AT_FDCWD, "g", 8));
	SHOW(syscall(SYS_renameat2, AT_FDCWD, "f", AT_FDCWD, "c", 3));
}

CASE(hard_links)
{
	make_file("a", "text");
	mkdir("d", 0755);
	SHOW(link("a", "b"));
	SHOW(links_of("a"));
	SHOW(link("a", "b"));
	SHOW(link("none", "c"));
	SHOW(link("a", "none/c"));
	SHOW(link("d", "e"));
	SHOW(link("a", "d"));
	SHOW(link("", "c"));
	SHOW(link("a", "c/"));
	symlink("a", "s");
	SHOW(link("s", "t"));
	SHOW(mode_of("t") == mode_of("s"));
	SHOW(linkat(AT_FDCWD, "s", AT_FDCWD, "u", AT_SYMLINK_FOLLOW));
	SHOW(links_of("a"));
	SHOW(linkat(AT_FDCWD, "a", AT_FDCWD, "v", 1));
	SHOW(unlink("b"));
	SHOW(links_of("a"));
}

CASE(symbolic_links)
{
	char text[16];

	SHOW(symlink("file", "a"));
	SHOW(symlink("file", "a"));
	SHOW(symlink("", "b"));
	SHOW(symlink("x", ""));
	SHOW(mode_of("a"));
	SHOW(access("a", F_OK));
	SHOW(readlink("a", text, sizeof(text)));
	SHOW(open("a", O_WRONLY | O_CREAT, 0600) >= 0);
	SHOW(access("file", F_OK));
	SHOW(open("a", O_WRONLY | O_CREAT | O_EXCL, 0600));
	SHOW(symlink("loop", "loop"));
	SHOW(access("loop", F_OK));
	SHOW(open("loop", O_RDONLY));
	SHOW(chmod("loop", 0600));
	SHOW(symlink("a/", "slash"));
	SHOW(access("slash", F_OK));
	SHOW(unlink("a"));
	SHOW(access("file", F_OK));
	SHOW(symlinkat("x", 99, "y"));
}

CASE(working_directory)
{
	char path[PATH_MAX], *end;
	int here = open(".", O_RDONLY | O_DIRECTORY);

	mkdir("a", 0755);
	mkdir("a/b", 0755);
	make_file("file", "");
	SHOW(chdir("a/b"));
	SHOW(getcwd(path, sizeof(path)) != NULL);
	end = strrchr(path, '/');
	SAY("in %s", end);
	SHOW(chdir(".."));
	SHOW(access("b", F_OK));
	SHOW(chdir("none"));
	SHOW(chdir("../file"));
	SHOW(chdir(""));
	SHOW(fchdir(here));
	SHOW(access("a/b", F_OK));
	SHOW(fchdir(99));
	SHOW(fchdir(open("file", O_RDONLY)));
	SHOW(syscall(SYS_getcwd, path, 1));
	SHOW(syscall(SYS_getcwd, (void *)8, 4096));
	chmod("a", 0600);
	SHOW(chdir("a"));
}

CASE(removed_working_directory)
{
	char path[PATH_MAX];

	mkdir("gone", 0755);
	chdir("gone");
	SHOW(rmdir("../gone"));
	SHOW(syscall(SYS_getcwd, path, sizeof(path)));
	SHOW(open("file", O_CREAT | O_RDWR, 0600));
	SHOW(mkdir("x", 0700));
	SHOW(access(".", F_OK));
	SHOW(chdir(".."));
	SHOW(access("gone", F_OK));
}

CASE(directories_are_listed)
{
	struct dirent *entry;
	int seen = 0, other = 0, types = 0;
	DIR *directory;

	for (int i = 0; i < 100; i++) {
		char name[16];

		snprintf(name, sizeof(name), "file%d", i);
		close(open(name, O_CREAT | O_WRONLY, 0600));
	}
	mkdir("sub", 0700);
	directory = opendir(".");
	while ((entry = readdir(directory)) != NULL) {
		seen += strncmp(entry->d_name, "file", 4) == 0;
		types += entry->d_type == DT_REG;
		other += entry->d_type == DT_DIR;
	}
	SHOW(seen);
	SHOW(types);
	SHOW(other);
	rewinddir(directory);
	SHOW(readdir(directory) != NULL);
	SHOW(syscall(SYS_getdents64, dirfd(directory), &seen, 1));
}
