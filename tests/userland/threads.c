/* SPDX-License-Identifier: MIT
 *
 * Threads: what they share, and what each has of its own.
 */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>

#include "threads.h"

#define MANY 100

/* ---- identity ---- */

/* What /proc says of how many there are. */
static int threads_in_status(void)
{
	char text[1024];
	int fd = open("/proc/self/status", O_RDONLY), count = -1;
	ssize_t length = read(fd, text, sizeof(text) - 1);
	char *line;

	close(fd);
	text[length > 0 ? length : 0] = '\0';
	line = strstr(text, "Threads:");
	if (line)
		count = atoi(line + strlen("Threads:"));
	return count;
}

static atomic_long ids[THREADS];
static __thread long own;
static atomic_int released;

static void *note_identity(void *argument)
{
	long i = (long)argument;

	own = i;
	EXPECT(getpid() != thread_id());
	ids[i] = thread_id();
	while (!released)
		nap(1);
	EXPECT(own == i);
	return NULL;
}

static void test_threads_have_ids_and_storage_of_their_own(void)
{
	pthread_t threads[THREADS];

	EXPECT(getpid() == thread_id());
	for (long i = 0; i < THREADS; i++)
		start(&threads[i], note_identity, (void *)i);
	EXPECT(threads_in_status() == THREADS + 1);
	released = 1;
	for (int i = 0; i < THREADS; i++)
		EXPECT(pthread_join(threads[i], NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		for (int j = 0; j < i; j++)
			EXPECT(ids[i] != ids[j]);
}

static void *nothing(void *argument)
{
	return argument;
}

static void test_many_threads_come_and_go(void)
{
	static pthread_t threads[MANY];
	pthread_attr_t attributes;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 16384);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < MANY; i++)
			EXPECT(pthread_create(&threads[i], &attributes, nothing, NULL) == 0);
		for (int i = 0; i < MANY; i++)
			EXPECT(pthread_join(threads[i], NULL) == 0);
	}
}

static void *open_and_close(void *unused)
{
	for (int i = 0; i < 50; i++) {
		int fds[40];

		for (int j = 0; j < 40; j++)
			EXPECT((fds[j] = open("/dev/zero", O_RDONLY)) >= 0);
		for (int j = 0; j < 40; j++)
			EXPECT(close(fds[j]) == 0);
	}
	return unused;
}

static void test_descriptors_are_shared(void)
{
	pthread_t threads[2];
	int before = dup(0), after;

	close(before);
	for (int i = 0; i < 2; i++)
		start(&threads[i], open_and_close, NULL);
	for (int i = 0; i < 2; i++)
		EXPECT(pthread_join(threads[i], NULL) == 0);
	after = dup(0);
	EXPECT(after == before);
	close(after);
}

/* ---- signals ---- */

static atomic_long taken_by;

static void note_taker(int number)
{
	(void)number;
	taken_by = thread_id();
}

static void *sleep_with_signal(void *argument)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(argument ? SIG_UNBLOCK : SIG_BLOCK, &set, NULL);
	ids[argument != NULL] = thread_id();
	ready++;
	while (!taken_by)
		nap(1);
	return NULL;
}

static void test_signals_go_to_who_does_not_block_them(void)
{
	struct sigaction action = {.sa_handler = note_taker};
	pthread_t threads[2];
	sigset_t set;

	sigaction(SIGUSR1, &action, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	for (int directed = 0; directed < 2; directed++) {
		taken_by = 0;
		ready = 0;
		start(&threads[0], sleep_with_signal, NULL);
		start(&threads[1], sleep_with_signal, "unblocked");
		while (ready < 2)
			nap(1);
		if (directed)
			EXPECT(pthread_kill(threads[1], SIGUSR1) == 0);
		else
			EXPECT(kill(getpid(), SIGUSR1) == 0);
		for (int i = 0; i < 2; i++)
			EXPECT(pthread_join(threads[i], NULL) == 0);
		EXPECT(taken_by == ids[1]);
	}
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	/* Who joins is told a little before the end. */
	for (int i = 0; i < 1000 && syscall(SYS_tgkill, getpid(), ids[1], 0) == 0; i++)
		nap(1);
	EXPECT_ERROR(ESRCH, syscall(SYS_tgkill, getpid(), ids[1], SIGUSR1));
	EXPECT_ERROR(EINVAL, syscall(SYS_tgkill, 0, ids[1], SIGUSR1));
	EXPECT_ERROR(ESRCH, syscall(SYS_tgkill, getppid(), getpid(), 0));
}

static void *wait_for_signals(void *argument)
{
	sigset_t *set = argument;
	siginfo_t info;

	for (int i = 0; i < 5; i++) {
		EXPECT(sigwaitinfo(set, &info) == SIGRTMIN + 1);
		EXPECT(info.si_code == SI_QUEUE && info.si_pid == getpid());
		EXPECT(info.si_value.sival_int == i * i);
	}
	EXPECT(sigwaitinfo(set, &info) == SIGRTMIN + 2 && info.si_value.sival_int == 77);
	return NULL;
}

static void test_real_time_signals_queue_up(void)
{
	struct timespec none = {0, 0};
	union sigval value = {.sival_int = 77};
	pthread_t thread;
	sigset_t set;
	int queued = 0;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 1);
	sigaddset(&set, SIGRTMIN + 2);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	EXPECT(sigqueue(getpid(), SIGRTMIN + 2, value) == 0);
	for (int i = 0; i < 5; i++) {
		value.sival_int = i * i;
		EXPECT(sigqueue(getpid(), SIGRTMIN + 1, value) == 0);
	}
	start(&thread, wait_for_signals, &set);
	EXPECT(pthread_join(thread, NULL) == 0);
	while (queued < 100000 && sigqueue(getpid(), SIGRTMIN + 1, value) == 0)
		queued++;
	EXPECT(errno == EAGAIN && queued > 100 && queued < 100000);
	while (queued > 0 && sigtimedwait(&set, NULL, &none) > 0)
		queued--;
	EXPECT(queued == 0);
	EXPECT_ERROR(EAGAIN, sigtimedwait(&set, NULL, &none));
}

/* ---- memory ---- */

static sigjmp_buf back;
static volatile char *page;

static void leave(int number)
{
	siglongjmp(back, number);
}

static void *read_until_refused(void *unused)
{
	if (sigsetjmp(back, 1) == 0) {
		ready = 1;
		for (;;)
			(void)*page;
	}
	return unused;
}

static void test_a_protection_holds_for_all_cpus(void)
{
	struct sigaction action = {.sa_handler = leave}, old;
	pthread_t thread;

	sigaction(SIGSEGV, &action, &old);
	for (int i = 0; i < 6; i++) {
		page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		*page = 1;
		ready = 0;
		start(&thread, read_until_refused, NULL);
		while (!ready)
			nap(1);
		if (i % 2)
			mprotect((void *)page, 4096, PROT_NONE);
		else
			munmap((void *)page, 4096);
		EXPECT(pthread_join(thread, NULL) == 0);
		if (i % 2)
			munmap((void *)page, 4096);
	}
	sigaction(SIGSEGV, &old, NULL);
}

int main(void)
{
	test_threads_have_ids_and_storage_of_their_own();
	test_many_threads_come_and_go();
	test_descriptors_are_shared();
	test_signals_go_to_who_does_not_block_them();
	test_real_time_signals_queue_up();
	test_a_protection_holds_for_all_cpus();
	return expect_result();
}
