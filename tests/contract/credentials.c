/* SPDX-License-Identifier: MIT
 *
 * Who a process is and what it may, without privileges: set*id(2), getgroups(2), capget(2). The
 * calls themselves: the C library's reach all threads by signals, and cache.
 */
#define _GNU_SOURCE
#include <grp.h>
#include <stdlib.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "contract.h"

#define NOBODY 65534

/* Of <linux/capability.h>, which musl's headers do not have. */
#define _LINUX_CAPABILITY_VERSION_1 0x19980330
#define _LINUX_CAPABILITY_VERSION_3 0x20080522

struct capability_header {
	uint32_t version;
	int pid;
};

struct capability_data {
	uint32_t effective, permitted, inheritable;
};

static long call2(long number, int first, int second)
{
	return syscall(number, first, second);
}

static long call3(long number, int first, int second, int third)
{
	return syscall(number, first, second, third);
}

CASE(user_ids_of_nobody)
{
	uid_t real, effective, saved;

	SHOW(getresuid(&real, &effective, &saved));
	SHOW(real == NOBODY && effective == NOBODY && saved == NOBODY);
	SHOW(syscall(SYS_setuid, 0));
	SHOW(syscall(SYS_setuid, -1));
	SHOW(syscall(SYS_setuid, NOBODY));
	SHOW(call2(SYS_setreuid, 0, -1));
	SHOW(call2(SYS_setreuid, -1, 0));
	SHOW(call2(SYS_setreuid, NOBODY, NOBODY));
	SHOW(call2(SYS_setreuid, -1, -1));
	SHOW(call3(SYS_setresuid, 0, -1, -1));
	SHOW(call3(SYS_setresuid, -1, 0, -1));
	SHOW(call3(SYS_setresuid, -1, -1, 0));
	SHOW(call3(SYS_setresuid, -1, -1, NOBODY));
	SHOW(syscall(SYS_getresuid, (void *)8, &effective, &saved));
	SHOW(syscall(SYS_getresuid, &real, &effective, (void *)8));
}

CASE(group_ids_of_nobody)
{
	gid_t real, effective, saved;

	SHOW(getresgid(&real, &effective, &saved));
	SHOW(real == NOBODY && effective == NOBODY && saved == NOBODY);
	SHOW(syscall(SYS_setgid, 0));
	SHOW(syscall(SYS_setgid, -1));
	SHOW(syscall(SYS_setgid, NOBODY));
	SHOW(call2(SYS_setregid, 0, -1));
	SHOW(call2(SYS_setregid, -1, 0));
	SHOW(call2(SYS_setregid, NOBODY, NOBODY));
	SHOW(call3(SYS_setresgid, 0, -1, -1));
	SHOW(call3(SYS_setresgid, -1, -1, 0));
	SHOW(call3(SYS_setresgid, -1, -1, NOBODY));
	SHOW(syscall(SYS_getresgid, &real, (void *)8, &saved));
}

CASE(filesystem_ids_of_nobody)
{
	SHOW(syscall(SYS_setfsuid, -1));
	SHOW(syscall(SYS_setfsuid, 0));
	SHOW(syscall(SYS_setfsuid, NOBODY));
	SHOW(syscall(SYS_setfsgid, 0));
	SHOW(syscall(SYS_setfsgid, -1));
}

CASE(groups_of_nobody)
{
	gid_t groups[4] = {9, 9, 9, 9};

	SHOW(getgroups(0, NULL));
	SHOW(getgroups(4, groups));
	SHOW(groups[0]);
	SHOW(getgroups(-1, groups));
	SHOW(syscall(SYS_getgroups, 4, (void *)8));
	SHOW(setgroups(0, NULL));
	SHOW(setgroups(4, groups));
	SHOW(syscall(SYS_setgroups, -1, groups));
}

static void show_sets(const struct capability_data *data)
{
	for (int i = 0; i < 2; i++)
		SAY("effective %#x permitted %#x inheritable %#x", data[i].effective,
		    data[i].permitted, data[i].inheritable);
}

CASE(capabilities_of_nobody)
{
	struct capability_header header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct capability_data data[2];

	memset(data, 0xff, sizeof(data));
	SHOW(syscall(SYS_capget, &header, data));
	show_sets(data);
	SHOW(syscall(SYS_capset, &header, data));
	data[0].permitted = 1;
	SHOW(syscall(SYS_capset, &header, data));
	data[0].permitted = 0;
	data[0].effective = 1;
	SHOW(syscall(SYS_capset, &header, data));
	data[0].effective = 0;
	data[0].inheritable = 1;
	SHOW(syscall(SYS_capset, &header, data));
	header.pid = getpid();
	data[0].inheritable = 0;
	SHOW(syscall(SYS_capset, &header, data));
	header.pid = getppid();
	SHOW(syscall(SYS_capset, &header, data));
	SHOW(syscall(SYS_capget, &header, data));
	header.pid = 999999;
	SHOW(syscall(SYS_capget, &header, data));
	header.pid = -1;
	SHOW(syscall(SYS_capget, &header, data));
}

CASE(capability_calls_refuse)
{
	struct capability_header header = {0x12345678, 0};
	struct capability_data data[2];

	SHOW(syscall(SYS_capget, &header, data));
	SHOW(header.version == _LINUX_CAPABILITY_VERSION_3);
	header.version = 0;
	SHOW(syscall(SYS_capget, &header, NULL));
	SHOW(header.version == _LINUX_CAPABILITY_VERSION_3);
	SHOW(syscall(SYS_capget, &header, NULL));
	SHOW(syscall(SYS_capget, (void *)8, data));
	SHOW(syscall(SYS_capget, &header, (void *)8));
	header.version = 0;
	SHOW(syscall(SYS_capset, &header, data));
	SHOW(syscall(SYS_capset, &header, (void *)8));
	header.version = _LINUX_CAPABILITY_VERSION_1;
	memset(data, 0xff, sizeof(data));
	SHOW(syscall(SYS_capget, &header, data));
	show_sets(data);
}

CASE(what_is_the_superusers)
{
	struct stat status;

	SHOW(chown("/", 0, 0));
	SHOW(chown(".", 0, -1));
	SHOW(mknod("null", S_IFCHR | 0600, 0x103));
	SHOW(chroot("."));
	SHOW(sethostname("x", 1));
	SHOW(syscall(SYS_kill, 1, 0));
	make_file("file", "");
	SHOW(chown("file", NOBODY, NOBODY));
	SHOW(chown("file", -1, 12345));
	SHOW(chown("file", 12345, -1));
	SHOW(chmod("file", 06711));
	SHOW(stat("file", &status));
	SHOW(status.st_mode & 07777);
	SHOW(chown("file", NOBODY, -1));
	SHOW(stat("file", &status));
	SHOW(status.st_mode & 07777);
	SHOW(chmod("/", 0777));
}

CASE(permissions_of_the_owner_count_first)
{
	make_file("file", "");
	SHOW(chmod("file", 0077));
	SHOW(open("file", O_RDONLY));
	SHOW(access("file", R_OK));
	SHOW(access("file", F_OK));
	SHOW(chmod("file", 0400));
	SHOW(access("file", R_OK));
	SHOW(access("file", R_OK | W_OK));
	SHOW(access("file", X_OK));
	SHOW(access("file", 8));
	SHOW(open("file", O_WRONLY));
	SHOW(mkdir("directory", 0600));
	SHOW(access("directory/none", F_OK));
	SHOW(chmod("directory", 0300));
	SHOW(access("directory/none", F_OK));
	SHOW(open("directory", O_RDONLY));
}

CASE(no_new_privileges)
{
	SHOW(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	SHOW(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
	SHOW(prctl(PR_SET_NO_NEW_PRIVS, 1, 1, 0, 0));
	SHOW(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	SHOW(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	SHOW(prctl(PR_GET_NO_NEW_PRIVS, 1, 0, 0, 0));
}
