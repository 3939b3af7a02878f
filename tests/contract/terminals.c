/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "terminals.h"

#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>

#include "contract.h"

/* Linux takes bytes from one end to the other some time after write(2) has returned. */
#define ON_THE_WAY_MS 20

#define PATIENCE_MS 5000 /* what does not come by then is not under way */
#define LOOK_MS     10

struct pair open_pair(void)
{
	struct pair pair = {.master = posix_openpt(O_RDWR | O_NOCTTY)};

	if (unlockpt(pair.master) < 0)
		SAY("no pair");
	pair.slave = open(ptsname(pair.master), O_RDWR | O_NOCTTY);
	return pair;
}

pid_t wait_for_foreground(int fd, pid_t other_than)
{
	pid_t group = tcgetpgrp(fd);

	for (int waited = 0; (group <= 0 || group == other_than) && waited < PATIENCE_MS;
	     waited += LOOK_MS) {
		rest(LOOK_MS);
		group = tcgetpgrp(fd);
	}
	return group;
}

static bool is_asleep(pid_t process)
{
	char name[32], line[512] = "";
	FILE *file;

	snprintf(name, sizeof(name), "/proc/%d/stat", (int)process);
	file = fopen(name, "r");
	if (file) {
		if (!fgets(line, sizeof(line), file))
			line[0] = 0;
		fclose(file);
	}
	return strstr(line, ") S ") != NULL;
}

void wait_until_asleep(pid_t process)
{
	/* A page that has to be brought in makes it sleep too, for a moment. */
	for (int waited = 0, looks = 0; looks < 3 && waited < PATIENCE_MS; waited += LOOK_MS) {
		looks = is_asleep(process) ? looks + 1 : 0;
		rest(LOOK_MS);
	}
}

void skip_to(int fd, char last)
{
	char byte = 0;

	while (byte != last && read(fd, &byte, 1) == 1)
		;
}

void type(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		SAY("type: not all was taken");
	rest(ON_THE_WAY_MS);
}

void write_later(int fd, const char *text, unsigned int milliseconds)
{
	fflush(stdout);
	if (fork() == 0) {
		rest(milliseconds);
		_exit(write(fd, text, strlen(text)) != (ssize_t)strlen(text));
	}
}

void tell(int fd)
{
	struct pollfd one = {.fd = fd, .events = POLLIN};
	char bytes[256];
	long count;

	if (poll(&one, 1, PATIENCE_MS) == 0) {
		SAY("nothing comes");
		return;
	}
	rest(ON_THE_WAY_MS);
	count = read(fd, bytes, sizeof(bytes));
	if (count < 0) {
		show("read", count);
		return;
	}
	printf("read %ld: ", count);
	for (long i = 0; i < count; i++)
		printf(bytes[i] >= ' ' && bytes[i] < 0x7f ? "%c" : "\\%03o",
		       (unsigned char)bytes[i]);
	putchar('\n');
}
