/* SPDX-License-Identifier: MIT
 *
 * The user copies as the kernel has them, on the host: each ends at the very byte that faults, for
 * each such byte, each alignment of both ends and each way of copying. A signal handler plays the
 * trap that goes on at the exception table's second address.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <cmocka.h>

#include <arch/user_access.h>
#include <arch/user_copy_plan.h>

#define PAGE       4096
#define ROOM       (2 * PAGE) /* before the page that faults */
#define ALIGNMENTS 8
#define LONGEST    200 /* three blocks and some: each loop and each tail */
#define UNTOUCHED  0x5a

extern const uint64_t __start_exception_table[][2], __stop_exception_table[][2];
static unsigned long faults;

static void go_on_at_fixup(int number, siginfo_t *info, void *context)
{
	greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;

	(void)number;
	(void)info;
	for (const uint64_t(*row)[2] = __start_exception_table; row < __stop_exception_table; row++)
		if ((*row)[0] == (uint64_t)registers[REG_RIP]) {
			registers[REG_RIP] = (greg_t)(*row)[1];
			faults++;
			return;
		}
	abort();
}

/* ROOM bytes, behind which each touch faults; the end of them. */
static char *map_end(void)
{
	char *room =
	        mmap(NULL, ROOM + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(room, MAP_FAILED);
	assert_int_equal(mprotect(room + ROOM, PAGE, PROT_NONE), 0);
	return room + ROOM;
}

static char *from_end, *to_end; /* of two such rooms */

/* cmocka has a handler of its own at the start of each test. */
static void heed_faults(void)
{
	struct sigaction action = {.sa_sigaction = go_on_at_fixup, .sa_flags = SA_SIGINFO};

	assert_int_equal(sigaction(SIGSEGV, &action, NULL), 0);
	faults = 0;
}

static int set_up(void **state)
{
	(void)state;
	from_end = map_end();
	to_end = map_end();
	for (int i = 1; i <= ROOM; i++)
		from_end[-i] = (char)(i * 7 + i / 256);
	return 0;
}

/* Each way of copying: that of each kind of CPU, and the string instructions and words alone. */
static const struct user_copy_plan *plan(unsigned int way)
{
	static const struct user_copy_plan alone[] = {{0, false}, {0, true}, {SIZE_MAX, false}};

	return way < USER_COPY_CPUS ? &user_copy_plans[way] : &alone[way - USER_COPY_CPUS];
}

#define WAYS (USER_COPY_CPUS + 3)

typedef size_t copy_function(void *to, const void *from, size_t size);

/* Copy and look at each byte. `there`: how many there are before the first that faults. */
static void copy(copy_function *function, char *to, const char *from, size_t size, size_t there)
{
	size_t copied = size < there ? size : there, left;
	char *behind = to + copied;
	bool has_room = behind < to_end;

	memset(to, UNTOUCHED, copied + has_room);
	left = function(to, from, size);
	if (left != size - copied || memcmp(to, from, copied) != 0 ||
	    (has_room && *behind != UNTOUCHED))
		fail_msg("%zu of %zu bytes, %zu there: %zu left", copied, size, there, left);
}

static void copy_all_ways(char *to, const char *from, size_t size, size_t there)
{
	for (unsigned int way = 0; way < WAYS; way++) {
		user_copy_plan = *plan(way);
		copy(user_copy_in, to, from, size, there);
		copy(user_copy_out, to, from, size, there);
	}
}

static void test_a_copy_without_a_fault_copies_all_and_no_more(void **state)
{
	(void)state;
	for (size_t size = 0; size <= LONGEST; size++)
		for (size_t from = 0; from < ALIGNMENTS; from++)
			for (size_t to = 0; to < ALIGNMENTS; to++)
				copy_all_ways(to_end - PAGE + to, from_end - PAGE + from, size,
				              size);
}

static void test_a_read_that_faults_stops_at_its_byte(void **state)
{
	static const size_t behind[] = {1, 8, 64, 1500};

	(void)state;
	heed_faults();
	for (size_t there = 0; there <= LONGEST; there++)
		for (size_t to = 0; to < ALIGNMENTS; to++)
			for (unsigned int i = 0; i < sizeof(behind) / sizeof(behind[0]); i++)
				copy_all_ways(to_end - PAGE + to, from_end - there,
				              there + behind[i], there);
	assert_true(faults > 0);
}

static void test_a_write_that_faults_stops_at_its_byte(void **state)
{
	static const size_t behind[] = {1, 8, 64, 1500};

	(void)state;
	heed_faults();
	for (size_t there = 0; there <= LONGEST; there++)
		for (size_t from = 0; from < ALIGNMENTS; from++)
			for (unsigned int i = 0; i < sizeof(behind) / sizeof(behind[0]); i++)
				copy_all_ways(to_end - there, from_end - ROOM + from,
				              there + behind[i], there);
	assert_true(faults > 0);
}

/* Sizes for which the kinds of CPU differ. */
static void test_a_long_copy_stops_at_its_byte(void **state)
{
	(void)state;
	heed_faults();
	for (size_t size = 500; size <= PAGE; size += 37)
		for (size_t there = size - 20; there <= size; there++) {
			copy_all_ways(to_end - PAGE, from_end - there, size, there);
			copy_all_ways(to_end - there, from_end - ROOM, size, there);
		}
}

static void test_clearing_stops_at_its_byte(void **state)
{
	(void)state;
	heed_faults();
	for (unsigned int way = 0; way < WAYS; way++) {
		user_copy_plan = *plan(way);
		for (size_t there = 0; there <= LONGEST; there++)
			for (size_t size = there; size <= there + 70; size++) {
				char *to = to_end - there;

				to[-1] = UNTOUCHED;
				memset(to, UNTOUCHED, there);
				if (user_clear(to, size) != size - there || to[-1] != UNTOUCHED)
					fail_msg("%zu of %zu bytes", there, size);
				for (size_t i = 0; i < there; i++)
					assert_int_equal(to[i], 0);
				/* The same within a page. */
				memset(to_end - PAGE, UNTOUCHED, size + 1);
				assert_int_equal(user_clear(to_end - PAGE, size), 0);
				assert_int_equal(to_end[size - PAGE], UNTOUCHED);
			}
	}
}

static void test_a_string_needs_its_nul_before_the_fault(void **state)
{
	char *string, to[LONGEST];

	(void)state;
	heed_faults();
	for (size_t length = 0; length < 64; length++) {
		string = to_end - length - 1;
		memset(string, 'x', length);
		to_end[-1] = '\0';
		assert_int_equal(user_copy_string(to, string, sizeof(to)), length);
		assert_string_equal(to, string);
		assert_int_equal(user_copy_string(to, string, length), -36); /* ENAMETOOLONG */
		to_end[-1] = 'x';
		assert_int_equal(user_copy_string(to, string, sizeof(to)), -14); /* EFAULT */
	}
}

static bool cpu_says(const char *flag)
{
	static char text[16384];
	FILE *file = fopen("/proc/cpuinfo", "r");
	size_t length = file ? fread(text, 1, sizeof(text) - 1, file) : 0;

	if (file)
		fclose(file);
	text[length] = '\0';
	return strstr(text, flag) != NULL;
}

static void test_the_plan_is_that_of_this_cpu(void **state)
{
	enum user_copy_cpu cpu = cpu_says(" fsrm")   ? USER_COPY_FSRM
	                         : cpu_says(" erms") ? USER_COPY_ERMS
	                                             : USER_COPY_WORDS;

	(void)state;
	user_copy_choose();
	assert_int_equal(user_copy_plan.string_from, user_copy_plans[cpu].string_from);
	assert_int_equal(user_copy_plan.bytes, user_copy_plans[cpu].bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_a_copy_without_a_fault_copies_all_and_no_more),
	        cmocka_unit_test(test_a_read_that_faults_stops_at_its_byte),
	        cmocka_unit_test(test_a_write_that_faults_stops_at_its_byte),
	        cmocka_unit_test(test_a_long_copy_stops_at_its_byte),
	        cmocka_unit_test(test_clearing_stops_at_its_byte),
	        cmocka_unit_test(test_the_plan_is_that_of_this_cpu),
	        cmocka_unit_test(test_a_string_needs_its_nul_before_the_fault),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
