/* SPDX-License-Identifier: MIT
 *
 * The system-call fuzzer: calls of the kernel's own table (kernel/syscall/syscalls.def) with
 * plausible, borderline and hostile arguments, from several processes and threads at once.
 *
 *   grammar.c    the table: each call with its arguments' kinds and names
 *   values.c     which numbers an argument of a name may take
 *   shapes.c     what user memory of a name holds: vectors, times, sets
 *   arguments.c  one call's arguments
 *   worker.c     a process that makes calls, and its threads and children
 *   main.c       rounds of workers, and what must hold after each
 *
 * One seed gives the same calls; what they meet depends on scheduling.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARGUMENTS 6
#define WORKERS   4
#define THREADS   2
#define PAGE      4096u

enum kind {
#define SYSCALL_KIND(kind, type) KIND_##kind,
#include "../../kernel/syscall/kinds.def"
};

struct call {
	const char *name;
	long number;
	unsigned int count;
	enum kind kinds[ARGUMENTS];
	const char *names[ARGUMENTS];
};

extern const struct call calls[];
extern const unsigned int call_count;
#define CALLS_MOST 512

/* Where the calls of one thread point to. The kernel may take what lies in `words` for addresses:
 * it is always aligned, and in a kernel that does not check addresses always of user space. */
struct memory {
	uint64_t *words;
	char *strings;
	char *out;     /* written by calls and of any content; followed by a hole */
	char *map;     /* what mmap, munmap, mprotect and mremap work on */
	int *shared;   /* futex words that all workers have */
	char *control; /* only for its address: nothing else may point there */
};

#define WORDS_BYTES   (4 * PAGE)
#define STRINGS_BYTES (4 * PAGE)
#define OUT_BYTES     (8 * PAGE)
#define MAP_BYTES     (64 * PAGE)

#define PIDS 8

/* Descriptors of a worker that are sockets at its start. */
#define FIRST_SOCKET 16
#define SOCKETS      6

/* One maker of calls: a thread of a worker, or a child of one. */
struct maker {
	uint64_t random;
	struct memory memory;
	size_t words_used, strings_used;
	bool unchecked;  /* the kernel does not check user addresses: none of the kernel's */
	bool privileged; /* root: spares the processes that the run needs */
	bool plausible;  /* the call at hand: nothing odd in it */
	unsigned int depth;
	int pids[PIDS];
	struct slot *slot;
	struct control *control;
};

/* The call that a thread is in, for the report of a failure. */
struct slot {
	uint64_t calls;
	int task;
	unsigned int call;
	uint64_t arguments[ARGUMENTS];
};

struct wrong {
	unsigned int call;
	uint64_t arguments[ARGUMENTS];
	long result;
};

#define WRONG_MOST 16

/* Shared by all processes of a run. */
struct control {
	struct slot slots[WORKERS][THREADS];
	uint64_t made[CALLS_MOST], succeeded[CALLS_MOST];
	uint32_t wrong_count;
	struct wrong wrong[WRONG_MOST];
};

uint64_t random_word(struct maker *maker);
/* From 0 to below the limit. */
unsigned int random_below(struct maker *maker, unsigned int limit);
bool one_in(struct maker *maker, unsigned int times);
/* The same for what a program does not do: never in a call that is to be plausible. */
bool odd_in(struct maker *maker, unsigned int times);
/* A state that is the same for the same three numbers. */
uint64_t random_seed(uint64_t seed, uint64_t round, uint64_t place);

/* values.c */
uint64_t value_of(struct maker *maker, const struct call *call, unsigned int position);
uint64_t size_value(struct maker *maker);
int descriptor_value(struct maker *maker);
int process_value(struct maker *maker);

/* shapes.c: the address of memory as the argument's name says. */
uint64_t shape_of(struct maker *maker, const struct call *call, unsigned int position);
uint64_t path_value(struct maker *maker);

/* arguments.c */
const struct call *choose_call(struct maker *maker);
void make_arguments(struct maker *maker, const struct call *call, uint64_t *arguments);

/* worker.c */
_Noreturn void run_worker(struct maker *maker, unsigned int worker, unsigned int each);
