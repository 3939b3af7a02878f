/* SPDX-License-Identifier: MIT
 *
 * Processes, memory, signals, pipes and threads.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stress.h"

#define PAGE 4096u

/* A family: children and their children, all gone when it ends. */
#define CHILDREN 6

static _Noreturn void be_a_child(unsigned int number)
{
	int status;
	pid_t grandchild = fork();

	if (grandchild == 0)
		_exit((int)number + 1);
	if (grandchild < 0)
		_exit(errno == EAGAIN || errno == ENOMEM ? (int)number : 100);
	if (waitpid(grandchild, &status, 0) != grandchild || WEXITSTATUS(status) != (int)number + 1)
		_exit(100);
	_exit((int)number);
}

static pid_t start_program(void)
{
	pid_t child = vfork();

	if (child == 0) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(100);
	}
	return child;
}

unsigned long fork_storm(void)
{
	unsigned long rounds = 0;

	for (; !time_is_up(); rounds++) {
		pid_t children[CHILDREN];
		int status;

		for (unsigned int i = 0; i < CHILDREN; i++) {
			children[i] = i == CHILDREN - 1 ? start_program() : fork();
			if (children[i] == 0)
				be_a_child(i);
			MUST(children[i] > 0);
		}
		for (unsigned int i = 0; i < CHILDREN; i++) {
			MUST(waitpid(children[i], &status, 0) == children[i]);
			MUST(WIFEXITED(status) &&
			     WEXITSTATUS(status) == (i == CHILDREN - 1 ? 0 : (int)i));
		}
		MUST(waitpid(-1, &status, 0) == -1 && errno == ECHILD);
	}
	return rounds;
}

/* Areas that come, grow, move, change their rights and go; each page has its own number. */
#define AREAS      12
#define AREA_PAGES 40u

struct area {
	unsigned int *words;
	unsigned int pages, mark;
};

static void fill(struct area *area)
{
	area->mark = random_number(1u << 20);
	for (unsigned int i = 0; i < area->pages; i++)
		area->words[i * PAGE / sizeof(unsigned int)] = area->mark + i;
}

static void check(const struct area *area)
{
	for (unsigned int i = 0; i < area->pages; i++)
		MUST(area->words[i * PAGE / sizeof(unsigned int)] == area->mark + i);
}

static void resize(struct area *area)
{
	unsigned int pages = 1 + random_number(AREA_PAGES);
	void *moved = mremap(area->words, area->pages * PAGE, pages * PAGE, MREMAP_MAYMOVE);

	MUST(moved != MAP_FAILED);
	area->words = moved;
	if (pages < area->pages)
		area->pages = pages;
	check(area);
	area->pages = pages;
	fill(area);
}

static void change_rights(const struct area *area)
{
	unsigned int half = area->pages / 2;

	MUST(mprotect(area->words, area->pages * PAGE, PROT_READ) == 0);
	check(area);
	MUST(mprotect(area->words, (half + 1) * PAGE, PROT_READ | PROT_WRITE) == 0);
	MUST(mprotect(area->words, area->pages * PAGE, PROT_READ | PROT_WRITE) == 0);
}

/* A child's copy is its own. */
static void copy(struct area *area)
{
	pid_t child = fork();
	int status;

	MUST(child >= 0);
	if (child == 0) {
		check(area);
		fill(area);
		check(area);
		_exit(0);
	}
	check(area);
	MUST(waitpid(child, &status, 0) == child && status == 0);
	check(area);
}

unsigned long map_churn(void)
{
	struct area areas[AREAS] = {0};
	unsigned long rounds = 0;

	for (; !time_is_up(); rounds++) {
		struct area *area = &areas[random_number(AREAS)];

		if (!area->words) {
			area->pages = 1 + random_number(AREA_PAGES);
			area->words = mmap(NULL, area->pages * PAGE, PROT_READ | PROT_WRITE,
			                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			MUST(area->words != MAP_FAILED);
			fill(area);
			continue;
		}
		check(area);
		switch (random_number(6)) {
		case 0:
			copy(area);
			break;
		case 1:
			change_rights(area);
			break;
		case 2:
			MUST(munmap(area->words, area->pages * PAGE) == 0);
			area->words = NULL;
			break;
		default:
			resize(area);
			break;
		}
	}
	return rounds;
}

/* Numbers go to a child as values of a real-time signal, and must come in order. */
#define BURST 8

static _Noreturn void take_signals(const sigset_t *set, int answer)
{
	siginfo_t info;

	for (int expected = 0;; expected = (expected + 1) % 1000) {
		while (sigwaitinfo(set, &info) < 0)
			if (errno != EINTR)
				_exit(1);
		if (info.si_value.sival_int != expected || write(answer, "x", 1) != 1)
			_exit(1);
	}
}

static void count_alarm(int number)
{
	(void)number;
}

unsigned long signal_storm(void)
{
	const struct itimerspec every = {.it_interval.tv_nsec = 3000000,
	                                 .it_value.tv_nsec = 3000000};
	const struct itimerval often = {{0, every.it_interval.tv_nsec / 1000},
	                                {0, every.it_value.tv_nsec / 1000}};
	struct sigaction action = {.sa_handler = count_alarm, .sa_flags = SA_RESTART};
	unsigned long rounds = 0;
	int ends[2], status, value = 0;
	sigset_t set;
	pid_t child;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	MUST(sigprocmask(SIG_BLOCK, &set, NULL) == 0 && pipe(ends) == 0);
	child = fork();
	MUST(child >= 0);
	if (child == 0)
		take_signals(&set, ends[1]);
	MUST(sigaction(SIGALRM, &action, NULL) == 0);
	MUST(setitimer(ITIMER_REAL, &often, NULL) == 0);
	for (; !time_is_up(); rounds++) {
		char answers[BURST];

		for (unsigned int i = 0; i < BURST; i++, value = (value + 1) % 1000)
			MUST(sigqueue(child, SIGRTMIN, (union sigval){.sival_int = value}) == 0);
		for (ssize_t got = 0, more; got < BURST; got += more)
			MUST((more = read(ends[0], answers, (size_t)(BURST - got))) > 0);
	}
	MUST(kill(child, SIGKILL) == 0 && waitpid(child, &status, 0) == child);
	MUST(WIFSIGNALED(status));
	return rounds;
}

/* Bytes that count up go through three processes. */
#define PIECE 5000

static _Noreturn void pass_on(int from, int to)
{
	static char bytes[PIECE];
	ssize_t got;

	while ((got = read(from, bytes, 1 + random_number(PIECE - 1))) > 0)
		for (ssize_t done = 0, more; done < got; done += more) {
			more = write(to, bytes + done, (size_t)(got - done));
			if (more <= 0)
				_exit(1);
		}
	_exit(got != 0);
}

static _Noreturn void make_bytes(int to)
{
	static char bytes[PIECE];
	unsigned int next = 0;

	while (!time_is_up()) {
		unsigned int size = 1 + random_number(PIECE - 1);

		for (unsigned int i = 0; i < size; i++)
			bytes[i] = (char)next++;
		for (ssize_t done = 0, more; done < (ssize_t)size; done += more) {
			more = write(to, bytes + done, size - (size_t)done);
			if (more <= 0)
				_exit(1);
		}
	}
	_exit(0);
}

unsigned long pipe_stream(void)
{
	static char bytes[PIECE];
	unsigned long rounds = 0;
	unsigned int next = 0;
	int first[2], second[2], status;
	ssize_t got;

	MUST(pipe(first) == 0 && pipe(second) == 0);
	if (fork() == 0) {
		close(first[0]);
		make_bytes(first[1]);
	}
	if (fork() == 0) {
		close(first[1]);
		close(second[0]);
		pass_on(first[0], second[1]);
	}
	close(first[0]);
	close(first[1]);
	close(second[1]);
	for (; (got = read(second[0], bytes, sizeof(bytes))) > 0; rounds++)
		for (ssize_t i = 0; i < got; i++)
			MUST(bytes[i] == (char)next++);
	MUST(got == 0);
	for (unsigned int i = 0; i < 2; i++)
		MUST(wait(&status) > 0 && status == 0);
	return rounds;
}

/* Threads count under a mutex and hand turns to one another. */
#define THREADS 4
#define TURNS   50

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;
static unsigned int turn;

static void *take_turns(void *number)
{
	const unsigned int own = (unsigned int)(unsigned long)number;

	for (unsigned int i = 0; i < TURNS; i++) {
		pthread_mutex_lock(&lock);
		while (turn % THREADS != own)
			pthread_cond_wait(&turned, &lock);
		turn++;
		pthread_cond_broadcast(&turned);
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

unsigned long thread_storm(void)
{
	unsigned long rounds = 0;

	for (; !time_is_up(); rounds++) {
		pthread_t threads[THREADS];

		turn = 0;
		for (unsigned long i = 0; i < THREADS; i++)
			MUST(pthread_create(&threads[i], NULL, take_turns, (void *)i) == 0);
		for (unsigned int i = 0; i < THREADS; i++)
			MUST(pthread_join(threads[i], NULL) == 0);
		MUST(turn == THREADS * TURNS);
	}
	return rounds;
}
