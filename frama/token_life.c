/* SPDX-License-Identifier: MIT
 *
 * The lives of tokens, proved from the contracts alone: if these assertions hold, the contracts
 * say enough, and the functions can be called one after the other.
 */
#include <aramid/cap_token.h>

void start_of_the_program(unsigned int kind, cap_owner_t owner, cap_owner_t other);

/*@ requires sound && owner != other;
    assigns cap_table[0 .. CAP_TABLE_SLOTS - 1], cap_next_slot, cap_nonce_state, cap_counters,
      cap_table_lock.held;
    exits \false;
    ensures sound; */
static void mint_and_revoke_owner(unsigned int kind, cap_owner_t owner, cap_owner_t other)
{
	struct cap_token token = cap_token_mint(kind, owner);
	struct cap_token others, again;

	if (!cap_token_is_granted(token))
		return;
	/*@ assert minted: genuine(token, kind, owner); */
	/*@ assert stolen: \forall integer o; o != owner ==> !genuine(token, kind, o); */
	/*@ assert of_another_kind: \forall integer k; k != kind ==> !genuine(token, k, owner); */

	others = cap_token_mint(kind, other);
	/*@ assert still_valid: genuine(token, kind, owner); */

	cap_token_revoke_owner(owner);
	/*@ assert revoked: \forall integer k, integer o; !genuine(token, k, o); */
	/*@ assert untouched: others.generation != 0 ==> genuine(others, kind, other); */

	again = cap_token_mint(kind, owner);
	/*@ assert never_again: \forall integer k, integer o; !genuine(token, k, o); */
	/*@ assert fresh: again.generation != 0 ==> genuine(again, kind, owner); */
}

/*@ requires sound && other != model_presenter && weaker != kind;
    assigns cap_table[0 .. CAP_TABLE_SLOTS - 1], cap_next_slot, cap_nonce_state, cap_counters,
      cap_table_lock.held;
    exits \false;
    ensures sound; */
static void derive_and_revoke(struct cap_token shown, unsigned int kind, unsigned int weaker,
                              cap_owner_t other)
{
	struct cap_token given = cap_token_delegate(shown, kind, other);
	struct cap_token weak = cap_token_attenuate(shown, kind, weaker);

	/*@ assert shown_was_genuine: genuine(shown, kind, model_presenter); */
	/*@ assert bound_to_other: given.generation != 0 ==>
	      genuine(given, kind, other) && !genuine(given, kind, model_presenter); */
	/*@ assert only_weaker: weak.generation != 0 ==>
	      genuine(weak, weaker, model_presenter) && !genuine(weak, kind, model_presenter); */

	cap_token_revoke_one(shown, kind);
	/*@ assert over_for_all: \forall integer k, integer o; !genuine(shown, k, o); */
	/*@ assert given_stays: given.generation != 0 ==> genuine(given, kind, other); */

	cap_token_revoke_kind(kind);
	/*@ assert given_is_over: !genuine(given, kind, other); */
	/*@ assert weak_stays: weak.generation != 0 ==> genuine(weak, weaker, model_presenter); */
}

/* Frama-C's -main: here the initial values of the globals are known, so this also proves that the
 * table a program starts with is sound. */
/*@ assigns cap_table[0 .. CAP_TABLE_SLOTS - 1], cap_next_slot, cap_nonce_state, cap_counters,
      cap_table_lock.held;
    exits \false;
    ensures sound; */
void start_of_the_program(unsigned int kind, cap_owner_t owner, cap_owner_t other)
{
	struct cap_token forged = {.slot = kind, .generation = owner, .nonce = other};

	cap_init();
	if (owner != other)
		mint_and_revoke_owner(kind, owner, other);
	if (other != cap_current_owner() && owner != kind)
		derive_and_revoke(forged, kind, owner, other);
}
