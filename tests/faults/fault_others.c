/* SPDX-License-Identifier: MIT
 *
 * Devices, process files and programs: what they answer is known, so the model is small.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault_load.h"

#define SELF       "/usr/lib/aramid/tests/fault_load"
#define CHILD_ENDS 42
#define DEVICES    8 /* names in /dev */

static char text[8192];
static int device_count; /* as first counted, before any fault */

/* Its length, or -1 with errno; `text` ends in a NUL. */
static ssize_t read_text(const char *path)
{
	size_t total = 0;
	ssize_t got = 0;
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return -1;
	while (total < sizeof(text) - 1 &&
	       (got = read(fd, text + total, sizeof(text) - 1 - total)) > 0)
		total += (size_t)got;
	text[total] = '\0';
	close(fd);
	return got < 0 ? -1 : (ssize_t)total;
}

/* How many names a directory has, -1 with errno; *wanted: whether the name is there. */
static int count_names(const char *path, const char *name, bool *wanted)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	int count = 0;

	*wanted = false;
	if (!directory)
		return -1;
	for (errno = 0; (entry = readdir(directory)) != NULL; errno = 0) {
		count += entry->d_name[0] != '.';
		*wanted |= strcmp(entry->d_name, name) == 0;
	}
	if (errno)
		count = -1;
	closedir(directory);
	return count;
}

/* ---- devices ---- */

static enum result stat_device(void)
{
	struct stat status;

	if (stat("/dev/null", &status) < 0)
		return refused("stat /dev/null");
	return S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3)
	               ? DONE
	               : wrong("stat /dev/null", "type or number");
}

static enum result read_zero(void)
{
	char bytes[64];
	enum result result = DONE;
	int fd = open("/dev/zero", O_RDONLY);

	if (fd < 0)
		return refused("open /dev/zero");
	memset(bytes, 1, sizeof(bytes));
	if (read(fd, bytes, sizeof(bytes)) != sizeof(bytes))
		result = refused("read /dev/zero");
	for (size_t i = 0; result == DONE && i < sizeof(bytes); i++)
		if (bytes[i])
			result = wrong("read /dev/zero", "not zero");
	close(fd);
	return result;
}

static enum result write_null(void)
{
	int fd = open("/dev/null", O_WRONLY | O_TRUNC);
	enum result result = DONE;

	if (fd < 0)
		return refused("open /dev/null");
	if (write(fd, text, 100) != 100)
		result = refused("write /dev/null");
	close(fd);
	return result;
}

static enum result list_devices(void)
{
	bool wanted;
	int count = count_names("/dev", "urandom", &wanted);

	if (count < 0)
		return refused("list /dev");
	if (!device_count)
		device_count = count;
	return count == device_count && wanted ? DONE : wrong("list /dev", "other names");
}

static enum result set_device(void)
{
	struct stat status;

	if (chmod("/dev/full", 0666) < 0)
		return refused("chmod /dev/full");
	if (stat("/dev/full", &status) < 0)
		return refused("stat /dev/full");
	return status.st_mode == (S_IFCHR | 0666) ? DONE : wrong("chmod /dev/full", "mode");
}

/* What is not there, and what a device is not. */
static enum result miss_device(void)
{
	struct statfs statistics;

	if (access("/dev/none", F_OK) == 0 || errno != ENOENT)
		return refused("access /dev/none");
	if (unlink("/dev/null") == 0 || errno != EPERM)
		return refused("unlink /dev/null");
	if (statfs("/dev", &statistics) < 0)
		return refused("statfs /dev");
	return (int)statistics.f_files == device_count + 1 ? DONE : wrong("statfs /dev", "files");
}

static enum result (*const device_kinds[])(void) = {stat_device,  read_zero,  write_null,
                                                    list_devices, set_device, miss_device};
#define DEVICE_KINDS (sizeof(device_kinds) / sizeof(device_kinds[0]))

enum result devices_step(void)
{
	return device_kinds[any_below(DEVICE_KINDS)]();
}

enum result devices_tour(void)
{
	enum result worst = DONE;

	for (size_t i = 0; i < DEVICE_KINDS; i++) {
		enum result result = device_kinds[i]();

		worst = result > worst ? result : worst;
	}
	return worst;
}

/* ---- process files ---- */

/* A file, and what it begins with or holds. */
static const struct {
	const char *path, *begins, *holds;
} process_files[] = {
        {"/proc/audit", "pages_free ", "tokens "},
        {"/proc/services", "service state policy", "tmpfs "},
        {"/proc/version", "Linux version ", "Aramid"},
        {"/proc/meminfo", "MemTotal:", "MemFree:"},
        {"/proc/filesystems", "nodev\ttmpfs\n", "nodev\tprocfs\n"},
        {"/proc/mounts", "", " /proc "},
        {"/proc/stat", "cpu ", "procs_running "},
        {"/proc/cpuinfo", "processor\t: 0\n", "model name"},
        {"/proc/loadavg", "", "/"},
        {"/proc/uptime", "", "."},
        {"/proc/self/status", "Name:\tfault_load\n", "Pid:\t"},
        {"/proc/self/cmdline", SELF, ""},
};
#define PROCESS_FILES (sizeof(process_files) / sizeof(process_files[0]))

static enum result read_process_file(size_t i)
{
	if (read_text(process_files[i].path) < 0)
		return refused(process_files[i].path);
	if (strncmp(text, process_files[i].begins, strlen(process_files[i].begins)) ||
	    !strstr(text, process_files[i].holds))
		return wrong(process_files[i].path, "text");
	return DONE;
}

static enum result read_own_stat(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/stat", getpid());
	if (read_text(path) < 0)
		return refused("/proc/N/stat");
	return atoi(text) == getpid() ? DONE : wrong("/proc/N/stat", "another process");
}

static enum result read_self(void)
{
	char target[32] = "";

	if (readlink("/proc/self", target, sizeof(target) - 1) < 0)
		return refused("readlink /proc/self");
	return atoi(target) == getpid() ? DONE : wrong("readlink /proc/self", "another process");
}

static enum result list_processes(void)
{
	char own[16];
	bool wanted;

	snprintf(own, sizeof(own), "%d", getpid());
	if (count_names("/proc", own, &wanted) < 0)
		return refused("list /proc");
	return wanted ? DONE : wrong("list /proc", "without its reader");
}

static enum result stat_process(void)
{
	struct stat status;

	if (stat("/proc/1", &status) < 0)
		return refused("stat /proc/1");
	if (!S_ISDIR(status.st_mode))
		return wrong("stat /proc/1", "type");
	if (access("/proc/none", F_OK) == 0 || errno != ENOENT)
		return refused("access /proc/none");
	return DONE;
}

static enum result (*const process_kinds[])(void) = {read_own_stat, read_self, list_processes,
                                                     stat_process};
#define PROCESS_KINDS (sizeof(process_kinds) / sizeof(process_kinds[0]))

enum result processes_step(void)
{
	uint32_t kind = any_below(PROCESS_FILES + PROCESS_KINDS);

	return kind < PROCESS_FILES ? read_process_file(kind)
	                            : process_kinds[kind - PROCESS_FILES]();
}

enum result processes_tour(void)
{
	enum result worst = DONE;

	for (size_t i = 0; i < PROCESS_FILES + PROCESS_KINDS; i++) {
		enum result result = i < PROCESS_FILES ? read_process_file(i)
		                                       : process_kinds[i - PROCESS_FILES]();

		worst = result > worst ? result : worst;
	}
	return worst;
}

/* ---- programs ---- */

enum result programs_step(void)
{
	int status = 0;
	pid_t child = fork();

	if (child < 0)
		return refused("fork");
	if (child == 0) {
		execl(SELF, SELF, "child", (char *)NULL);
		_exit(errno == EIO ? 1 : 2);
	}
	if (waitpid(child, &status, 0) != child)
		return refused("waitpid");
	if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_ENDS)
		return DONE;
	/* Its file was not to be had, or a page of it. */
	errno = EIO;
	if ((WIFEXITED(status) && WEXITSTATUS(status) == 1) ||
	    (WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS))
		return refused("exec");
	return wrong("exec", "the program ended otherwise");
}
