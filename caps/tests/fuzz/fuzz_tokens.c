/* SPDX-License-Identifier: MIT
 *
 * libFuzzer target: an input is a program of mints, delegations, attenuations, revocations and
 * showings of tokens, genuine and mutated, on a table of few slots. A model knows which tokens are
 * valid; the library must accept exactly these. Ends after ARAMID_SHOWINGS showings and says how
 * many there were (caps/tests/fuzz/run).
 */
#include "refusals.h"
#include "table.h"

#include <aramid/cap_env.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KINDS = 4, OWNERS = 3, KEPT = 64, STEP_BYTES = 6 };

/* A token that was given out, and the truth about it. */
struct given {
	struct cap_token token;
	unsigned int kind;
	cap_owner_t owner;
	bool valid;
};

static struct given given[KEPT];
static unsigned int given_count;
static unsigned long showings, accepted, limit;

int LLVMFuzzerInitialize(int *count, char ***words);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libFuzzer takes exit(3) for a crash. */
static void end_well(void)
{
	printf("%lu tokens shown, %lu accepted, as the model says\n", showings, accepted);
	fflush(stdout);
	_Exit(0);
}

int LLVMFuzzerInitialize(int *count, char ***words)
{
	const char *text = getenv("ARAMID_SHOWINGS");

	(void)count;
	(void)words;
	limit = text ? strtoul(text, NULL, 10) : 0;
	return !cap_init();
}

static void require(bool right)
{
	if (!right)
		__builtin_trap();
}

static unsigned int count_valid(void)
{
	unsigned int valid = 0;
	unsigned int i;

	for (i = 0; i < given_count; i++)
		valid += given[i].valid;
	return valid;
}

/* What a mint of any sort gave must be granted exactly when a slot was free. */
static void keep(struct cap_token token, unsigned int kind, cap_owner_t owner)
{
	require(cap_token_is_granted(token) == (count_valid() < CAP_TABLE_SLOTS));
	if (cap_token_is_granted(token))
		given[given_count++] = (struct given){token, kind, owner, true};
}

/* The model's answer, and the one entry that it stands for. */
static struct given *find_valid(struct cap_token token, unsigned int kind, cap_owner_t owner)
{
	unsigned int i;

	for (i = 0; i < given_count; i++)
		if (given[i].valid && memcmp(&given[i].token, &token, sizeof(token)) == 0 &&
		    given[i].kind == kind && given[i].owner == owner)
			return &given[i];
	return NULL;
}

/* A token that was given out with one part changed, or none. */
static struct cap_token mutate(struct cap_token token, uint8_t how, uint8_t by)
{
	const struct cap_token *other = &given[by % given_count].token;

	switch (how % 8) {
	case 0:
		token.slot = by % (CAP_TABLE_SLOTS + 2);
		break;
	case 1:
		token.generation += (uint32_t)(int8_t)by;
		break;
	case 2:
		token.nonce ^= 1ULL << by % 64;
		break;
	case 3:
		token.nonce = other->nonce;
		break;
	case 4:
		token.generation = other->generation;
		break;
	case 5:
		token.slot = other->slot;
		break;
	default:
		break;
	}
	return token;
}

static void show(struct cap_token token, unsigned int kind, cap_owner_t owner)
{
	bool valid = find_valid(token, kind, owner) != NULL;

	require((cap_token_check(token, kind, owner) == CAP_ACCEPTED) == valid);
	require((REFUSAL_OF(cap_token_validate(token, kind)) == CAP_ACCEPTED) ==
	        (find_valid(token, kind, cap_current_owner()) != NULL));
	showings++;
	accepted += valid;
	if (limit && showings >= limit)
		end_well();
}

/* Derivation and revocation of one: refused exactly when the token is not valid. */
static void derive(struct cap_token token, unsigned int kind, unsigned int to, cap_owner_t owner,
                   bool attenuate)
{
	bool valid = find_valid(token, kind, cap_current_owner()) != NULL;
	static struct cap_token made;
	enum cap_refusal why = attenuate
	                               ? REFUSAL_OF(made = cap_token_attenuate(token, kind, to))
	                               : REFUSAL_OF(made = cap_token_delegate(token, kind, owner));

	require((why == CAP_ACCEPTED) == valid);
	if (valid)
		keep(made, attenuate ? to : kind, attenuate ? cap_current_owner() : owner);
}

static void revoke_one(struct cap_token token, unsigned int kind)
{
	struct given *entry = find_valid(token, kind, cap_current_owner());

	require((REFUSAL_OF(cap_token_revoke_one(token, kind)) == CAP_ACCEPTED) == (entry != NULL));
	if (entry)
		entry->valid = false;
}

static void revoke_all(bool of_owner, unsigned int which)
{
	unsigned int i;

	if (of_owner)
		cap_token_revoke_owner(which);
	else
		cap_token_revoke_kind(which);
	for (i = 0; i < given_count; i++)
		if ((of_owner ? given[i].owner : given[i].kind) == which)
			given[i].valid = false;
}

static void step(const uint8_t *byte)
{
	unsigned int kind = byte[4] % KINDS;
	cap_owner_t owner = byte[5] % OWNERS;
	struct given chosen;
	struct cap_token token;

	if (given_count == 0 || byte[0] % 8 == 0) {
		keep(cap_token_mint(kind, owner), kind, owner);
		return;
	}
	chosen = given[byte[1] % given_count];
	token = mutate(chosen.token, byte[2], byte[3]);
	if (byte[4] & 0x80)
		kind = chosen.kind;
	if (byte[5] & 0x80)
		owner = chosen.owner;
	cap_enter(owner);
	if (byte[0] % 8 == 1)
		derive(token, kind, byte[4] % KINDS, byte[5] % OWNERS, byte[0] & 0x80);
	else if (byte[0] % 8 == 2)
		revoke_one(token, kind);
	else if (byte[0] % 32 == 3)
		revoke_all(byte[0] & 0x80, byte[0] & 0x80 ? owner : kind);
	else
		show(token, kind, byte[5] & 0x40 ? (owner + 1) % OWNERS : owner);
	cap_leave(CAP_OWNER_CORE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	memset(cap_table, 0, sizeof(cap_table));
	cap_next_slot = 0;
	given_count = 0;
	for (; size >= STEP_BYTES && given_count < KEPT; size -= STEP_BYTES, data += STEP_BYTES)
		step(data);
	return 0;
}
