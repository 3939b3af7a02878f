/* SPDX-License-Identifier: MIT
 *
 * A process of the fuzzer: two threads that make calls, and what they bring forth. It may end at
 * any call; it uses nothing of libc behind its start, whose state the calls may take from it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

#include "fuzz.h"

#define FIRST_USER    1000
#define CHILD_CALLS   8
#define DEPTH_MOST    2
#define STACK_BYTES   (16 * PAGE)
#define FILE_BYTES    (1ul << 20)
#define MEMORY_BYTES  (64ul << 20)
#define ERROR_LARGEST 133  /* EHWPOISON */
#define ERRNO_LARGEST 4095 /* results from -4095 on are errors */

/* The call of that number; a child of it goes to fuzz_child(maker). With a stack, the call is made
 * on it and does not come back (rt_sigreturn). */
long fuzz_call(long number, const uint64_t *arguments, struct maker *maker, void *stack);
_Noreturn void fuzz_child(const struct maker *parent);
_Noreturn void fuzz_thread(struct maker *maker);
long fuzz_clone_thread(unsigned long flags, void *stack, struct maker *maker);

__asm__(".text\n"
        ".globl fuzz_call\n"
        "fuzz_call:\n"
        "	push %rbx\n	push %rbp\n	push %r12\n	push %r13\n	push %r14\n	"
        "push %r15\n"
        "	mov %rdx, %r15\n"
        "	mov %rsp, %r14\n"
        "	mov %rdi, %rax\n"
        "	mov %rsi, %r13\n"
        "	test %rcx, %rcx\n"
        "	cmovne %rcx, %rsp\n"
        "	mov (%r13), %rdi\n	mov 8(%r13), %rsi\n	mov 16(%r13), %rdx\n"
        "	mov 24(%r13), %r10\n	mov 32(%r13), %r8\n	mov 40(%r13), %r9\n"
        "	mov %rax, %rbx\n"
        "	syscall\n"
        "	test %rax, %rax\n"
        "	jne 1f\n"
        /* A zero of clone, fork, vfork or clone3: the child. */
        "	lea -56(%rbx), %rcx\n	cmp $2, %rcx\n	jbe 2f\n"
        "	cmp $435, %rbx\n	je 2f\n"
        "1:	mov %r14, %rsp\n"
        "	pop %r15\n	pop %r14\n	pop %r13\n	pop %r12\n	pop %rbp\n	"
        "pop %rbx\n"
        "	ret\n"
        "2:	and $-16, %rsp\n	mov %r15, %rdi\n	call fuzz_child\n"
        ".globl fuzz_restore\n"
        "fuzz_restore:\n"
        "	mov $15, %eax\n	syscall\n"
        ".globl fuzz_clone_thread\n"
        "fuzz_clone_thread:\n"
        "	push %rbx\n"
        "	mov %rdx, %rbx\n"
        "	xor %edx, %edx\n	xor %r10d, %r10d\n	xor %r8d, %r8d\n"
        "	mov $56, %eax\n	syscall\n"
        "	test %rax, %rax\n	jne 1f\n"
        "	and $-16, %rsp\n	mov %rbx, %rdi\n	call fuzz_thread\n"
        "1:	pop %rbx\n	ret\n");

_Static_assert(SYS_clone == 56 && SYS_fork == 57 && SYS_vfork == 58 && SYS_clone3 == 435 &&
                       SYS_rt_sigreturn == 15,
               "the numbers in the assembly");

static long raw_call(struct maker *maker, long number, uint64_t first)
{
	const uint64_t arguments[ARGUMENTS] = {first};

	return fuzz_call(number, arguments, maker, NULL);
}

static void note_wrong(struct control *control, const struct call *call, const uint64_t *arguments,
                       long result)
{
	uint32_t place = __atomic_fetch_add(&control->wrong_count, 1, __ATOMIC_RELAXED);

	if (place >= WRONG_MOST)
		return;
	control->wrong[place].call = (unsigned int)(call - calls);
	memcpy(control->wrong[place].arguments, arguments, sizeof(control->wrong[place].arguments));
	control->wrong[place].result = result;
}

/* An error that no program knows: the kernel's own numbers (ERESTARTSYS and its like) among them.
 * fcntl's F_GETOWN gives the negative of any group. */
static bool is_wrong(const struct call *call, long result)
{
	return result < -ERROR_LARGEST && result >= -ERRNO_LARGEST && call->number != SYS_fcntl;
}

static void keep_process(struct maker *maker, const struct call *call, long result)
{
	static const long births[] = {SYS_fork, SYS_vfork, SYS_clone, SYS_clone3};

	for (size_t i = 0; i < sizeof(births) / sizeof(births[0]); i++)
		if (call->number == births[i] && result > 0)
			maker->pids[random_below(maker, PIDS)] = (int)result;
}

static void make_call(struct maker *maker)
{
	const struct call *call = choose_call(maker);
	struct control *control = maker->control;
	uint64_t arguments[ARGUMENTS];
	void *stack = NULL;
	long result;

	make_arguments(maker, call, arguments);
	if (call->number == SYS_rt_sigreturn)
		stack = maker->memory.words;
	maker->slot->call = (unsigned int)(call - calls);
	memcpy(maker->slot->arguments, arguments, sizeof(arguments));
	__atomic_fetch_add(&maker->slot->calls, 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&control->made[call - calls], 1, __ATOMIC_RELAXED);
	result = fuzz_call(call->number, arguments, maker, stack);
	if (result >= 0 || result < -ERRNO_LARGEST)
		__atomic_fetch_add(&control->succeeded[call - calls], 1, __ATOMIC_RELAXED);
	if (is_wrong(call, result))
		note_wrong(control, call, arguments, result);
	keep_process(maker, call, result);
}

_Noreturn void fuzz_child(const struct maker *parent)
{
	struct maker maker = *parent;

	maker.depth++;
	maker.random += maker.depth;
	for (unsigned int i = 0; i < CHILD_CALLS && maker.depth <= DEPTH_MOST; i++)
		make_call(&maker);
	for (;;)
		raw_call(&maker, SYS_exit, 0);
}

static unsigned int calls_each;

_Noreturn void fuzz_thread(struct maker *maker)
{
	maker->slot->task = (int)raw_call(maker, SYS_gettid, 0);
	for (unsigned int i = 0; i < calls_each; i++)
		make_call(maker);
	for (;;)
		raw_call(maker, SYS_exit, 0);
}

static void *map_pages(size_t size, int protection, int flags)
{
	void *pages = mmap(NULL, size, protection, flags | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		_exit(2);
	return pages;
}

/* Memory of one thread, with holes behind. */
static void make_memory(struct memory *memory)
{
	const int rights = PROT_READ | PROT_WRITE;
	char *out = map_pages(OUT_BYTES + PAGE, rights, MAP_PRIVATE);

	memory->words = map_pages(WORDS_BYTES, rights, MAP_PRIVATE);
	memory->strings = map_pages(STRINGS_BYTES, rights, MAP_PRIVATE);
	if (munmap(out + OUT_BYTES, PAGE) < 0)
		_exit(2);
	memory->out = out;
	memset(memory->words, 0, WORDS_BYTES);
}

static void make_map(char *map)
{
	memset(map, 7, MAP_BYTES / 4);
	mprotect(map + 8 * PAGE, 4 * PAGE, PROT_NONE);
	mprotect(map + 12 * PAGE, 4 * PAGE, PROT_READ);
	munmap(map + 20 * PAGE, 4 * PAGE);
}

/* To the number that calls know it by: a worker before may have taken away the right to open one of
 * those in front of it. */
static void move(int from, int to)
{
	if (from == to)
		return;
	if (from < 0 || dup2(from, to) < 0)
		_exit(2);
	close(from);
}

static void open_pair(int type, int place)
{
	int ends[2];

	if (socketpair(AF_UNIX, type | SOCK_NONBLOCK, 0, ends) < 0)
		_exit(2);
	move(ends[1], place + 1);
	move(ends[0], place);
}

static void open_named(int type, const char *path, int place)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};

	strcpy(name.sun_path, path);
	move(socket(AF_UNIX, type | SOCK_NONBLOCK, 0), place);
	if (bind(place, (struct sockaddr *)&name, sizeof(name)) < 0)
		_exit(2);
}

/* Connected ones, and two that have names. */
static void open_sockets(void)
{
	open_pair(SOCK_STREAM, FIRST_SOCKET);
	open_pair(SOCK_DGRAM, FIRST_SOCKET + 2);
	open_named(SOCK_STREAM, "s", FIRST_SOCKET + 4);
	open_named(SOCK_DGRAM, "t", FIRST_SOCKET + 5);
	if (listen(FIRST_SOCKET + 4, 4) < 0)
		_exit(2);
}

/* A descriptor of each kind; the low numbers are what the calls take most. */
static void open_some(void)
{
	sigset_t set;
	int ends[2], file;

	syscall(SYS_close_range, 0, ~0u, 0);
	open("/dev/null", O_RDWR);
	file = open("a", O_RDWR | O_CREAT, 0666);
	if (pipe2(ends, O_NONBLOCK) < 0 || pipe(ends) < 0 || ftruncate(file, 3 * PAGE) < 0)
		_exit(2);
	open(".", O_RDONLY | O_DIRECTORY);
	open("/dev/zero", O_RDWR);
	open("/proc/self/maps", O_RDONLY);
	open("/proc", O_RDONLY);
	mkdir("d", 0777);
	symlink("a", "l");
	mkfifo("b", 0666);
	open("b", O_RDWR | O_NONBLOCK);
	eventfd(0, EFD_NONBLOCK);
	epoll_create1(0);
	memfd_create("fuzz", MFD_ALLOW_SEALING);
	timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	signalfd(-1, &set, SFD_NONBLOCK);
	open_sockets();
}

static void limit(void)
{
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){FILE_BYTES, FILE_BYTES});
	setrlimit(RLIMIT_AS, &(struct rlimit){MEMORY_BYTES, MEMORY_BYTES});
	setrlimit(RLIMIT_NOFILE, &(struct rlimit){64, 64});
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	signal(SIGXFSZ, SIG_IGN);
}

static void wake(int number)
{
	(void)number;
}

_Noreturn void run_worker(struct maker *maker, unsigned int worker, unsigned int each)
{
	static struct maker second;
	char *map = map_pages(MAP_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE), *stack;
	struct sigaction action = {.sa_handler = wake};

	setsid();
	make_map(map);
	/* main.c ends long waits with this one. No SA_RESTART. */
	sigaction(SIGUSR1, &action, NULL);
	limit();
	if (!maker->privileged && (setgroups(0, NULL) < 0 || setgid(FIRST_USER + worker) < 0 ||
	                           setuid(FIRST_USER + worker) < 0))
		_exit(2);
	open_some();
	maker->memory.map = map;
	calls_each = each;
	second = *maker;
	second.random = random_seed(maker->random, worker, 1);
	second.slot = maker->slot + 1;
	make_memory(&maker->memory);
	make_memory(&second.memory);
	stack = map_pages(STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	if (fuzz_clone_thread(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
	                              CLONE_SYSVSEM,
	                      stack + STACK_BYTES, &second) < 0)
		_exit(2);
	fuzz_thread(maker);
}
