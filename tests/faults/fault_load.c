/* SPDX-License-Identifier: MIT
 *
 * What runs while one service is faulty: uses them all, compares every answer with what it must
 * be, and says at the end what is left (fault_load.h). sync(2) marks for the campaign where its
 * objects begin, and where the faulty time begins and ends.
 *
 *   fault_load SEED STEPS
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fault_load.h"

#define CHILD_ENDS   42
#define SAID_MAX     40 /* lines of refusals and wrong answers */
#define AFTER_ROUNDS 4  /* tours afterwards, the last of which is to be clean */
#define READINGS     4
#define COUNTS       16

static uint64_t random_state;
static unsigned int said;

uint32_t any_below(uint32_t limit)
{
	/* Knuth's MMIX generator; the upper half is the better one. */
	random_state = random_state * 6364136223846793005UL + 1442695040888963407UL;
	return (uint32_t)((random_state >> 33) % limit);
}

enum result refused(const char *what)
{
	if (errno != EIO && errno != ENOMEM && errno != ENOSPC)
		return wrong(what, strerror(errno));
	if (said++ < SAID_MAX)
		printf("failed %s %d\n", what, errno);
	return FAILED;
}

enum result wrong(const char *what, const char *text)
{
	if (said++ < SAID_MAX)
		printf("wrong %s: %s\n", what, text);
	return WRONG;
}

/* ---- a process that uses no service ---- */

static struct {
	pid_t child;
	int to, from;
	bool alive;
} bystander;

static void bystander_start(void)
{
	int there[2], back[2];

	if (pipe(there) < 0 || pipe(back) < 0)
		return;
	bystander.child = fork();
	if (bystander.child == 0) {
		unsigned char byte;

		close(there[1]);
		close(back[0]);
		while (read(there[0], &byte, 1) == 1) {
			byte++;
			if (write(back[1], &byte, 1) != 1)
				_exit(1);
		}
		_exit(CHILD_ENDS);
	}
	close(there[0]);
	close(back[1]);
	bystander.to = there[1];
	bystander.from = back[0];
	bystander.alive = bystander.child > 0;
}

static void bystander_ask(void)
{
	unsigned char question = (unsigned char)any_below(255), answer = 0;

	if (bystander.alive && (write(bystander.to, &question, 1) != 1 ||
	                        read(bystander.from, &answer, 1) != 1 || answer != question + 1))
		bystander.alive = false;
}

static void bystander_end(void)
{
	int status = 0;

	close(bystander.to);
	if (waitpid(bystander.child, &status, 0) != bystander.child || !WIFEXITED(status) ||
	    WEXITSTATUS(status) != CHILD_ENDS)
		bystander.alive = false;
	close(bystander.from);
	printf("bystander %s\n", bystander.alive ? "yes" : "no");
}

/* ---- what the core holds ---- */

struct audit {
	int count;
	char names[COUNTS][32];
	long values[COUNTS];
};

static int audit_read(struct audit *audit)
{
	static char text[2048];
	char *line, *rest = text;
	ssize_t length = 0, got = 0;
	int fd = open("/proc/audit", O_RDONLY);

	audit->count = 0;
	if (fd < 0)
		return -1;
	while ((size_t)length < sizeof(text) - 1 &&
	       (got = read(fd, text + length, sizeof(text) - 1 - (size_t)length)) > 0)
		length += got;
	close(fd);
	if (got < 0)
		return -1;
	text[length] = '\0';
	while (audit->count < COUNTS && (line = strsep(&rest, "\n")) != NULL && *line)
		audit->count += sscanf(line, "%31s %ld", audit->names[audit->count],
		                       &audit->values[audit->count]) == 2;
	return 0;
}

/* An ended process is freed at its CPU's next switch: of several readings, the least in use. */
static void audit_say(const char *when)
{
	static struct audit least, other;
	const struct timespec moment = {.tv_nsec = 10000000};

	for (int i = 0; i < READINGS; i++) {
		nanosleep(&moment, NULL);
		if (audit_read(&other) < 0 && audit_read(&other) < 0) {
			(void)refused(when);
			return;
		}
		for (int k = 0; k < other.count; k++) {
			bool free = strcmp(other.names[k], "pages_free") == 0;

			if (i && (free ? other.values[k] < least.values[k]
			               : other.values[k] > least.values[k]))
				other.values[k] = least.values[k];
		}
		least = other;
	}
	for (int k = 0; k < least.count; k++)
		printf("%s %s %ld\n", when, least.names[k], least.values[k]);
}

/* ---- the run ---- */

/* What is said later shall need no page that was not there at the first audit. */
static void touch_own_pages(char *buffer, size_t size)
{
	char text[2048];

	memset(buffer, 1, size);
	memset(text, 1, sizeof(text));
	snprintf(text, sizeof(text), "wrong %s: %d %ld %s\n", "x", 1, 1L, strerror(EIO));
}

static void tours(void)
{
	files_tour();
	devices_tour();
	processes_tour();
	programs_step();
}

static void step(void)
{
	uint32_t kind = any_below(20);

	bystander_ask();
	if (kind < 11)
		files_step();
	else if (kind < 15)
		devices_step();
	else if (kind < 19)
		processes_step();
	else
		programs_step();
}

/* Whether each service answers everything again. A late fall costs a round. */
static void say_answers(void)
{
	static const struct {
		const char *service;
		enum result (*tour)(void);
	} services[] = {{"tmpfs", files_tour}, {"devfs", devices_tour}, {"procfs", processes_tour}};

	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		enum result result = FAILED;

		for (int round = 0; round < AFTER_ROUNDS && result != DONE; round++)
			result = services[i].tour();
		printf("answers %s %s\n", services[i].service, result == DONE ? "yes" : "no");
	}
}

static void run(unsigned int steps)
{
	bystander_start();
	/* What is allocated once and kept is no leak: everything once before the first audit. */
	files_start();
	tours();
	files_end();
	audit_say("before");
	sync(); /* what is made from here on is the workload's */
	files_start();
	fflush(stdout);
	sync(); /* faults are armed */
	for (unsigned int i = 0; i < steps; i++)
		step();
	sync();
	say_answers();
	files_check();
	files_end();
	audit_say("after");
	bystander_end();
	printf("verdict\n");
}

int main(int count, char **words)
{
	static char buffer[16384];

	if (count == 2)
		return CHILD_ENDS; /* the program that programs_step starts */
	if (count != 3)
		return 2;
	touch_own_pages(buffer, sizeof(buffer));
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	random_state = strtoul(words[1], NULL, 10) * 0x9e3779b97f4a7c15UL + 1;
	run((unsigned int)strtoul(words[2], NULL, 10));
	return 0;
}
