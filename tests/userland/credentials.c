/* SPDX-License-Identifier: MIT
 *
 * What the superuser's groups, ids and capabilities let a process do, and what goes with them.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <grp.h>
#include <stdint.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "expect.h"

/* Of <linux/capability.h>, which musl's headers do not have. */
#define _LINUX_CAPABILITY_VERSION_3 0x20080522
#define CAP_DAC_OVERRIDE            1
#define CAP_SETUID                  7

struct capability_header {
	uint32_t version;
	int pid;
};

struct capability_data {
	uint32_t effective, permitted, inheritable;
};

#define USER  1000
#define GROUP 1000

static struct capability_data capabilities[2];

static void read_capabilities(void)
{
	struct capability_header header = {_LINUX_CAPABILITY_VERSION_3, 0};

	EXPECT(syscall(SYS_capget, &header, capabilities) == 0);
}

static int may_open(const char *path, int flags)
{
	int fd = open(path, flags);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void make(const char *path, mode_t mode, uid_t user, gid_t group)
{
	close(open(path, O_CREAT | O_WRONLY, 0600));
	EXPECT(chown(path, user, group) == 0);
	EXPECT(chmod(path, mode) == 0);
}

static void see_groups(void)
{
	const gid_t groups[] = {300, 100, 200, 100};
	gid_t found[8];

	make("/tmp/of_group", 0640, 0, 200);
	EXPECT(setgroups(4, groups) == 0);
	EXPECT(getgroups(0, NULL) == 4);
	EXPECT_ERROR(EINVAL, getgroups(3, found));
	EXPECT(getgroups(8, found) == 4);
	EXPECT(found[0] == 100 && found[1] == 100 && found[2] == 200 && found[3] == 300);
	EXPECT(syscall(SYS_setresgid, GROUP, GROUP, GROUP) == 0);
	EXPECT(syscall(SYS_setresuid, USER, USER, USER) == 0);
	EXPECT(may_open("/tmp/of_group", O_RDONLY));
	EXPECT(!may_open("/tmp/of_group", O_WRONLY));
	EXPECT(access("/tmp/of_group", R_OK) == 0);
	/* One's own file may go to a group that one is in. */
	close(open("/tmp/of_user", O_CREAT | O_WRONLY, 0600));
	EXPECT(chown("/tmp/of_user", -1, 300) == 0);
	EXPECT_ERROR(EPERM, chown("/tmp/of_user", -1, 400));
}

static void see_without_groups(void)
{
	EXPECT(setgroups(0, NULL) == 0);
	EXPECT(syscall(SYS_setresgid, GROUP, GROUP, GROUP) == 0);
	EXPECT(syscall(SYS_setresuid, USER, USER, USER) == 0);
	EXPECT(!may_open("/tmp/of_group", O_RDONLY));
}

static void see_ids_come_and_go(void)
{
	read_capabilities();
	EXPECT(capabilities[0].effective == 0xffffffff && capabilities[0].permitted == 0xffffffff);
	/* Away for a time, and back. */
	EXPECT(syscall(SYS_setresuid, -1, USER, -1) == 0);
	read_capabilities();
	EXPECT(capabilities[0].effective == 0 && capabilities[0].permitted == 0xffffffff);
	EXPECT(!may_open("/tmp/of_root", O_RDONLY));
	EXPECT(syscall(SYS_setuid, 0) == 0);
	EXPECT(geteuid() == 0);
	read_capabilities();
	EXPECT(capabilities[0].effective == 0xffffffff);
	EXPECT(may_open("/tmp/of_root", O_RDONLY));
	/* For good: the saved id may not become the real one by setreuid. */
	EXPECT(syscall(SYS_setresuid, USER, USER, 0) == 0);
	EXPECT_ERROR(EPERM, syscall(SYS_setreuid, 0, -1));
	EXPECT(syscall(SYS_setuid, USER) == 0);
	EXPECT(syscall(SYS_setresuid, -1, -1, USER) == 0);
	EXPECT_ERROR(EPERM, syscall(SYS_setuid, 0));
	read_capabilities();
	EXPECT(capabilities[0].permitted == 0);
}

static void see_filesystem_ids(void)
{
	struct stat status;

	EXPECT(syscall(SYS_setfsuid, USER) == 0);
	EXPECT(syscall(SYS_setfsuid, -1) == USER);
	EXPECT(!may_open("/tmp/of_root", O_RDONLY));
	EXPECT(access("/tmp/of_root", R_OK) == 0);
	close(open("/tmp/made", O_CREAT | O_WRONLY, 0600));
	EXPECT(stat("/tmp/made", &status) == 0 && status.st_uid == USER);
	EXPECT(syscall(SYS_setfsuid, 0) == USER);
	EXPECT(may_open("/tmp/of_root", O_RDONLY));
}

static void see_capabilities_dropped(void)
{
	struct capability_header header = {_LINUX_CAPABILITY_VERSION_3, 0};

	read_capabilities();
	capabilities[0].effective &= ~(1U << CAP_DAC_OVERRIDE);
	EXPECT(syscall(SYS_capset, &header, capabilities) == 0);
	make("/tmp/no_ones", 0, USER, GROUP);
	EXPECT(may_open("/tmp/no_ones", O_RDONLY)); /* CAP_DAC_READ_SEARCH */
	EXPECT(!may_open("/tmp/no_ones", O_WRONLY));
	capabilities[0].effective = capabilities[1].effective = 0;
	capabilities[0].permitted &= ~(1U << CAP_SETUID);
	EXPECT(syscall(SYS_capset, &header, capabilities) == 0);
	EXPECT(!may_open("/tmp/no_ones", O_RDONLY));
	EXPECT_ERROR(EPERM, syscall(SYS_setuid, USER));
	EXPECT_ERROR(EPERM, chroot("/tmp"));
	capabilities[0].permitted |= 1U << CAP_SETUID;
	EXPECT_ERROR(EPERM, syscall(SYS_capset, &header, capabilities));
}

int main(void)
{
	make("/tmp/of_root", 0600, 0, 0);
	EXPECT(status_of_child(see_groups) == 0);
	EXPECT(status_of_child(see_without_groups) == 0);
	EXPECT(status_of_child(see_ids_come_and_go) == 0);
	EXPECT(status_of_child(see_filesystem_ids) == 0);
	EXPECT(status_of_child(see_capabilities_dropped) == 0);
	return expect_result();
}
