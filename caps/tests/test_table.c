/* SPDX-License-Identifier: MIT
 *
 * The table of live tokens, from inside: forgeries that differ from a live token in one field,
 * slots that are used again, limits, and the audit.
 */
#include "cmocka_all.h"
#include "nonce.h"
#include "refusals.h"
#include "table.h"

#include <aramid/cap_env.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KIND = CAP_KIND_net_access, OTHER_KIND = CAP_KIND_block_access, ALICE = 1, BOB = 2 };

static int start_empty(void **state)
{
	(void)state;
	memset(cap_table, 0, sizeof(cap_table));
	memset(&cap_counters, 0, sizeof(cap_counters));
	memset(&cap_nonce_state, 0, sizeof(cap_nonce_state));
	cap_next_slot = 0;
	return !cap_init();
}

static uint64_t refused(enum cap_refusal why)
{
	struct cap_audit audit;

	cap_read_audit(&audit);
	return audit.refused[why];
}

static void no_flip_of_one_bit_makes_another_valid_token(void **state)
{
	struct cap_token token = cap_token_mint(KIND, ALICE);
	unsigned int bit;

	(void)state;
	for (bit = 0; bit < 8 * sizeof(token); bit++) {
		struct cap_token forged;
		unsigned char bytes[sizeof(token)];

		memcpy(bytes, &token, sizeof(token));
		bytes[bit / 8] = (unsigned char)(bytes[bit / 8] ^ (1u << bit % 8));
		memcpy(&forged, bytes, sizeof(forged));
		assert_int_not_equal(cap_token_check(forged, KIND, ALICE), CAP_ACCEPTED);
	}
	assert_int_equal(cap_token_check(token, KIND, ALICE), CAP_ACCEPTED);
}

static void each_forgery_is_refused_for_its_own_reason(void **state)
{
	struct cap_token token = cap_token_mint(KIND, ALICE);
	struct cap_token wrong_slot = token, wrong_nonce = token, wrong_generation = token;

	(void)state;
	wrong_slot.slot = CAP_TABLE_SLOTS;
	wrong_nonce.nonce++;
	wrong_generation.generation++;
	assert_int_equal(cap_token_check(wrong_slot, KIND, ALICE), CAP_REFUSED_NO_SLOT);
	assert_int_equal(cap_token_check(wrong_nonce, KIND, ALICE), CAP_REFUSED_NONCE);
	assert_int_equal(cap_token_check(wrong_generation, KIND, ALICE), CAP_REFUSED_STALE);
	assert_int_equal(cap_token_check(token, OTHER_KIND, ALICE), CAP_REFUSED_KIND);
	assert_int_equal(cap_token_check(token, KIND, BOB), CAP_REFUSED_OWNER);
}

static void a_slot_used_again_never_validates_an_earlier_token(void **state)
{
	struct cap_token earlier[3];
	unsigned int use, before;

	(void)state;
	for (use = 0; use < 3; use++) {
		cap_next_slot = 5;
		earlier[use] = cap_token_mint(KIND, ALICE);
		assert_int_equal(earlier[use].slot, 5);
		for (before = 0; before < use; before++)
			assert_int_equal(cap_token_check(earlier[before], KIND, ALICE),
			                 CAP_REFUSED_STALE);
		cap_token_revoke_owner(ALICE);
	}
}

static void a_slot_whose_generations_are_used_up_is_never_given_out_again(void **state)
{
	struct cap_token last, next;

	(void)state;
	cap_table[5].last = UINT32_MAX - 1;
	cap_next_slot = 5;
	last = cap_token_mint(KIND, ALICE);
	assert_int_equal(last.slot, 5);
	assert_int_equal(cap_token_check(last, KIND, ALICE), CAP_ACCEPTED);
	cap_token_revoke_owner(ALICE);
	cap_next_slot = 5;
	next = cap_token_mint(KIND, ALICE);
	assert_int_equal(next.slot, 6);
}

static void a_full_table_grants_nothing_until_a_token_is_revoked(void **state)
{
	struct cap_token token;
	uint32_t count;

	(void)state;
	for (count = 0; count < CAP_TABLE_SLOTS; count++)
		assert_true(cap_token_is_granted(cap_token_mint(KIND, count % 2 ? ALICE : BOB)));
	token = cap_token_mint(KIND, ALICE);
	assert_false(cap_token_is_granted(token));
	assert_int_not_equal(cap_token_check(token, KIND, ALICE), CAP_ACCEPTED);
	assert_int_equal(refused(CAP_REFUSED_TABLE_FULL), 1);
	cap_token_revoke_owner(BOB);
	assert_true(cap_token_is_granted(cap_token_mint(KIND, ALICE)));
	assert_int_equal(cap_count_live(ALICE), CAP_TABLE_SLOTS / 2 + 1);
}

static void nothing_is_minted_before_the_nonces_are_seeded(void **state)
{
	(void)state;
	memset(&cap_nonce_state, 0, sizeof(cap_nonce_state));
	assert_false(cap_token_is_granted(cap_token_mint(KIND, ALICE)));
	assert_int_equal(refused(CAP_REFUSED_NOT_READY), 1);
}

static void nonces_do_not_repeat(void **state)
{
	static uint64_t seen[1000];
	unsigned int made, before;

	(void)state;
	for (made = 0; made < 1000; made++) {
		seen[made] = cap_next_nonce();
		for (before = 0; before < made; before++)
			assert_true(seen[before] != seen[made]);
	}
}

/* RFC 8439, appendix A.1, test vector 1: the first block for a zero key and a zero nonce. Its
 * second half is what is given out, from the end. */
static void nonces_are_chacha20_output(void **state)
{
	static const unsigned char second_half[32] = {
	        0xda, 0x41, 0x59, 0x7c, 0x51, 0x57, 0x48, 0x8d, 0x77, 0x24, 0xe0,
	        0x3f, 0xb8, 0xd8, 0x4a, 0x37, 0x6a, 0x43, 0xb8, 0xf4, 0x15, 0x18,
	        0xa1, 0x1c, 0xc3, 0x87, 0xb6, 0x69, 0xb2, 0xee, 0x65, 0x86};
	uint64_t expected[4];
	int word;

	(void)state;
	memset(&cap_nonce_state, 0, sizeof(cap_nonce_state));
	memcpy(expected, second_half, sizeof(expected));
	for (word = 3; word >= 0; word--)
		assert_true(cap_next_nonce() == expected[word]);
}

static void the_audit_counts_what_happened(void **state)
{
	struct cap_token token = cap_token_mint(KIND, ALICE);
	uint64_t validated = cap_sum_validations();
	struct cap_audit audit;

	(void)state;
	cap_token_mint(KIND, BOB);
	cap_token_check(token, KIND, ALICE);
	cap_token_check(token, KIND, BOB);
	cap_token_check(token, OTHER_KIND, ALICE);
	cap_token_revoke_owner(BOB);
	cap_read_audit(&audit);
	assert_int_equal(audit.minted, 2);
	assert_int_equal(audit.validated, validated + 1);
	assert_int_equal(audit.revoked, 1);
	assert_int_equal(audit.live, 1);
	assert_int_equal(audit.slots, CAP_TABLE_SLOTS);
	assert_int_equal(audit.refused[CAP_REFUSED_OWNER], 1);
	assert_int_equal(audit.refused[CAP_REFUSED_KIND], 1);
}

static void without_a_hook_a_refused_token_aborts_the_program(void **state)
{
	struct cap_token token = cap_token_mint(KIND, ALICE);
	int status;
	pid_t child;

	(void)state;
	cap_set_refused_hook(NULL);
	child = fork();
	if (child == 0) {
		signal(SIGABRT, SIG_DFL);
		close(STDERR_FILENO);
		cap_token_validate(token, KIND); /* the core shows Alice's token */
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void a_refused_token_is_neither_delegated_nor_revoked(void **state)
{
	struct cap_token token = cap_token_mint(KIND, ALICE);
	cap_owner_t before = cap_enter(BOB);

	(void)state;
	assert_int_equal(REFUSAL_OF(cap_token_delegate(token, KIND, BOB)), CAP_REFUSED_OWNER);
	assert_int_equal(REFUSAL_OF(cap_token_revoke_one(token, KIND)), CAP_REFUSED_OWNER);
	cap_leave(before);
	assert_int_equal(cap_count_live(BOB), 0);
	assert_int_equal(cap_token_check(token, KIND, ALICE), CAP_ACCEPTED);
}

static void the_invariant_sees_a_live_generation_that_nobody_gave_out(void **state)
{
	static const uint32_t slots[] = {0, CAP_TABLE_SLOTS / 2, CAP_TABLE_SLOTS - 1};
	struct cap_token token = cap_token_mint(KIND, ALICE);
	unsigned int i;

	(void)state;
	assert_true(cap_table_is_sound());
	cap_token_revoke_owner(ALICE);
	assert_true(cap_table_is_sound());
	assert_int_not_equal(token.generation, 0);
	for (i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
		cap_table[slots[i]].live = cap_table[slots[i]].last + 1;
		assert_false(cap_table_is_sound());
		cap_table[slots[i]].live = cap_table[slots[i]].last;
		assert_true(cap_table_is_sound());
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup(no_flip_of_one_bit_makes_another_valid_token, start_empty),
	        cmocka_unit_test_setup(each_forgery_is_refused_for_its_own_reason, start_empty),
	        cmocka_unit_test_setup(a_slot_used_again_never_validates_an_earlier_token,
	                               start_empty),
	        cmocka_unit_test_setup(
	                a_slot_whose_generations_are_used_up_is_never_given_out_again, start_empty),
	        cmocka_unit_test_setup(a_full_table_grants_nothing_until_a_token_is_revoked,
	                               start_empty),
	        cmocka_unit_test_setup(nothing_is_minted_before_the_nonces_are_seeded, start_empty),
	        cmocka_unit_test_setup(nonces_do_not_repeat, start_empty),
	        cmocka_unit_test_setup(nonces_are_chacha20_output, start_empty),
	        cmocka_unit_test_setup(the_audit_counts_what_happened, start_empty),
	        cmocka_unit_test_setup(without_a_hook_a_refused_token_aborts_the_program,
	                               start_empty),
	        cmocka_unit_test_setup(a_refused_token_is_neither_delegated_nor_revoked,
	                               start_empty),
	        cmocka_unit_test_setup(the_invariant_sees_a_live_generation_that_nobody_gave_out,
	                               start_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
