/* SPDX-License-Identifier: MIT
 *
 * A step by a remembered row is libunwind's step: over this program and the C library,
 * whose tables have every kind of row that compilers make, from stacks full of random numbers.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <link.h>
#include <pthread.h>
#include <stdlib.h>

#include <arch/unwind_rows.h>

/* Every so many-th address of the code: prime, so that all places within instructions come. */
#define STRIDE 101

#define STACK_WORDS 65536

extern const char frame_at_entry[], frame_pushed[], frame_reserved[], frame_popped[], frame_end[];
extern const char pointer_at_entry[], pointer_set[], pointer_far[];
extern const char address_in_register[], trap_frame[];

static uint64_t stack[STACK_WORDS];

_Noreturn void panic_at(const char *file, int line, const char *function, const char *fmt, ...);

_Noreturn void panic_at(const char *file, int line, const char *function, const char *fmt, ...)
{
	print_error("%s:%d: %s: %s\n", file, line, function, fmt);
	abort();
}

static uint64_t random_number(uint64_t *state)
{
	*state = *state * 6364136223846793005 + 1442695040888963407;
	return *state >> 33;
}

/* Somewhere in the middle of the stack: an odd row may read through any word. */
static uint64_t address_within(uint64_t *state)
{
	return (uint64_t)&stack[STACK_WORDS / 4 + random_number(state) % (STACK_WORDS / 2)];
}

static int fill(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (size_t i = 0; i < STACK_WORDS; i++)
		stack[i] = address_within(&seed);
	return 0;
}

static struct unwind_frame some_frame(uint64_t instruction, uint64_t *seed)
{
	struct unwind_frame frame = {.exact = true};

	for (unsigned int i = 0; i < CONTEXT_REGISTERS; i++)
		frame.context.data[i] = address_within(seed);
	frame.context.data[CONTEXT_RIP] = instruction;
	return frame;
}

/* libunwind's own step from a frame whose address is the one behind the instruction's first byte:
 * false at its end. */
static bool step_of_libunwind(unw_context_t *context, uint64_t instruction, unw_cursor_t *cursor)
{
	unw_init_local(cursor, context);
	unw_set_reg(cursor, UNW_X86_64_RIP, instruction + 1);
	return unw_step(cursor) > 0;
}

static unw_word_t register_of(unw_cursor_t *cursor, int name)
{
	unw_word_t value = 0;

	assert_int_equal(unw_get_reg(cursor, name, &value), 0);
	return value;
}

struct tally {
	unsigned int plain, others, differences;
};

/* Step both ways from the same registers. */
static void compare(uint64_t instruction, uint64_t *seed, struct tally *tally)
{
	static const struct {
		int name;
		unsigned int word;
	} kept[] = {
	        {UNW_X86_64_RBX, CONTEXT_RBX}, {UNW_X86_64_RBP, CONTEXT_RBP},
	        {UNW_X86_64_RSP, CONTEXT_RSP}, {UNW_X86_64_R12, CONTEXT_R12},
	        {UNW_X86_64_R13, CONTEXT_R13}, {UNW_X86_64_R14, CONTEXT_R14},
	        {UNW_X86_64_R15, CONTEXT_R15}, {UNW_X86_64_RIP, CONTEXT_RIP},
	};
	struct unwind_frame frame = some_frame(instruction, seed), before = frame;
	struct unwind_row fresh;
	const struct unwind_row *row = unwind_row(&frame, &fresh);
	unw_cursor_t cursor;

	(void)step_of_libunwind(&before.context, instruction, &cursor);
	tally->plain += row->plain;
	tally->others += !row->plain;
	if (!unwind_step(&frame, row))
		return; /* libunwind's own way, to its end: the caller's code is a random number */
	for (unsigned int i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		tally->differences +=
		        frame.context.data[kept[i].word] != register_of(&cursor, kept[i].name);
}

/* Calls compare for addresses of the executable segments of a loaded object. */
static int each_segment(struct dl_phdr_info *info, size_t size, void *data)
{
	struct tally *tally = data;
	uint64_t seed = 7;

	(void)size;
	for (unsigned int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];

		if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X))
			continue;
		for (uint64_t at = 0; at < segment->p_memsz; at += STRIDE)
			compare(info->dlpi_addr + segment->p_vaddr + at, &seed, tally);
	}
	return 0;
}

static void test_a_step_by_a_row_is_libunwinds_step(void **state)
{
	struct tally tally = {0};

	(void)state;
	dl_iterate_phdr(each_segment, &tally);
	print_message("%u plain rows, %u others\n", tally.plain, tally.others);
	assert_int_equal(tally.differences, 0);
	assert_true(tally.plain > 5000);
}

static const struct unwind_row *row_at(const char *instruction, struct unwind_row *fresh)
{
	uint64_t seed = 3;
	struct unwind_frame frame = some_frame((uint64_t)instruction, &seed);

	return unwind_row(&frame, fresh);
}

/* rbx is restored[0], rbp restored[1], rip the last. */
static void check_row(const char *instruction, unsigned int base, int offset, int rbx, int rbp)
{
	struct unwind_row fresh;
	const struct unwind_row *row = row_at(instruction, &fresh);

	assert_true(row->plain);
	assert_int_equal(row->base, base);
	assert_int_equal(row->offset, offset);
	assert_int_equal(row->saved[0], rbx);
	assert_int_equal(row->saved[1], rbp);
	assert_int_equal(row->saved[UNWIND_RESTORED - 1], -8);
}

static void test_an_instruction_has_the_row_that_begins_at_it(void **state)
{
	(void)state;
	check_row(frame_at_entry, CONTEXT_RSP, 8, 0, 0);
	check_row(frame_pushed, CONTEXT_RSP, 16, -16, 0);
	check_row(frame_reserved, CONTEXT_RSP, 56, -16, 0);
	check_row(frame_popped, CONTEXT_RSP, 8, 0, 0);
	check_row(pointer_at_entry, CONTEXT_RSP, 8, 0, 0);
	check_row(pointer_set, CONTEXT_RBP, 16, 0, -16);
}

static void test_a_return_address_belongs_to_the_call_before_it(void **state)
{
	uint64_t seed = 3;
	struct unwind_frame frame = some_frame((uint64_t)frame_end, &seed);
	struct unwind_row fresh;

	(void)state;
	frame.exact = false;
	assert_int_equal(unwind_row(&frame, &fresh)->instruction, (uint64_t)frame_end - 1);
	frame.context.data[CONTEXT_RIP] = (uint64_t)frame_reserved;
	assert_int_equal(unwind_row(&frame, &fresh)->offset, 16);
}

static void test_what_no_plain_row_can_say_is_left_to_libunwind(void **state)
{
	const char *const odd[] = {address_in_register, trap_frame, pointer_far};
	struct unwind_row fresh;

	(void)state;
	for (unsigned int i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		assert_false(row_at(odd[i], &fresh)->plain);
	/* Where there is no code there is no row either. */
	assert_false(row_at((const char *)stack, &fresh)->plain);
}

static void test_the_address_that_a_trap_interrupted_is_exact(void **state)
{
	uint64_t seed = 3, *trapped = &stack[STACK_WORDS / 2];
	struct unwind_frame frame = some_frame((uint64_t)trap_frame, &seed);
	struct unwind_row fresh;

	(void)state;
	frame.context.data[CONTEXT_RSP] = (uint64_t)trapped;
	trapped[0] = (uint64_t)frame_reserved;
	assert_true(unwind_step(&frame, unwind_row(&frame, &fresh)));
	assert_true(frame.exact);
	assert_int_equal(frame.context.data[CONTEXT_RSP], trapped[3]);
	assert_int_equal(unwind_row(&frame, &fresh)->offset, 56);
	/* And the one behind a call is not. */
	frame.context.data[CONTEXT_RSP] = (uint64_t)trapped;
	assert_true(unwind_step(&frame, unwind_row(&frame, &fresh)));
	assert_false(frame.exact);
	assert_int_equal(frame.context.data[CONTEXT_RIP], trapped[6]);
}

static void test_a_plain_row_is_remembered_and_found_again(void **state)
{
	struct unwind_row first, second;
	const struct unwind_row *row;

	(void)state;
	(void)row_at(frame_reserved, &first);
	row = row_at(frame_reserved, &second);
	assert_ptr_not_equal(row, &second);
	assert_ptr_equal(row_at(frame_reserved, &second), row);
}

static void *compare_all(void *data)
{
	dl_iterate_phdr(each_segment, data);
	return NULL;
}

static void test_two_threads_fill_the_same_table(void **state)
{
	struct tally tallies[2] = {0};
	pthread_t threads[2];

	(void)state;
	for (unsigned int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, compare_all, &tallies[i]), 0);
	for (unsigned int i = 0; i < 2; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(tallies[i].differences, 0);
		assert_int_equal(tallies[i].plain, tallies[0].plain);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        /* The table is empty yet. */
	        cmocka_unit_test(test_a_plain_row_is_remembered_and_found_again),
	        cmocka_unit_test(test_two_threads_fill_the_same_table),
	        cmocka_unit_test(test_a_step_by_a_row_is_libunwinds_step),
	        cmocka_unit_test(test_an_instruction_has_the_row_that_begins_at_it),
	        cmocka_unit_test(test_a_return_address_belongs_to_the_call_before_it),
	        cmocka_unit_test(test_the_address_that_a_trap_interrupted_is_exact),
	        cmocka_unit_test(test_what_no_plain_row_can_say_is_left_to_libunwind),
	};

	return cmocka_run_group_tests(tests, fill, NULL);
}
