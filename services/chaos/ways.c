/* SPDX-License-Identifier: MIT
 *
 * The ways to fail. Each function is kept out of line and out of the optimiser's
 * reach, so that a backtrace names it and the fault happens where it is written.
 */
#include <stdbool.h>
#include <stddef.h>

#include <kernel/boundary/core_calls.h>
#include <kernel/log/log.h>
#include <services/chaos/chaos.h>

#define NEVER_INLINE __attribute__((noinline))

/* A value that the optimiser knows nothing of. */
static uintptr_t opaque(uintptr_t value)
{
	__asm__ volatile("" : "+r"(value));
	return value;
}

static volatile bool for_ever = true;

NEVER_INLINE void chaos_panic(void)
{
	panic("chaos: a panic was asked for");
}

NEVER_INLINE void chaos_null(void)
{
	*(volatile int *)opaque(0) = 1;
}

NEVER_INLINE void chaos_illegal(void)
{
	__asm__ volatile("ud2");
}

NEVER_INLINE void chaos_divide(void)
{
	uint32_t quotient = 1, remainder = 0;

	__asm__ volatile("divl %2" : "+a"(quotient), "+d"(remainder) : "r"((uint32_t)opaque(0)));
}

NEVER_INLINE void chaos_wild_jump(void)
{
	/* Canonical, in no mapping of any process's lower half or of the kernel's. */
	void (*nowhere)(void) = (void (*)(void))opaque(0x00006badc0de0000UL);

	nowhere();
	__asm__ volatile("" : : : "memory"); /* a call, not a tail jump */
}

/*@ assigns \nothing; */
NEVER_INLINE void chaos_overflow(void)
{
	volatile char frame[256];
	uintptr_t used = opaque(0) % sizeof(frame); /* or compilers keep one byte of it */

	frame[used] = 1;
	if (for_ever)
		chaos_overflow();
	frame[255 - used] = frame[used];
}

NEVER_INLINE void chaos_loop(void)
{
	while (for_ever)
		;
}

/* Cleanup handlers on the way to the boundary; and such as fail in their turn. */

static void clean_up_for_ever(int *resource)
{
	while (for_ever)
		*(volatile int *)resource += 1;
}

static void clean_up_and_fault(int *resource)
{
	*(volatile int *)opaque((uintptr_t)*resource) = 1;
}

static void clean_up(int *resource)
{
	*(volatile int *)resource += 1;
}

/*@ assigns \nothing; */
static NEVER_INLINE void panic_below(unsigned int depth)
{
	int resource __attribute__((cleanup(clean_up))) = 0;

	if (depth > 0)
		panic_below(depth - 1);
	else if (for_ever)
		chaos_panic();
	__asm__ volatile("" : : : "memory"); /* a call, not a tail jump */
}

NEVER_INLINE void chaos_cleanups(void)
{
	panic_below(10);
	__asm__ volatile("" : : : "memory");
}

NEVER_INLINE void chaos_cleanup_loops(void)
{
	int resource __attribute__((cleanup(clean_up_for_ever))) = 0;

	if (for_ever)
		chaos_panic();
}

NEVER_INLINE void chaos_cleanup_faults(void)
{
	int resource __attribute__((cleanup(clean_up_and_fault))) = 0;

	if (for_ever)
		chaos_panic();
}

/* What the processor's protections refuse in every ring of the kernel. */

/* Code of a static program, where the linker puts it by default: mapped while one reads. */
#define USER_CODE 0x401000

NEVER_INLINE void chaos_user_read(void)
{
	(void)*(volatile char *)opaque(USER_CODE);
}

NEVER_INLINE void chaos_user_execute(void)
{
	((void (*)(void))opaque(USER_CODE))();
	__asm__ volatile("" : : : "memory");
}

NEVER_INLINE void chaos_write_code(void)
{
	*(volatile char *)opaque((uintptr_t)chaos_panic) = 0;
}

NEVER_INLINE void chaos_execute_data(void)
{
	static char data[16];

	((void (*)(void))opaque((uintptr_t)data))();
	__asm__ volatile("" : : : "memory");
}

/* What the compiler watches over, in all profiles or in some. */

/* Past the end of an array, to where the canary stands. */
NEVER_INLINE void chaos_smash_stack(void)
{
	volatile char array[32];

	for (size_t i = 0; i < opaque(sizeof(array) + sizeof(uint64_t)); i++)
		array[i] = 0x5a;
}

/* Returns where the profile does not trap it (ARAMID_TRAP_OVERFLOW). */
NEVER_INLINE void chaos_signed_overflow(void)
{
	int64_t largest = (int64_t)opaque(INT64_MAX);

	(void)opaque((uintptr_t)(largest + 1));
}

static NEVER_INLINE void dirty_the_stack(void)
{
	volatile char array[512];

	for (size_t i = 0; i < sizeof(array); i++)
		array[i] = 0x5a;
}

/* Falls if a variable without a value has what an earlier call left there. */
static NEVER_INLINE bool finds_what_was_left(void)
{
	char array[256], found = 0;

	__asm__ volatile("" : : "r"(array) : "memory");
	for (size_t i = 0; i < sizeof(array); i++)
		found |= ((volatile char *)array)[i];
	return found != 0;
}

NEVER_INLINE void chaos_uninitialized(void)
{
	dirty_the_stack();
	if (finds_what_was_left())
		chaos_panic();
}

/* What a service can do wrong with the core's functions: its own failure, not theirs. */

NEVER_INLINE void chaos_bad_free(void)
{
	char *object = core_alloc(64);

	core_free(object + opaque(8));
	__asm__ volatile("" : : : "memory"); /* a call, not a tail jump */
}

NEVER_INLINE void chaos_double_free(void)
{
	void *object = core_alloc(64);

	core_free(object);
	core_free((void *)opaque((uintptr_t)object));
	__asm__ volatile("" : : : "memory");
}

NEVER_INLINE void chaos_bad_pointer(void)
{
	core_system_info((struct system_info *)opaque(0x00006badc0de0000UL));
	__asm__ volatile("" : : : "memory");
}

/*@ assigns \nothing; */
NEVER_INLINE void chaos_overflow_in_core(void)
{
	volatile uint64_t time = core_time_wall();

	if (for_ever)
		chaos_overflow_in_core();
	(void)time;
}

/* How deep most failures lie: a few frames, so that there is something to unwind. */
#define USUAL_DEPTH 2

const struct chaos_way chaos_ways[] = {
        {"panic", chaos_panic, USUAL_DEPTH},
        {"null", chaos_null, USUAL_DEPTH},
        {"illegal", chaos_illegal, USUAL_DEPTH},
        {"divide", chaos_divide, USUAL_DEPTH},
        {"wild_jump", chaos_wild_jump, USUAL_DEPTH},
        {"overflow", chaos_overflow, USUAL_DEPTH},
        {"loop", chaos_loop, USUAL_DEPTH},
        {"bad_free", chaos_bad_free, USUAL_DEPTH},
        {"double_free", chaos_double_free, USUAL_DEPTH},
        {"bad_pointer", chaos_bad_pointer, USUAL_DEPTH},
        {"overflow_in_core", chaos_overflow_in_core, USUAL_DEPTH},
        {"cleanup_loops", chaos_cleanup_loops, USUAL_DEPTH},
        {"cleanup_faults", chaos_cleanup_faults, USUAL_DEPTH},
        {"user_read", chaos_user_read, USUAL_DEPTH},
        {"user_execute", chaos_user_execute, USUAL_DEPTH},
        {"write_code", chaos_write_code, USUAL_DEPTH},
        {"execute_data", chaos_execute_data, USUAL_DEPTH},
        {"smash_stack", chaos_smash_stack, USUAL_DEPTH},
        {"signed_overflow", chaos_signed_overflow, USUAL_DEPTH},
        {"uninitialized", chaos_uninitialized, USUAL_DEPTH},
        {"panic_0", chaos_panic, 0},
        {"panic_10", chaos_panic, 10},
        {"cleanup_10", chaos_cleanups, 0},
        {CHAOS_MEASURE, NULL, 0},
};
const unsigned int chaos_way_count = sizeof(chaos_ways) / sizeof(chaos_ways[0]);
