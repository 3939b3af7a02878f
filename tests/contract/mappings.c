/* SPDX-License-Identifier: MIT
 *
 * mmap(2), mprotect(2), mremap(2), madvise(2): their flags, their borders, and what is there behind
 * them.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "contract.h"

#define PAGE ((size_t)4096)
#define RW   (PROT_READ | PROT_WRITE)

/* musl's headers lack what Linux has learned since. */
#define ADVICE_POPULATE_READ  22
#define ADVICE_POPULATE_WRITE 23
#define REMAP_DONTUNMAP       4

static sigjmp_buf back;
static volatile sig_atomic_t caught;

static void leave(int number)
{
	caught = number;
	siglongjmp(back, 1);
}

/* A letter: the byte that is there; '-' for SIGSEGV, '!' for SIGBUS. */
static char look(const volatile char *at)
{
	signal(SIGSEGV, leave);
	signal(SIGBUS, leave);
	if (sigsetjmp(back, 1))
		return caught == SIGBUS ? '!' : '-';
	return *at ? *at : '0';
}

static char write_to(volatile char *at, char value)
{
	signal(SIGSEGV, leave);
	signal(SIGBUS, leave);
	if (sigsetjmp(back, 1))
		return caught == SIGBUS ? '!' : '-';
	*at = value;
	return *at;
}

static void look_at(const char *at, size_t pages)
{
	for (size_t i = 0; i < pages; i++)
		putchar(look(at + i * PAGE));
	putchar('\n');
}

/* Pages that begin with a, b, c ... */
static char *lettered(size_t pages, int flags)
{
	char *at = mmap(NULL, pages * PAGE, RW, flags | MAP_ANONYMOUS, -1, 0);

	for (size_t i = 0; i < pages; i++)
		at[i * PAGE] = (char)('a' + i);
	return at;
}

/* Which of two answers it was, without the address. */
static void show_place(const char *what, const void *got, const void *expected)
{
	if (got == MAP_FAILED)
		SAY("%s: errno %d", what, errno);
	else
		SAY("%s: %s", what, got == expected ? "there" : "elsewhere");
}

CASE(fixed_replaces_what_was_there)
{
	char *at = lettered(4, MAP_PRIVATE);

	show_place("fixed",
	           mmap(at + PAGE, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
	           at + PAGE);
	look_at(at, 4);
	show_place("odd", mmap(at + 1, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
	           at);
	show_place("low", mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), at);
	show_place("high",
	           mmap((void *)0x7ffffffff000, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
	                -1, 0),
	           at);
}

CASE(fixed_noreplace_refuses_what_is_taken)
{
	char *at = lettered(4, MAP_PRIVATE);

	SHOW(munmap(at + PAGE, 2 * PAGE));
	for (size_t i = 0; i < 4; i++)
		show_place("page",
		           mmap(at + i * PAGE, PAGE, RW,
		                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0),
		           at + i * PAGE);
	look_at(at, 4);
}

CASE(a_hint_is_taken_where_it_is_free)
{
	char *at = lettered(2, MAP_PRIVATE);

	SHOW(munmap(at, PAGE));
	show_place("free", mmap(at, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), at);
	show_place("odd", mmap(at + 1, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), at);
	show_place("taken", mmap(at, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), at);
}

CASE(mmap_refuses)
{
	int file = make_file("file", "text"), reader = open("file", O_RDONLY);
	int writer = open("file", O_WRONLY), directory = open(".", O_RDONLY), ends[2];

	SHOW(pipe(ends));
	SHOW(mmap(NULL, 0, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	SHOW(mmap(NULL, PAGE, RW, MAP_ANONYMOUS, -1, 0));
	SHOW(mmap(NULL, PAGE, RW, MAP_PRIVATE, -1, 0));
	SHOW(syscall(SYS_mmap, NULL, PAGE, RW, MAP_PRIVATE, file, 1));
	SHOW(mmap(NULL, PAGE, RW, MAP_SHARED, reader, 0));
	SHOW(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, writer, 0));
	SHOW(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, directory, 0));
	SHOW(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, ends[0], 0));
	SHOW(mmap(NULL, (size_t)1 << 60, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	SHOW(mmap(NULL, SIZE_MAX - PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
	SHOW(munmap((void *)1, PAGE));
	SHOW(munmap((void *)PAGE, 0));
}

CASE(populate_brings_pages_in)
{
	unsigned char there[4];
	char *at = mmap(NULL, 4 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	SHOW(mincore(at, 4 * PAGE, there));
	for (int i = 0; i < 4; i++)
		SAY("%d", there[i] & 1);
	look_at(at, 4);
}

CASE(a_file_ends_where_its_last_page_does)
{
	int file = make_file("file", "text");
	char *at = mmap(NULL, 3 * PAGE, RW, MAP_SHARED, file, 0);

	look_at(at, 3);
	SAY("%c%c", look(at + 4), look(at + PAGE - 1));
	SHOW(ftruncate(file, (off_t)(2 * PAGE)));
	look_at(at, 3);
	SAY("%c", write_to(at + PAGE, 'x'));
	look_at(at, 3);
}

CASE(a_file_that_shrinks_takes_its_pages_away)
{
	int file = make_file("file", "text");
	char *at = mmap(NULL, 2 * PAGE, RW, MAP_SHARED, file, 0);

	SHOW(ftruncate(file, (off_t)(2 * PAGE)));
	SAY("%c", write_to(at + PAGE, 'x'));
	SHOW(ftruncate(file, 1));
	look_at(at, 2);
	SAY("%c", look(at + 1));
}

CASE(private_changes_stay_private)
{
	int file = make_file("file", "text");
	char *own = mmap(NULL, PAGE, RW, MAP_PRIVATE, file, 0);
	char *shared = mmap(NULL, PAGE, RW, MAP_SHARED, file, 0);
	char byte = 0;

	own[0] = 'T';
	shared[1] = 'E';
	SHOW(pread(file, &byte, 1, 0));
	SAY("%c", byte);
	SHOW(pread(file, &byte, 1, 1));
	SAY("%c %c", byte, own[0]);
	SHOW(madvise(own, PAGE, MADV_DONTNEED));
	SAY("%c%c", own[0], own[1]);
}

CASE(mprotect_changes_each_page)
{
	char *at = lettered(5, MAP_PRIVATE);

	SHOW(mprotect(at + PAGE, PAGE, PROT_NONE));
	SHOW(mprotect(at + 2 * PAGE, PAGE, PROT_READ));
	SHOW(mprotect(at + 3 * PAGE, 1, PROT_READ));
	look_at(at, 5);
	for (size_t i = 0; i < 5; i++)
		SAY("%c", write_to(at + i * PAGE, 'x'));
	SHOW(mprotect(at, 5 * PAGE, RW));
	look_at(at, 5);
}

CASE(mprotect_refuses)
{
	char *at = lettered(4, MAP_PRIVATE);
	int file = make_file("file", "text"), reader = open("file", O_RDONLY);
	char *shared = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, reader, 0);

	(void)file;
	SHOW(syscall(SYS_mprotect, at + 1, PAGE, PROT_READ));
	SHOW(mprotect(at, 0, PROT_NONE));
	SHOW(mprotect(at, PAGE, 0x40));
	SHOW(mprotect(at, PAGE, PROT_GROWSUP | PROT_GROWSDOWN | PROT_READ));
	SHOW(mprotect(at, PAGE, PROT_GROWSDOWN | PROT_READ));
	SHOW(mprotect(shared, PAGE, RW));
	SHOW(munmap(at + PAGE, PAGE));
	SHOW(mprotect(at + PAGE, PAGE, PROT_READ));
	/* Up to the gap it is done. */
	SHOW(mprotect(at, 3 * PAGE, PROT_READ));
	SAY("%c%c", write_to(at, 'x'), write_to(at + 2 * PAGE, 'x'));
}

CASE(mremap_shrinks_and_grows)
{
	char *at = lettered(4, MAP_PRIVATE), *other;

	show_place("shrink", mremap(at, 4 * PAGE, 2 * PAGE, 0), at);
	look_at(at, 4);
	show_place("grow", mremap(at, 2 * PAGE, 4 * PAGE, 0), at);
	look_at(at, 4);
	show_place("block",
	           mmap(at + 2 * PAGE, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
	           at + 2 * PAGE);
	SHOW(mprotect(at + 2 * PAGE, PAGE, PROT_READ));
	SHOW(mremap(at, 2 * PAGE, 4 * PAGE, 0));
	other = mremap(at, 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE);
	show_place("move", other, at);
	look_at(other, 4);
	look_at(at, 3);
}

CASE(mremap_to_a_place)
{
	char *at = lettered(4, MAP_PRIVATE), *to = lettered(6, MAP_PRIVATE);

	show_place("fixed",
	           mremap(at, 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to + PAGE),
	           to + PAGE);
	look_at(to, 6);
	look_at(at, 4);
	SHOW(mremap(to, 2 * PAGE, 2 * PAGE, MREMAP_FIXED, at));
	SHOW(mremap(to, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to + PAGE));
	SHOW(mremap(to, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, at + 1));
}

CASE(mremap_refuses)
{
	char *at = lettered(4, MAP_PRIVATE);

	SHOW(mremap(at + 1, PAGE, PAGE, 0));
	SHOW(mremap(at, PAGE, 0, 0));
	SHOW(mremap(at, PAGE, PAGE, 64));
	SHOW(mremap(at, 0, PAGE, MREMAP_MAYMOVE));
	SHOW(munmap(at + PAGE, PAGE));
	SHOW(mremap(at, 3 * PAGE, 5 * PAGE, MREMAP_MAYMOVE));
	SHOW(mremap(at + PAGE, PAGE, 2 * PAGE, MREMAP_MAYMOVE));
	SHOW(mremap(at, PAGE, 2 * PAGE, REMAP_DONTUNMAP));
	SHOW(mremap(at, PAGE, 2 * PAGE, MREMAP_MAYMOVE | REMAP_DONTUNMAP));
}

CASE(mremap_without_a_size_maps_shared_memory_again)
{
	char *at = lettered(2, MAP_SHARED), *again = mremap(at, 0, 2 * PAGE, MREMAP_MAYMOVE);

	show_place("again", again, at);
	look_at(again, 2);
	again[PAGE] = 'x';
	look_at(at, 2);
	SHOW(munmap(at, 2 * PAGE));
	look_at(again, 2);
}

CASE(mremap_may_leave_the_old_place_mapped)
{
	char *at = lettered(3, MAP_PRIVATE);
	char *to = mremap(at, 3 * PAGE, 3 * PAGE, MREMAP_MAYMOVE | REMAP_DONTUNMAP);

	show_place("moved", to, at);
	look_at(to, 3);
	look_at(at, 3);
	SAY("%c%c", write_to(at, 'x'), look(to));
}

CASE(madvise_dontneed_and_free)
{
	char *at = lettered(3, MAP_PRIVATE), *shared = lettered(2, MAP_SHARED);
	int file = make_file("file", "text");
	char *own = mmap(NULL, PAGE, RW, MAP_PRIVATE, file, 0);

	SHOW(madvise(at + PAGE, PAGE, MADV_DONTNEED));
	look_at(at, 3);
	SHOW(madvise(shared, PAGE, MADV_DONTNEED));
	look_at(shared, 2);
	SHOW(madvise(shared, PAGE, MADV_FREE));
	SHOW(madvise(own, PAGE, MADV_FREE));
	SHOW(madvise(at, PAGE, MADV_FREE));
	SAY("%c", write_to(at, 'x'));
	SHOW(mlock(at, PAGE));
	SHOW(madvise(at, PAGE, MADV_DONTNEED));
	SHOW(madvise(at, PAGE, MADV_FREE));
}

CASE(madvise_goes_over_gaps_and_tells)
{
	char *at = lettered(4, MAP_PRIVATE);

	SHOW(munmap(at + PAGE, PAGE));
	SHOW(madvise(at, 4 * PAGE, MADV_DONTNEED));
	look_at(at, 4);
	SHOW(madvise(at + PAGE, PAGE, MADV_WILLNEED));
	SHOW(madvise(at + 1, PAGE, MADV_DONTNEED));
	SHOW(madvise(at, 0, MADV_DONTNEED));
	SHOW(madvise(at, PAGE, 77));
	SHOW(madvise(at, SIZE_MAX - 100, MADV_DONTNEED));
}

/* What a child finds. */
static void look_from_a_child(const char *at, size_t pages)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		look_at(at, pages);
		fflush(stdout);
		_exit(0);
	}
	SHOW(waitpid(child, NULL, 0) == child);
}

CASE(madvise_of_what_children_have)
{
	char *at = lettered(5, MAP_PRIVATE), *shared = lettered(1, MAP_SHARED);

	SHOW(madvise(at + PAGE, PAGE, MADV_DONTFORK));
	SHOW(madvise(at + 3 * PAGE, PAGE, MADV_WIPEONFORK));
	SHOW(madvise(shared, PAGE, MADV_WIPEONFORK));
	look_from_a_child(at, 5);
	look_at(at, 5);
	SHOW(madvise(at, 5 * PAGE, MADV_DOFORK));
	SHOW(madvise(at, 5 * PAGE, MADV_KEEPONFORK));
	look_from_a_child(at, 5);
}

CASE(madvise_populate)
{
	unsigned char there[4];
	char *at = mmap(NULL, 4 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	SHOW(madvise(at + PAGE, 2 * PAGE, ADVICE_POPULATE_WRITE));
	SHOW(mincore(at, 4 * PAGE, there));
	for (int i = 0; i < 4; i++)
		SAY("%d", there[i] & 1);
	SHOW(mprotect(at + 2 * PAGE, PAGE, PROT_READ));
	SHOW(madvise(at + 2 * PAGE, PAGE, ADVICE_POPULATE_WRITE));
	SHOW(madvise(at + 2 * PAGE, PAGE, ADVICE_POPULATE_READ));
	SHOW(munmap(at + 3 * PAGE, PAGE));
	SHOW(madvise(at, 4 * PAGE, ADVICE_POPULATE_READ));
}

/* Each page further down is brought in by its touch, until something is there. */
CASE(growsdown_grows_down)
{
	char *room = mmap(NULL, 600 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *at;

	SHOW(munmap(room, 600 * PAGE));
	at = mmap(room + 590 * PAGE, PAGE, RW,
	          MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN, -1, 0);
	show_place("stack", at, room + 590 * PAGE);
	for (int i = 0; i < 20; i++)
		putchar(write_to(at - (size_t)i * PAGE, 'x'));
	putchar('\n');
	SAY("%c", look(at + PAGE));
}
