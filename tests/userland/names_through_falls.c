/* SPDX-License-Identifier: MIT
 *
 * Booted with inject=tmpfs.OPERATION/N each Nth call of the operation panics in the middle, and
 * while this runs tmpfs is restarted again and again. Names are made, moved and removed all the
 * same; after each step those that can be looked up are those that the directory lists (its list
 * is the service's answer each time, while names are remembered by the core), and they stand for
 * the same objects. Prints `failed N`, how many steps did.
 *
 * With the argument `quarantine`, and inject=tmpfs.create/1: a name that is remembered is no way
 * around the quarantine.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include "expect.h"

#define NAMES  5
#define ROUNDS 400
#define FALLS  12 /* more than the supervisor's budget */

static const char *const names[NAMES] = {"one", "two", "three", "dir", "dir/in"};
static int failed;

static unsigned int next_random(void)
{
	static unsigned int seed = 7;

	seed = seed * 1103515245 + 12345;
	return seed >> 16;
}

static ino_t listed_in(const char *directory, const char *name)
{
	DIR *open = opendir(directory);
	struct dirent *entry;
	ino_t found = 0;

	while (open && (entry = readdir(open)) != NULL)
		if (strcmp(entry->d_name, name) == 0)
			found = entry->d_ino;
	if (open)
		closedir(open);
	return found;
}

static void compare(void)
{
	for (int i = 0; i < NAMES; i++) {
		const char *slash = strchr(names[i], '/');
		ino_t listed = slash ? listed_in("dir", slash + 1) : listed_in(".", names[i]);
		struct stat st = {.st_ino = 0};
		int error = stat(names[i], &st);

		EXPECT((error == 0) == (listed != 0));
		EXPECT(error == 0 || errno == ENOENT);
		EXPECT(st.st_ino == listed);
	}
}

static int create(const char *name)
{
	int fd = open(name, O_CREAT | O_EXCL | O_WRONLY, 0600);

	return fd < 0 ? -1 : close(fd);
}

static void step(void)
{
	const char *name = names[next_random() % 3], *other = names[next_random() % 3];
	int error;

	errno = 0;
	switch (next_random() % 8) {
	case 0:
	case 1:
		error = create(name);
		break;
	case 2:
		error = rename(name, other);
		break;
	case 3:
		error = link(name, other);
		break;
	case 4:
		error = mkdir("dir", 0700);
		break;
	case 5:
		error = next_random() % 2 ? create("dir/in") : unlink("dir/in");
		break;
	case 6:
		error = rmdir("dir");
		break;
	default:
		error = unlink(name);
		break;
	}
	failed += error && errno == EIO;
}

static void restart_again_and_again(void)
{
	int supervisor = open("/dev/supervisor", O_WRONLY);

	while (write(supervisor, "restart tmpfs\n", 14) == 14)
		usleep(3000);
	_exit(1);
}

static void change_names(void)
{
	pid_t child = fork();

	if (child == 0)
		restart_again_and_again();
	for (int round = 0; round < ROUNDS; round++) {
		step();
		compare();
	}
	EXPECT(kill(child, SIGKILL) == 0);
	EXPECT(waitpid(child, NULL, 0) == child);
	printf("failed %d\n", failed);
}

static void quarantine(void)
{
	int supervisor = open("/dev/supervisor", O_WRONLY);
	struct stat st;

	EXPECT(stat("/etc/motd", &st) == 0);
	EXPECT_ERROR(ENOENT, stat("/etc/none", &st));
	for (int i = 0; i < FALLS; i++)
		EXPECT_ERROR(EIO, open("falls", O_CREAT | O_WRONLY, 0600));
	EXPECT_ERROR(EIO, stat("/etc/motd", &st));
	EXPECT_ERROR(EIO, stat("/etc/none", &st));
	EXPECT(write(supervisor, "release tmpfs\n", 14) == 14);
	EXPECT(stat("/etc/motd", &st) == 0);
	EXPECT_ERROR(ENOENT, stat("/etc/none", &st));
}

int main(int argc, char **argv)
{
	EXPECT(chdir("/tmp") == 0);
	if (argc > 1 && strcmp(argv[1], "quarantine") == 0)
		quarantine();
	else
		change_names();
	return expect_result();
}
