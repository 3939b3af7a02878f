/* SPDX-License-Identifier: MIT
 *
 * One call and its arguments.
 */
#include <string.h>

#include "fuzz.h"

/* SplitMix64 (Steele, Lea and Flood 2014): every state gives a good next word. */
uint64_t random_word(struct maker *maker)
{
	uint64_t z = maker->random += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

uint64_t random_seed(uint64_t seed, uint64_t round, uint64_t place)
{
	struct maker maker = {.random = seed};

	maker.random = random_word(&maker) + round;
	maker.random = random_word(&maker) + place;
	return random_word(&maker);
}

unsigned int random_below(struct maker *maker, unsigned int limit)
{
	return (unsigned int)((random_word(maker) >> 32) * limit >> 32);
}

bool one_in(struct maker *maker, unsigned int times)
{
	return random_below(maker, times) == 0;
}

bool odd_in(struct maker *maker, unsigned int times)
{
	return one_in(maker, times) && !maker->plausible;
}

/* Calls that end their caller, or wait for what seldom comes: less often. */
static const char *const rare[] = {
        "exit",          "exit_group", "execve", "rt_sigreturn", "pause",
        "rt_sigsuspend", "vfork",      "clone",  "clone3",       "fork",
        "close_range",   "alarm",      "chroot", "setsid",       "rt_sigtimedwait",
};

/* What they do to the machine as a whole ends the run: only for who may not. */
static const char *const of_the_machine[] = {"reboot", "mount", "umount2", "clock_settime",
                                             "sethostname"};

/* Random bytes in user memory may be taken for addresses later. */
static const char *const of_random_bytes[] = {"getrandom"};

#define NAMED(name, list) is_named(name, list, sizeof(list) / sizeof((list)[0]))

static bool is_named(const char *name, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, list[i]) == 0)
			return true;
	return false;
}

const struct call *choose_call(struct maker *maker)
{
	for (;;) {
		const struct call *call = &calls[random_below(maker, call_count)];

		if (NAMED(call->name, rare) && !one_in(maker, 6))
			continue;
		if (maker->privileged && NAMED(call->name, of_the_machine))
			continue;
		if (maker->unchecked && NAMED(call->name, of_random_bytes))
			continue;
		return call;
	}
}

void make_arguments(struct maker *maker, const struct call *call, uint64_t *arguments)
{
	maker->plausible = one_in(maker, 2);
	maker->words_used = 0;
	maker->strings_used = 0;
	/* What the table does not name holds what a register may hold. */
	for (unsigned int i = 0; i < ARGUMENTS; i++)
		arguments[i] = random_below(maker, 2) ? 0 : (uint64_t)maker->memory.words;
	for (unsigned int i = 0; i < call->count; i++) {
		switch (call->kinds[i]) {
		case KIND_PATH:
		case KIND_IN:
		case KIND_OUT:
		case KIND_ADDRESS:
			arguments[i] = shape_of(maker, call, i);
			break;
		default:
			arguments[i] = value_of(maker, call, i);
			break;
		}
	}
}
