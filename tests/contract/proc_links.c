/* SPDX-License-Identifier: MIT
 *
 * Where a process is and what it has, in /proc (proc(5)): links, tasks, memory, environment, I/O.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "contract.h"

static char here[256];

/* Who gave rights up may not be looked into on Linux until it says so (prctl(2)); each case has
 * given up root's. */
static void be_seen(void)
{
	prctl(PR_SET_DUMPABLE, 1);
}

/* A link's target, without what differs from run to run: the directory that the case is in. */
static void say_link(const char *path)
{
	char target[512] = "";
	long size = readlink(path, target, sizeof(target) - 1);
	size_t length = strlen(here);

	if (size < 0)
		SAY("no link: errno %d", errno);
	else if (length > 1 && strncmp(target, here, length) == 0)
		SAY("here%s", target + length);
	else
		SAY("%s", target);
}

static const char *of(pid_t process, const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "/proc/%d/%s", process, name);
	return path;
}

CASE(proc_cwd_and_root)
{
	struct stat one, other;

	be_seen();
	(void)!getcwd(here, sizeof(here));
	say_link("/proc/self/cwd");
	say_link("/proc/self/root");
	mkdir("d", 0700);
	close(make_file("d/file", "text"));
	SHOW(chdir("d"));
	say_link("/proc/self/cwd");
	SHOW(access("/proc/self/cwd/file", F_OK));
	SHOW(stat("/proc/self/cwd", &one));
	SHOW(stat(".", &other));
	SHOW(one.st_ino == other.st_ino);
	SHOW(lstat("/proc/self/cwd", &one));
	SHOW(S_ISLNK(one.st_mode));
	SHOW(rename("../d", "../e"));
	say_link("/proc/self/cwd");
	SHOW(chdir("/proc/self/root"));
	say_link("/proc/self/cwd");
	SHOW(open("/proc/self/cwd", O_RDONLY | O_NOFOLLOW));
	SHOW(open("/proc/self/cwd", O_RDONLY | O_DIRECTORY) >= 0);
}

CASE(proc_of_a_child)
{
	int status, ends[2];
	pid_t child;
	char byte;

	be_seen();
	(void)!getcwd(here, sizeof(here));
	mkdir("d", 0700);
	(void)!pipe(ends);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		(void)!chdir("d");
		open("file", O_CREAT | O_RDWR, 0600);
		(void)!write(ends[1], "x", 1);
		pause();
	}
	(void)!read(ends[0], &byte, 1);
	say_link(of(child, "cwd"));
	say_link(of(child, "root"));
	say_link(of(child, "fd/5"));
	SHOW(access(of(child, "fd/6"), F_OK));
	SHOW(access(of(child, "fd/5"), F_OK));
	SHOW(open(of(child, "fd/5"), O_RDWR) >= 0);
	SHOW(open(of(child, "cwd/file"), O_RDWR) >= 0);
	kill(child, SIGKILL);
	waitid(P_PID, child, NULL, WEXITED | WNOWAIT);
	say_link(of(child, "cwd"));
	waitpid(child, &status, 0);
	say_link(of(child, "cwd"));
}

CASE(proc_of_others)
{
	char byte;

	SHOW(readlink(of(1, "cwd"), &byte, 1));
	SHOW(readlink(of(1, "root"), &byte, 1));
	SHOW(readlink(of(1, "exe"), &byte, 1));
	SHOW(open(of(1, "environ"), O_RDONLY));
	SHOW(open(of(1, "io"), O_RDONLY));
	SHOW(open(of(1, "fd"), O_RDONLY));
	SHOW(access(of(1, "cwd/x"), F_OK));
	SHOW(open(of(1, "stat"), O_RDONLY) >= 0);
	SHOW(access("/proc/999999/cwd", F_OK));
}

CASE(proc_descriptors_of_relative_names)
{
	make_file("file", "text");
	be_seen();
	(void)!getcwd(here, sizeof(here));
	mkdir("d", 0700);
	SHOW(chdir("d"));
	SHOW(open("../file", O_RDONLY));
	SHOW(open("other", O_CREAT | O_WRONLY, 0600));
	say_link("/proc/self/fd/5");
	SHOW(unlink("other"));
	say_link("/proc/self/fd/5");
}

static void *sleep_long(void *wakes)
{
	char byte;

	(void)!read(*(int *)wakes, &byte, 1);
	return NULL;
}

static long count_entries(const char *path)
{
	DIR *directory = opendir(path);
	long count = 0;

	while (directory && readdir(directory))
		count++;
	if (directory)
		closedir(directory);
	return count;
}

CASE(proc_tasks)
{
	pthread_t threads[3];
	char path[128], text[256] = "";
	int ends[2], fd;

	(void)!pipe(ends);
	SHOW(count_entries("/proc/self/task"));
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, sleep_long, &ends[0]);
	SHOW(count_entries("/proc/self/task"));
	snprintf(path, sizeof(path), "/proc/self/task/%ld/stat", syscall(SYS_gettid));
	fd = open(path, O_RDONLY);
	(void)!read(fd, text, sizeof(text) - 1);
	SHOW(atoi(text) == getpid());
	SAY("%.12s", strchr(text, '('));
	snprintf(path, sizeof(path), "/proc/self/task/%ld/task", syscall(SYS_gettid));
	SHOW(access(path, F_OK));
	SHOW(access("/proc/self/task/1/stat", F_OK));
	SHOW(access("/proc/self/task/0", F_OK));
	SHOW(access("/proc/thread-self/stat", F_OK));
	SHOW(readlink("/proc/thread-self", text, sizeof(text)) > 0);
	for (int i = 0; i < 3; i++)
		(void)!write(ends[1], "x", 1);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
}

/* The environment that the program began with, whatever it is now. */
CASE(proc_environment)
{
	char text[4096] = "";
	int fd, path_seen = 0;
	long size;

	be_seen();
	fd = open("/proc/self/environ", O_RDONLY);
	size = read(fd, text, sizeof(text) - 1);
	for (char *at = text; at < text + size; at += strlen(at) + 1)
		path_seen += strncmp(at, "PATH=", 5) == 0;
	SHOW(size > 0);
	SHOW(path_seen);
	SHOW(pread(fd, text, 4, 0));
	SHOW(pread(fd, text, 4, 1 << 20));
}

static void say_region(const void *address)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512], flags[8], *name;
	unsigned long start, end, offset;

	while (maps && fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx %7s %lx", &start, &end, flags, &offset) != 4 ||
		    start > (unsigned long)address || end <= (unsigned long)address)
			continue;
		name = strlen(line) > 73 ? line + 73 : "\n";
		if (strncmp(name, here, strlen(here)) == 0)
			name += strlen(here);
		printf("%lu %s %lu %s", end - start, flags, offset, name);
	}
	if (maps)
		fclose(maps);
}

CASE(proc_maps)
{
	int fd;
	char *shared, *private, *memory;

	be_seen();
	(void)!getcwd(here, sizeof(here));
	fd = open(strcat(strcpy((char[300]){0}, here), "/file"), O_CREAT | O_RDWR, 0600);
	SHOW(ftruncate(fd, 4 * 4096));
	shared = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 4096);
	private = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	memory = mmap(NULL, 4096 * 5, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(memory + 8192, 4096, PROT_READ | PROT_EXEC);
	say_region(shared);
	say_region(private);
	say_region(memory + 8192);
	munmap(private, 4096);
	say_region(private);
	{
		FILE *maps = fopen("/proc/self/maps", "r");
		char line[512];

		while (fgets(line, sizeof(line), maps))
			if (strstr(line, "[stack]") || strstr(line, "[vdso]"))
				printf("%.4s %s", strchr(line, ' ') + 1, line + 73);
		fclose(maps);
	}
}

static long count_of(const char *name)
{
	FILE *io = fopen("/proc/self/io", "r");
	char line[128];
	long count = -1;

	while (io && fgets(line, sizeof(line), io))
		if (strncmp(line, name, strlen(name)) == 0)
			count = atol(line + strlen(name));
	if (io)
		fclose(io);
	return count;
}

CASE(proc_io)
{
	int fd = make_file("file", "text");
	char text[8];
	long before, calls;

	be_seen();
	before = count_of("wchar: ");
	calls = count_of("syscw: ");
	(void)!write(fd, "1234567", 7);
	(void)!pwrite(fd, "123", 3, 0);
	SHOW(count_of("wchar: ") - before);
	SHOW(count_of("syscw: ") - calls);
	before = count_of("syscr: ");
	calls = count_of("syscr: ") - before;
	for (int i = 0; i < 5; i++)
		(void)!pread(fd, text, 2, 0);
	SHOW(count_of("syscr: ") - before - 2 * calls);
}

/* The error of a look at where a process is, 0 for none. */
static int look_at(pid_t who)
{
	char path[64], target[512];

	snprintf(path, sizeof(path), "/proc/%d/cwd", who);
	return readlink(path, target, sizeof(target)) < 0 ? errno : 0;
}

CASE(dumpable_is_0_or_1)
{
	SHOW(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
	SHOW(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
	SHOW(prctl(PR_SET_DUMPABLE, 2, 0, 0, 0));
	SHOW(prctl(PR_SET_DUMPABLE, -1, 0, 0, 0));
	SHOW(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
	SHOW(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
}

CASE(who_is_not_dumpable_is_hidden)
{
	int ends[2], told[2], status;
	char byte;
	pid_t child;

	be_seen();
	SHOW(pipe(ends) | pipe(told));
	fflush(stdout);
	child = fork();
	if (child == 0) {
		close(ends[1]);
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
		write(told[1], "x", 1);
		read(ends[0], &byte, 1);
		dup2(ends[0], 0);
		execl("/bin/sh", "sh", "-c", "read word", NULL);
		_exit(9);
	}
	read(told[0], &byte, 1);
	SHOW(look_at(child) == EACCES);
	SHOW(look_at(getpid()));
	/* A new program has nothing of what the old one held. */
	write(ends[1], "x", 1);
	for (int i = 0; i < 200 && look_at(child) == EACCES; i++)
		rest(10);
	SHOW(look_at(child));
	close(ends[1]);
	waitpid(child, &status, 0);
	SHOW(WIFEXITED(status) && WEXITSTATUS(status) != 9);
}

CASE(who_is_not_dumpable_sees_itself_and_has_such_children)
{
	int status;

	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	fflush(stdout);
	if (fork() == 0)
		_exit(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) + 3);
	wait(&status);
	SHOW(WEXITSTATUS(status));
	SHOW(look_at(getpid()));
}
