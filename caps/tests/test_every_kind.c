/* SPDX-License-Identifier: MIT
 *
 * What holds for one kind holds for all: each function of each row of the table of kinds, and each
 * edge, with a project's own rows where the build names some. Made from the table, so a new row is
 * tested without a line here.
 */
#include "cmocka_all.h"
#include "refusals.h"

#include <aramid/cap.h>

enum { ALICE = 1, BOB = 2 };

/* What the profile makes of a misuse. */
static enum cap_refusal expected(enum cap_refusal why)
{
	return ARAMID_RUNTIME_TOKENS ? why : CAP_ACCEPTED;
}

/* Misuse is looked at in the profiles that refuse it; in the others the question is always yes. */
#define CAP_KIND(name, mint, permits, leak)                                                        \
	static void needs_##name(CAP(name) cap) NEEDS_RIGHT(name);                                 \
	static void needs_##name(CAP(name) cap)                                                    \
	{                                                                                          \
		assert_true(cap_is_valid(name, cap));                                              \
	}                                                                                          \
	static void name##_is_minted_shown_and_revoked(void **state)                               \
	{                                                                                          \
		CAP(name) cap = cap_mint(name, ALICE);                                             \
		cap_owner_t before = cap_enter(ALICE);                                             \
		(void)state;                                                                       \
		assert_true(cap_granted(name, cap));                                               \
		assert_int_equal(REFUSAL_OF(cap_validate(name, cap)), CAP_ACCEPTED);               \
		cap_wield(name, cap);                                                              \
		needs_##name(cap);                                                                 \
		cap_revoke_one(name, cap);                                                         \
		assert_int_equal(cap_is_valid(name, cap), !ARAMID_RUNTIME_TOKENS);                 \
		assert_int_equal(REFUSAL_OF(cap_validate(name, cap)),                              \
		                 expected(CAP_REFUSED_STALE));                                     \
		cap_leave(before);                                                                 \
	}                                                                                          \
	static void name##_is_delegated_and_ends_with_its_kind(void **state)                       \
	{                                                                                          \
		CAP(name) cap = cap_mint(name, ALICE);                                             \
		cap_owner_t before = cap_enter(ALICE);                                             \
		CAP(name) given = cap_delegate(name, cap, BOB);                                    \
		(void)state;                                                                       \
		assert_int_equal(REFUSAL_OF(cap_validate(name, given)),                            \
		                 expected(CAP_REFUSED_OWNER));                                     \
		cap_enter(BOB);                                                                    \
		assert_true(cap_is_valid(name, given));                                            \
		cap_revoke_kind(name);                                                             \
		assert_int_equal(cap_is_valid(name, given), !ARAMID_RUNTIME_TOKENS);               \
		assert_int_equal(cap_count_live(ALICE) + cap_count_live(BOB), 0);                  \
		cap_leave(before);                                                                 \
	}
#define CAP_EDGE(to, from)                                                                         \
	static void from##_is_weakened_into_##to(void **state)                                     \
	{                                                                                          \
		CAP(from) cap = cap_mint(from, ALICE);                                             \
		cap_owner_t before = cap_enter(ALICE);                                             \
		CAP(to) weaker = cap_attenuate(to, from, cap);                                     \
		(void)state;                                                                       \
		assert_int_equal(REFUSAL_OF(cap_validate(to, weaker)), CAP_ACCEPTED);              \
		assert_true(cap_is_valid(from, cap));                                              \
		cap_enter(BOB);                                                                    \
		assert_int_equal(REFUSAL_OF(cap_validate(to, weaker)),                             \
		                 expected(CAP_REFUSED_OWNER));                                     \
		assert_int_equal(REFUSAL_OF((void)cap_attenuate(to, from, cap)),                   \
		                 expected(CAP_REFUSED_OWNER));                                     \
		cap_leave(before);                                                                 \
		cap_revoke(ALICE);                                                                 \
	}
#include <aramid/cap_kinds.def>

/* The environment's functions, which the profiles without run-time tokens have as empty ones. */
static void owners_operations_and_counters_have_the_same_face_in_every_profile(void **state)
{
	struct cap_audit audit;
	unsigned int open = cap_open_operations();

	(void)state;
	cap_begin_operation();
	cap_end_operation();
	cap_begin_operation();
	cap_end_operations_since(open);
	assert_int_equal(cap_open_operations(), open);
	cap_read_audit(&audit);
	assert_int_equal(audit.live, 0);
	assert_int_equal(audit.minted > 0, ARAMID_RUNTIME_TOKENS);
	assert_int_equal(audit.slots > 0, ARAMID_RUNTIME_TOKENS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CAP_KIND(name, mint, permits, leak)                                                        \
	cmocka_unit_test(name##_is_minted_shown_and_revoked),                                      \
	        cmocka_unit_test(name##_is_delegated_and_ends_with_its_kind),
#define CAP_EDGE(to, from) cmocka_unit_test(from##_is_weakened_into_##to),
#include <aramid/cap_kinds.def>
	        cmocka_unit_test(
	                owners_operations_and_counters_have_the_same_face_in_every_profile),
	};

	if (!cap_init())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
