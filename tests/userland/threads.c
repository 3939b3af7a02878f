/* SPDX-License-Identifier: MIT
 *
 * Threads: what they share and what each has of its own, how they end, and what becomes of them
 * when their process ends, executes a program, forks or stops.
 */
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "expect.h"

/* The kernel's numbers, which musl does not have (<linux/futex.h>, <linux/sched.h>). */
#define FUTEX_WAKE                 1
#define FUTEX_WAIT_PRIVATE         128
#define FUTEX_WAKE_PRIVATE         129
#define FUTEX_CMP_REQUEUE_PRIVATE  132
#define FUTEX_WAKE_OP_PRIVATE      133
#define ADD_5_AND_WAKE_IF_IT_WAS_0 0x10005000
#define THREAD_FLAG                0x10000

struct clone_arguments {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid,
	        set_tid_size, cgroup;
};

#define THREADS 8
#define MANY    100
#define ROUNDS  5000

static void nap(long milliseconds)
{
	struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};

	while (nanosleep(&time, &time) < 0)
		;
}

static pid_t thread_id(void)
{
	return (pid_t)syscall(SYS_gettid);
}

static void start(pthread_t *thread, void *(*function)(void *), void *argument)
{
	EXPECT(pthread_create(thread, NULL, function, argument) == 0);
}

/* The child's exit code, or 1000 and the signal that ended it. */
static int outcome_of(void (*body)(void))
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		body();
		_exit(99);
	}
	EXPECT(waitpid(child, &status, 0) == child);
	return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* ---- locks ---- */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;
static long counter, turn;
static atomic_long ready;

static void *add(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&mutex);
		counter++;
		pthread_mutex_unlock(&mutex);
	}
	return unused;
}

static void test_mutex_excludes(void)
{
	pthread_t threads[THREADS];

	counter = 0;
	for (int i = 0; i < THREADS; i++)
		start(&threads[i], add, &threads[i]);
	for (int i = 0; i < THREADS; i++) {
		void *result;

		EXPECT(pthread_join(threads[i], &result) == 0 && result == &threads[i]);
	}
	EXPECT(counter == (long)THREADS * ROUNDS);
}

static void *take_turns(void *argument)
{
	long mine = (long)argument;

	for (int i = 0; i < 50; i++) {
		pthread_mutex_lock(&mutex);
		while (turn % THREADS != mine)
			pthread_cond_wait(&turned, &mutex);
		turn++;
		pthread_cond_broadcast(&turned);
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

static void test_broadcast_wakes_all_waiters(void)
{
	pthread_t threads[THREADS];

	turn = 0;
	for (long i = 0; i < THREADS; i++)
		start(&threads[i], take_turns, (void *)i);
	for (int i = 0; i < THREADS; i++)
		EXPECT(pthread_join(threads[i], NULL) == 0);
	EXPECT(turn == 50L * THREADS);
}

static pthread_mutex_t robust;

static void *die_with_lock(void *unused)
{
	pthread_mutex_lock(&robust);
	return unused;
}

static void test_robust_mutex_tells_that_its_owner_died(void)
{
	pthread_mutexattr_t attributes;
	pthread_t thread;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&robust, &attributes);
	start(&thread, die_with_lock, NULL);
	EXPECT(pthread_join(thread, NULL) == 0);
	EXPECT(pthread_mutex_lock(&robust) == EOWNERDEAD);
	EXPECT(pthread_mutex_consistent(&robust) == 0);
	EXPECT(pthread_mutex_unlock(&robust) == 0);
}

struct shared {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	long value;
};

static void test_processes_share_locks_in_shared_memory(void)
{
	struct shared *shared =
	        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t of_mutex;
	pthread_condattr_t of_cond;
	pid_t child;

	pthread_mutexattr_init(&of_mutex);
	pthread_mutexattr_setpshared(&of_mutex, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&shared->mutex, &of_mutex);
	pthread_condattr_init(&of_cond);
	pthread_condattr_setpshared(&of_cond, PTHREAD_PROCESS_SHARED);
	pthread_cond_init(&shared->changed, &of_cond);
	child = fork();
	for (int i = 0; i < 100; i++) {
		pthread_mutex_lock(&shared->mutex);
		while (shared->value % 2 != (child == 0))
			pthread_cond_wait(&shared->changed, &shared->mutex);
		shared->value++;
		pthread_cond_signal(&shared->changed);
		pthread_mutex_unlock(&shared->mutex);
	}
	if (child == 0)
		_exit(0);
	EXPECT(waitpid(child, NULL, 0) == child);
	EXPECT(shared->value == 200);
	munmap(shared, 4096);
}

static uint32_t words[2];

static void *wait_on_word(void *unused)
{
	ready++;
	while (syscall(SYS_futex, &words[0], FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0) < 0 &&
	       errno == EINTR)
		;
	return unused;
}

static void test_futex_moves_waiters_and_changes_words(void)
{
	pthread_t threads[4];

	words[0] = words[1] = 0;
	ready = 0;
	for (int i = 0; i < 4; i++)
		start(&threads[i], wait_on_word, NULL);
	while (ready < 4)
		nap(1);
	nap(20);
	EXPECT_ERROR(EAGAIN,
	             syscall(SYS_futex, &words[0], FUTEX_CMP_REQUEUE_PRIVATE, 1, 3L, &words[1], 7));
	EXPECT(syscall(SYS_futex, &words[0], FUTEX_CMP_REQUEUE_PRIVATE, 1, 2L, &words[1], 0) == 3);
	EXPECT(syscall(SYS_futex, &words[0], FUTEX_WAKE_OP_PRIVATE, 5, 1L, &words[1],
	               ADD_5_AND_WAKE_IF_IT_WAS_0) == 2);
	EXPECT(words[1] == 5);
	EXPECT(syscall(SYS_futex, &words[1], FUTEX_WAKE_PRIVATE, 5, NULL, NULL, 0) == 1);
	for (int i = 0; i < 4; i++)
		EXPECT(pthread_join(threads[i], NULL) == 0);
	EXPECT_ERROR(EINVAL, syscall(SYS_futex, (char *)words + 1, FUTEX_WAKE, 1, NULL, NULL, 0));
}

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

/* ---- ends ---- */

static void *pause_for_ever(void *unused)
{
	ready++;
	for (;;)
		pause();
	return unused;
}

static void *spin_for_ever(void *unused)
{
	ready++;
	for (;;)
		;
	return unused;
}

static void start_company(void)
{
	pthread_t thread;

	ready = 0;
	for (int i = 0; i < 3; i++)
		start(&thread, pause_for_ever, NULL);
	start(&thread, spin_for_ever, NULL);
	while (ready < 4)
		nap(1);
}

static void *exit_for_all(void *unused)
{
	start_company();
	exit(9);
	return unused;
}

static void body_exit_by_a_thread(void)
{
	pthread_t thread;

	start(&thread, exit_for_all, NULL);
	for (;;)
		pause();
}

static void body_fatal_signal(void)
{
	start_company();
	kill(getpid(), SIGTERM);
	for (;;)
		pause();
}

static void *exit_late(void *unused)
{
	nap(30);
	_exit(7);
	return unused;
}

static void body_first_thread_ends(void)
{
	pthread_t thread;

	start(&thread, exit_late, NULL);
	pthread_exit(NULL);
}

static char *self_path;

static void *execute(void *unused)
{
	char id[16];

	snprintf(id, sizeof(id), "%d", getpid());
	execl(self_path, self_path, "executed", id, NULL);
	_exit(98);
	return unused;
}

static void body_exec_by_a_thread(void)
{
	pthread_t thread;

	start_company();
	start(&thread, execute, NULL);
	for (;;)
		pause();
}

/* The program that body_exec_by_a_thread executes. */
static int executed(const char *id)
{
	return getpid() == atoi(id) && thread_id() == getpid() ? 5 : 6;
}

static void *fork_here(void *unused)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		/* Alone, so its end is the process's. */
		_exit(thread_id() == getpid() ? 3 : 4);
	waitpid(child, &status, 0);
	_exit(WEXITSTATUS(status));
	return unused;
}

static void body_fork_in_a_thread(void)
{
	pthread_t thread;

	start_company();
	start(&thread, fork_here, NULL);
	for (;;)
		pause();
}

static void test_ends(void)
{
	EXPECT(outcome_of(body_exit_by_a_thread) == 9);
	EXPECT(outcome_of(body_fatal_signal) == 1000 + SIGTERM);
	EXPECT(outcome_of(body_first_thread_ends) == 7);
	EXPECT(outcome_of(body_exec_by_a_thread) == 5);
	EXPECT(outcome_of(body_fork_in_a_thread) == 3);
}

static void test_who_waits_in_vfork_can_be_killed(void)
{
	struct timespec before, after;
	pid_t parent = fork();
	int status;

	if (parent == 0) {
		if (vfork() == 0) {
			nap(2000);
			_exit(0);
		}
		_exit(1);
	}
	nap(50);
	clock_gettime(CLOCK_MONOTONIC, &before);
	EXPECT(kill(parent, SIGKILL) == 0);
	EXPECT(waitpid(parent, &status, 0) == parent && WIFSIGNALED(status));
	clock_gettime(CLOCK_MONOTONIC, &after);
	EXPECT(after.tv_sec - before.tv_sec < 2);
}

static void *count_for_ever(void *count)
{
	for (;;)
		++*(atomic_long *)count;
	return NULL;
}

static void test_all_threads_stop_and_continue(void)
{
	atomic_long *counts =
	        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child = fork();
	long stopped[2];
	pthread_t thread;
	int status;

	if (child == 0) {
		start(&thread, count_for_ever, &counts[0]);
		count_for_ever(&counts[1]);
	}
	while (!counts[0] || !counts[1])
		nap(1);
	EXPECT(kill(child, SIGSTOP) == 0);
	EXPECT(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status));
	nap(50);
	for (int i = 0; i < 2; i++)
		stopped[i] = counts[i];
	nap(50);
	for (int i = 0; i < 2; i++)
		EXPECT(counts[i] == stopped[i]);
	EXPECT(kill(child, SIGCONT) == 0);
	for (int i = 0; i < 2; i++)
		while (counts[i] == stopped[i])
			nap(1);
	EXPECT(kill(child, SIGKILL) == 0);
	EXPECT(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
	munmap(counts, 4096);
}

static void test_clone3(void)
{
	struct clone_arguments args = {.exit_signal = SIGCHLD};
	char large[sizeof(args) + 8];
	long child;
	int status;

	EXPECT_ERROR(EINVAL, syscall(SYS_clone3, &args, 8));
	EXPECT_ERROR(E2BIG, syscall(SYS_clone3, &args, 1 << 20));
	EXPECT_ERROR(EFAULT, syscall(SYS_clone3, NULL, sizeof(args)));
	memset(large, 0, sizeof(large));
	large[sizeof(args)] = 1;
	EXPECT_ERROR(E2BIG, syscall(SYS_clone3, large, sizeof(large)));
	args.stack = 4096;
	EXPECT_ERROR(EINVAL, syscall(SYS_clone3, &args, sizeof(args)));
	args.stack = 0;
	args.flags = THREAD_FLAG;
	EXPECT_ERROR(EINVAL, syscall(SYS_clone3, &args, sizeof(args)));
	args.flags = 0;
	child = syscall(SYS_clone3, &args, sizeof(args));
	if (child == 0)
		_exit(12);
	EXPECT(waitpid((pid_t)child, &status, 0) == child && WEXITSTATUS(status) == 12);
}

int main(int argc, char **argv)
{
	if (argc == 3)
		return executed(argv[2]);
	self_path = argv[0];
	test_mutex_excludes();
	test_broadcast_wakes_all_waiters();
	test_robust_mutex_tells_that_its_owner_died();
	test_processes_share_locks_in_shared_memory();
	test_futex_moves_waiters_and_changes_words();
	test_threads_have_ids_and_storage_of_their_own();
	test_many_threads_come_and_go();
	test_descriptors_are_shared();
	test_signals_go_to_who_does_not_block_them();
	test_real_time_signals_queue_up();
	test_a_protection_holds_for_all_cpus();
	test_ends();
	test_who_waits_in_vfork_can_be_killed();
	test_all_threads_stop_and_continue();
	test_clone3();
	return expect_result();
}
