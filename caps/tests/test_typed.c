/* SPDX-License-Identifier: MIT
 *
 * The typed face of tokens, the same in all four profiles: what is refused in the profiles with
 * run-time tokens passes in the others, where the checkers refuse it at build time.
 */
#include "cmocka_all.h"
#include "refusals.h"

#include <aramid/cap.h>
#include <string.h>

enum { ALICE = 1, BOB = 2 };

/* What the profile makes of a misuse. */
static enum cap_refusal expected(enum cap_refusal why)
{
	return ARAMID_RUNTIME_TOKENS ? why : CAP_ACCEPTED;
}

static int transmitted;

static void transmit(CAP(net_access) cap)
{
	cap_validate(net_access, cap);
	transmitted++;
}

static void read_block(CAP(block_read) cap)
{
	cap_validate(block_read, cap);
}

static void a_token_has_the_size_of_its_profile(void **state)
{
	(void)state;
	assert_int_equal(sizeof(CAP(net_access)), ARAMID_RUNTIME_TOKENS ? 16 : 0);
	assert_int_equal(sizeof(CAP(page_alloc)), ARAMID_RUNTIME_TOKENS ? 16 : 0);
}

static void a_minted_token_opens_its_function_to_its_owner(void **state)
{
	CAP(net_access) cap = cap_mint(net_access, ALICE);
	cap_owner_t before = cap_enter(ALICE);

	(void)state;
	transmitted = 0;
	assert_true(cap_granted(net_access, cap));
	assert_true(cap_is_valid(net_access, cap));
	assert_int_equal(REFUSAL_OF(transmit(cap)), CAP_ACCEPTED);
	assert_int_equal(transmitted, 1);
	cap_leave(before);
}

static void a_stolen_token_stops_the_function_before_its_effect(void **state)
{
	CAP(net_access) cap = cap_mint(net_access, ALICE);
	cap_owner_t before = cap_enter(BOB);

	(void)state;
	transmitted = 0;
	assert_int_equal(REFUSAL_OF(transmit(cap)), expected(CAP_REFUSED_OWNER));
	assert_int_equal(transmitted, !ARAMID_RUNTIME_TOKENS);
	if (ARAMID_RUNTIME_TOKENS) {
		assert_int_equal(refused_kind, CAP_KIND_net_access);
		assert_int_equal(refused_presenter, BOB);
	}
	cap_leave(before);
}

static void a_zeroed_token_is_refused(void **state)
{
	CAP(net_access) cap;

	(void)state;
	memset(&cap, 0, sizeof(cap));
	assert_int_equal(REFUSAL_OF(transmit(cap)), expected(CAP_REFUSED_STALE));
}

static void a_delegated_token_belongs_to_the_new_owner_and_leaves_the_giver_its_own(void **state)
{
	CAP(net_access) cap = cap_mint(net_access, ALICE);
	cap_owner_t before = cap_enter(ALICE);
	CAP(net_access) given = cap_delegate(net_access, cap, BOB);

	(void)state;
	assert_int_equal(REFUSAL_OF(transmit(given)), expected(CAP_REFUSED_OWNER));
	assert_int_equal(REFUSAL_OF(transmit(cap)), CAP_ACCEPTED);
	cap_enter(BOB);
	assert_int_equal(REFUSAL_OF(transmit(given)), CAP_ACCEPTED);
	cap_leave(before);
}

static void an_attenuated_token_is_good_for_the_weaker_kind(void **state)
{
	CAP(block_access) cap = cap_mint(block_access, ALICE);
	cap_owner_t before = cap_enter(ALICE);
	CAP(block_read) weaker = cap_attenuate(block_read, block_access, cap);

	(void)state;
	assert_int_equal(REFUSAL_OF(read_block(weaker)), CAP_ACCEPTED);
	cap_leave(before);
}

static void revoking_an_owner_ends_its_tokens_and_nobody_elses(void **state)
{
	CAP(net_access) alices = cap_mint(net_access, ALICE);
	CAP(net_access) bobs = cap_mint(net_access, BOB);
	cap_owner_t before = cap_enter(ALICE);

	(void)state;
	cap_revoke(ALICE);
	assert_int_equal(REFUSAL_OF(transmit(alices)), expected(CAP_REFUSED_STALE));
	assert_int_equal(cap_count_live(ALICE), 0);
	assert_true(cap_table_is_sound());
	cap_enter(BOB);
	assert_int_equal(REFUSAL_OF(transmit(bobs)), CAP_ACCEPTED);
	cap_leave(before);
}

static void revoking_one_token_ends_its_copies_and_leaves_the_owners_others(void **state)
{
	CAP(net_access) cap = cap_mint(net_access, ALICE);
	CAP(net_access) copy = cap;
	CAP(net_access) other = cap_mint(net_access, ALICE);
	cap_owner_t before = cap_enter(ALICE);

	(void)state;
	cap_revoke_one(net_access, cap);
	assert_int_equal(REFUSAL_OF(transmit(copy)), expected(CAP_REFUSED_STALE));
	assert_int_equal(REFUSAL_OF(transmit(other)), CAP_ACCEPTED);
	cap_leave(before);
}

static void revoking_a_kind_leaves_other_kinds_valid(void **state)
{
	CAP(net_access) net = cap_mint(net_access, ALICE);
	CAP(block_read) block = cap_mint(block_read, ALICE);
	cap_owner_t before = cap_enter(ALICE);

	(void)state;
	cap_revoke_kind(net_access);
	assert_int_equal(REFUSAL_OF(transmit(net)), expected(CAP_REFUSED_STALE));
	assert_int_equal(REFUSAL_OF(read_block(block)), CAP_ACCEPTED);
	cap_leave(before);
}

struct driver {
	int number;
	CAP(net_access) cap;
	int callback_data;
};

static void a_carrier_is_found_again_from_a_callbacks_pointer(void **state)
{
	struct driver driver = {.number = 7, .cap = cap_mint(net_access, CAP_OWNER_CORE)};
	void *seen_by_callback = &driver.callback_data;
	struct driver *found = CAP_CARRIER_OF(struct driver, callback_data, seen_by_callback);

	(void)state;
	assert_ptr_equal(found, &driver);
	assert_int_equal(REFUSAL_OF(transmit(found->cap)), CAP_ACCEPTED);
}

static void the_escape_hatch_yields_its_expression(void **state)
{
	CAP(net_access) cap = cap_mint(net_access, CAP_OWNER_CORE);
	CAP(net_access) copy = CAP_UNSAFE("a test of the hatch itself", cap);

	(void)state;
	assert_int_equal(CAP_UNSAFE("a test of the hatch itself", 40 + 2), 42);
	assert_int_equal(REFUSAL_OF(transmit(copy)), CAP_ACCEPTED);
}

static void every_refusal_has_a_word(void **state)
{
	int why;

	(void)state;
	for (why = CAP_ACCEPTED; why <= CAP_REFUSAL_COUNT; why++)
		assert_true(strlen(cap_refusal_name((enum cap_refusal)why)) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_token_has_the_size_of_its_profile),
	        cmocka_unit_test(a_minted_token_opens_its_function_to_its_owner),
	        cmocka_unit_test(a_stolen_token_stops_the_function_before_its_effect),
	        cmocka_unit_test(a_zeroed_token_is_refused),
	        cmocka_unit_test(
	                a_delegated_token_belongs_to_the_new_owner_and_leaves_the_giver_its_own),
	        cmocka_unit_test(an_attenuated_token_is_good_for_the_weaker_kind),
	        cmocka_unit_test(revoking_an_owner_ends_its_tokens_and_nobody_elses),
	        cmocka_unit_test(revoking_one_token_ends_its_copies_and_leaves_the_owners_others),
	        cmocka_unit_test(revoking_a_kind_leaves_other_kinds_valid),
	        cmocka_unit_test(a_carrier_is_found_again_from_a_callbacks_pointer),
	        cmocka_unit_test(the_escape_hatch_yields_its_expression),
	        cmocka_unit_test(every_refusal_has_a_word),
	};

	if (!cap_init())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
