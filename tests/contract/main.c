/* SPDX-License-Identifier: MIT
 *
 *   contract [CASE...]    runs the named cases, or all: "== CASE", then what it says
 */
#define _GNU_SOURCE
#include <ftw.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "contract.h"

#define NOBODY       65534
#define CASE_SECONDS 20
#define OPEN_MOST    64 /* descriptors that whoever started us may have left open */

extern const struct contract_case __start_contract_cases[], __stop_contract_cases[];

static const struct {
	int number;
	const char *name;
} error_names[] = {
#define E(name) {name, #name}
        E(EPERM),        E(ENOENT),          E(EINTR),           E(EIO),          E(ENXIO),
        E(E2BIG),        E(EBADF),           E(ECHILD),          E(EAGAIN),       E(ENOMEM),
        E(EACCES),       E(EFAULT),          E(EBUSY),           E(EEXIST),       E(EXDEV),
        E(ENODEV),       E(ENOTDIR),         E(EISDIR),          E(EINVAL),       E(ENFILE),
        E(EMFILE),       E(ENOTTY),          E(EFBIG),           E(ENOSPC),       E(ESPIPE),
        E(EROFS),        E(EMLINK),          E(EPIPE),           E(ERANGE),       E(ENOSYS),
        E(ELOOP),        E(ENODATA),         E(EOVERFLOW),       E(ENOTEMPTY),    E(ETXTBSY),
        E(EDEADLK),      E(ENOLCK),          E(ETIMEDOUT),       E(ECANCELED),    E(EOPNOTSUPP),
        E(ENAMETOOLONG), E(ESRCH),           E(ENOTSOCK),        E(EMSGSIZE),     E(EPROTOTYPE),
        E(ENOPROTOOPT),  E(EPROTONOSUPPORT), E(ESOCKTNOSUPPORT), E(EAFNOSUPPORT), E(EADDRINUSE),
        E(ECONNRESET),   E(EISCONN),         E(ENOTCONN),        E(ETOOMANYREFS), E(ECONNREFUSED),
        E(EDOM),
#undef E
};

void show(const char *text, long result)
{
	int error = errno;

	printf("%s = %ld", text, result);
	if (result == -1 && error != 0) {
		for (size_t i = 0; i < sizeof(error_names) / sizeof(error_names[0]); i++)
			if (error_names[i].number == error)
				printf(" %s", error_names[i].name);
	}
	putchar('\n');
}

void rest(unsigned int milliseconds)
{
	struct timespec time = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000};

	while (nanosleep(&time, &time) == -1 && errno == EINTR)
		;
}

long now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

volatile int signals_caught;

static void count_signal(int number)
{
	(void)number;
	signals_caught++;
}

void catch_signal(int number, int flags)
{
	struct sigaction action = {.sa_handler = count_signal, .sa_flags = flags};

	sigaction(number, &action, NULL);
}

void signal_later(int number, unsigned int milliseconds)
{
	pid_t target = getpid();

	fflush(stdout);
	if (fork() == 0) {
		rest(milliseconds);
		kill(target, number);
		_exit(0);
	}
}

int make_file(const char *name, const char *text)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);

	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		SAY("make_file: %s could not be written", name);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

long poll_now(int fd, short events)
{
	struct pollfd one = {.fd = fd, .events = events};

	return poll(&one, 1, 0) < 0 ? -1 : one.revents;
}

/* Whoever runs us: the cases are nobody's, so that they see the same rights everywhere. */
static void drop_rights(void)
{
	if (geteuid() != 0)
		return;
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY)) {
		perror("contract: setresuid");
		_exit(1);
	}
}

static void run_here(const struct contract_case *one, const char *directory)
{
	for (int fd = 3; fd < OPEN_MOST; fd++)
		close(fd);
	umask(022);
	drop_rights();
	if (chdir(directory)) {
		perror("contract: chdir");
		_exit(1);
	}
	alarm(CASE_SECONDS);
	one->run();
	fflush(stdout);
	_exit(0);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)status;
	(void)type;
	(void)place;
	return remove(path);
}

static int run(const struct contract_case *one)
{
	char directory[] = "contract.XXXXXX";
	int status = 0;
	pid_t child;

	if (!mkdtemp(directory) || chmod(directory, 0777)) {
		perror("contract: mkdtemp");
		return 1;
	}
	printf("== %s\n", one->name);
	fflush(stdout);
	child = fork();
	if (child == 0)
		run_here(one, directory);
	waitpid(child, &status, 0);
	if (status != 0)
		printf("ended with wait status %#x\n", (unsigned int)status);
	nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return 0;
}

static int is_wanted(const char *name, int count, char **wanted)
{
	for (int i = 0; i < count; i++)
		if (strcmp(name, wanted[i]) == 0)
			return 1;
	return count == 0;
}

int main(int argc, char **argv)
{
	const struct contract_case *one;
	int failed = 0;

	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	for (one = __start_contract_cases; one < __stop_contract_cases; one++)
		if (is_wanted(one->name, argc - 1, argv + 1))
			failed |= run(one);
	return failed;
}
