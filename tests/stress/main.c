/* SPDX-License-Identifier: MIT
 *
 * stress SECONDS: runs the actors at once, and prints `NAME rounds N` for each. Status 0: all saw
 * what they must; 1: one did not; 2: wrong usage; 3: one did not end.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stress.h"

#define GRACE_SECONDS 30 /* an actor's last round */
#define LOOK_NS       50000000

static const struct actor {
	const char *name;
	unsigned long (*run)(void);
} actors[] = {
        {"fork_storm", fork_storm},     {"map_churn", map_churn},
        {"signal_storm", signal_storm}, {"pipe_stream", pipe_stream},
        {"thread_storm", thread_storm}, {"file_churn", file_churn},
        {"fall_often", fall_often},     {"fork_storm", fork_storm},
        {"map_churn", map_churn},       {"file_churn", file_churn},
};

#define ACTORS (sizeof(actors) / sizeof(actors[0]))

static time_t end;
static unsigned int state;

static time_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

bool time_is_up(void)
{
	return now() >= end;
}

/* xorshift32 (Marsaglia 2003) */
unsigned int random_number(unsigned int limit)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % limit;
}

static pid_t start(unsigned int which)
{
	pid_t child = fork();
	char line[64];
	int length;

	if (child != 0)
		return child;
	/* A group of its own, so that what it leaves behind can be ended. */
	setpgid(0, 0);
	state = 2463534242u + which;
	length = snprintf(line, sizeof(line), "%s rounds %lu\n", actors[which].name,
	                  actors[which].run());
	/* In one piece: others write too. */
	_exit(write(1, line, (size_t)length) != length);
}

/* Waits for one until the time is up: whether it ended well. */
static bool ended_well(pid_t child, const char *name, bool *hung)
{
	int status;

	while (waitpid(child, &status, WNOHANG) == 0) {
		if (now() > end + GRACE_SECONDS) {
			printf("hang: %s does not end\n", name);
			kill(-child, SIGKILL);
			*hung = true;
			return false;
		}
		nanosleep(&(struct timespec){.tv_nsec = LOOK_NS}, NULL);
	}
	if (status != 0) {
		printf("wrong: %s ended with 0x%x\n", name, (unsigned int)status);
		kill(-child, SIGKILL);
	}
	return status == 0;
}

int main(int argc, char **argv)
{
	long seconds = argc == 2 ? atol(argv[1]) : 0;
	bool hung = false, well = true;
	pid_t children[ACTORS];

	if (seconds < 1) {
		printf("usage: stress SECONDS\n");
		return 2;
	}
	end = now() + seconds;
	for (unsigned int i = 0; i < ACTORS; i++) {
		children[i] = start(i);
		if (children[i] < 0) {
			printf("wrong: fork: %s\n", strerror(errno));
			return 1;
		}
	}
	for (unsigned int i = 0; i < ACTORS; i++)
		well &= ended_well(children[i], actors[i].name, &hung);
	if (hung)
		return 3;
	return well ? 0 : 1;
}
