/* SPDX-License-Identifier: MIT
 *
 * utime(2), utimes(2), futimesat(2), fchmodat2(2), xattr(7), getdents(2).
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <time.h>
#include <utime.h>

#include "contract.h"

#define SYS_FCHMODAT2 452

static void show_times(const char *path)
{
	struct stat status;

	if (stat(path, &status))
		SAY("%s: errno %d", path, errno);
	else
		SAY("%s: %ld.%09ld %ld.%09ld", path, (long)status.st_atim.tv_sec,
		    status.st_atim.tv_nsec, (long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}

static int is_now(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && labs(status.st_mtim.tv_sec - time(NULL)) <= 2 &&
	       labs(status.st_atim.tv_sec - time(NULL)) <= 2;
}

CASE(utime_seconds)
{
	int64_t times[2] = {1000, 2000};

	make_file("file", "");
	SHOW(syscall(SYS_utime, "file", times));
	show_times("file");
	SHOW(is_now("file"));
	SHOW(syscall(SYS_utime, "file", NULL));
	SHOW(is_now("file"));
	SHOW(syscall(SYS_utime, "none", times));
	SHOW(syscall(SYS_utime, NULL, times));
	SHOW(syscall(SYS_utime, "file", 8));
}

CASE(utimes_microseconds)
{
	int64_t times[4] = {1000, 5, 2000, 999999}, wrong[4] = {0, 1000000, 0, 0};
	int64_t negative[4] = {0, -1, 0, 0};
	int fd = make_file("file", ""), directory = open(".", O_RDONLY);

	SHOW(syscall(SYS_utimes, "file", times));
	show_times("file");
	SHOW(syscall(SYS_utimes, "file", wrong));
	SHOW(syscall(SYS_utimes, "file", negative));
	SHOW(syscall(SYS_utimes, "file", NULL));
	SHOW(is_now("file"));
	SHOW(syscall(SYS_futimesat, directory, "file", times));
	show_times("file");
	SHOW(syscall(SYS_futimesat, fd, NULL, NULL));
	SHOW(is_now("file"));
	SHOW(syscall(SYS_futimesat, fd, "file", times));
	SHOW(syscall(SYS_futimesat, 99, "file", times));
}

CASE(fchmodat2_modes)
{
	struct stat status;
	int fd = make_file("file", "");

	SHOW(symlink("file", "link"));
	SHOW(syscall(SYS_FCHMODAT2, AT_FDCWD, "file", 0640, 0));
	SHOW(stat("file", &status));
	SHOW(status.st_mode & 07777);
	SHOW(syscall(SYS_FCHMODAT2, AT_FDCWD, "file", 0600, AT_SYMLINK_NOFOLLOW));
	SHOW(syscall(SYS_FCHMODAT2, AT_FDCWD, "link", 0604, 0));
	SHOW(syscall(SYS_FCHMODAT2, AT_FDCWD, "link", 0604, AT_SYMLINK_NOFOLLOW));
	SHOW(syscall(SYS_FCHMODAT2, fd, "", 0711, AT_EMPTY_PATH));
	SHOW(syscall(SYS_FCHMODAT2, fd, "", 0711, 0));
	SHOW(syscall(SYS_FCHMODAT2, AT_FDCWD, "file", 0600, AT_REMOVEDIR));
	SHOW(syscall(SYS_FCHMODAT2, 99, "file", 0600, 0));
	SHOW(stat("file", &status));
	SHOW(status.st_mode & 07777);
}

/* procfs has none of a user's on Linux either. */
CASE(xattr_none_there)
{
	int fd = open("/proc/self/status", O_RDONLY), handle = open("/proc/self/status", O_PATH);
	char list[64];

	SHOW(getxattr("/proc/self/status", "user.x", list, sizeof(list)));
	SHOW(lgetxattr("/proc/self/status", "user.x", list, sizeof(list)));
	SHOW(fgetxattr(fd, "user.x", list, sizeof(list)));
	SHOW(fgetxattr(handle, "user.x", list, sizeof(list)));
	SHOW(getxattr("/proc/self/none", "user.x", list, sizeof(list)));
	SHOW(fgetxattr(99, "user.x", list, sizeof(list)));
	SHOW(getxattr("/proc/self/status", "trusted.x", list, sizeof(list)));
	SHOW(getxattr("/proc/self/status", "other.x", list, sizeof(list)));
	SHOW(getxattr("/proc/self/status", "", list, sizeof(list)));
	SHOW(getxattr("/proc/self/status", NULL, list, sizeof(list)));
	SHOW(listxattr("/proc/self/status", list, sizeof(list)));
	SHOW(llistxattr("/proc/self/status", NULL, 0));
	SHOW(flistxattr(fd, list, sizeof(list)));
	SHOW(listxattr("/proc/self/none", list, sizeof(list)));
	SHOW(flistxattr(99, list, sizeof(list)));
}

CASE(xattr_none_to_be_set)
{
	char name[300];
	int fd = make_file("file", "");

	memset(name, 'n', sizeof(name));
	memcpy(name, "user.", 5);
	name[299] = '\0';
	SHOW(symlink("file", "link"));
	SHOW(setxattr("file", "user.x", "v", 1, 4));
	SHOW(setxattr("file", "user.x", "v", 65537, 0));
	SHOW(setxattr("file", name, "v", 1, 0));
	SHOW(setxattr("none", "user.x", "v", 1, 0));
	SHOW(setxattr("file", "other.x", "v", 1, 0));
	SHOW(setxattr("file", "trusted.x", "v", 1, 0));
	SHOW(lsetxattr("link", "user.x", "v", 1, 0));
	SHOW(fsetxattr(fd, "other.x", "v", 1, XATTR_CREATE));
	SHOW(fsetxattr(99, "user.x", "v", 1, 0));
	SHOW(removexattr("file", "other.x"));
	SHOW(removexattr("none", "user.x"));
	SHOW(lremovexattr("link", "user.x"));
	SHOW(fremovexattr(99, "user.x"));
}

/* As getdents(2) describes it: the type is the record's last byte. */
struct old_entry {
	unsigned long object, position;
	unsigned short length;
	char name[];
};

CASE(getdents_old_records)
{
	char buffer[1024], small[16];
	int fd, seen = 0;
	long count;

	make_file("file", "");
	SHOW(mkdir("directory", 0700));
	SHOW(symlink("x", "link"));
	fd = open(".", O_RDONLY | O_DIRECTORY);
	SHOW(syscall(SYS_getdents, fd, small, sizeof(small)));
	count = syscall(SYS_getdents, fd, buffer, sizeof(buffer));
	for (long at = 0; at < count;) {
		struct old_entry *entry = (struct old_entry *)(buffer + at);
		int type = buffer[at + entry->length - 1];

		seen += strcmp(entry->name, "file") == 0 && type == DT_REG ? 1 : 0;
		seen += strcmp(entry->name, "directory") == 0 && type == DT_DIR ? 10 : 0;
		seen += strcmp(entry->name, "link") == 0 && type == DT_LNK ? 100 : 0;
		seen += strcmp(entry->name, ".") == 0 && type == DT_DIR ? 1000 : 0;
		seen += strcmp(entry->name, "..") == 0 && type == DT_DIR ? 10000 : 0;
		at += entry->length;
	}
	SHOW(seen);
	SHOW(syscall(SYS_getdents, fd, buffer, sizeof(buffer)));
	SHOW(syscall(SYS_getdents, 99, buffer, sizeof(buffer)));
	SHOW(syscall(SYS_getdents, open("file", O_RDONLY), buffer, sizeof(buffer)));
}

CASE(xattr_of_a_file)
{
	char value[8];

	make_file("file", "");
	SHOW(setxattr("file", "user.x", "v", 1, 0));
	SHOW(getxattr("file", "user.x", value, sizeof(value)));
}
