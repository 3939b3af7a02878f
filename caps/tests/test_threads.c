/* SPDX-License-Identifier: MIT
 *
 * Mint, validate, delegate and revoke from several threads at once. Each thread is an owner and
 * knows which of its tokens are valid; all share the table, and with few slots they use each
 * other's again and again.
 */
#include "cmocka_all.h"

#include <aramid/cap_host.h>
#include <aramid/cap_token.h>
#include <pthread.h>

enum { THREADS = 4, ROUNDS = 5000, KIND = CAP_KIND_net_access };

/* Tokens that owners have let go, for others to try: stale or stolen, so never valid. */
static struct cap_token lost[THREADS];
static pthread_mutex_t lost_lock = PTHREAD_MUTEX_INITIALIZER;

static void *use_tokens(void *argument)
{
	cap_owner_t owner = *(const cap_owner_t *)argument;
	uintptr_t wrong = 0;
	int round;

	cap_enter(owner);
	for (round = 0; round < ROUNDS; round++) {
		struct cap_token first = cap_token_mint(KIND, owner);
		struct cap_token second = cap_token_delegate(first, KIND, owner);
		struct cap_token found;

		pthread_mutex_lock(&lost_lock);
		found = lost[(owner + (unsigned int)round) % THREADS];
		pthread_mutex_unlock(&lost_lock);
		wrong += cap_token_check(found, KIND, owner) == CAP_ACCEPTED;
		wrong += cap_token_check(first, KIND, owner) != CAP_ACCEPTED;
		wrong += cap_token_check(second, KIND, owner) != CAP_ACCEPTED;
		wrong += cap_token_check(second, KIND, owner + 1) == CAP_ACCEPTED;
		if (round % 2)
			cap_token_revoke_one(first, KIND);
		else
			cap_token_revoke_owner(owner);
		wrong += cap_token_check(first, KIND, owner) == CAP_ACCEPTED;
		cap_token_revoke_owner(owner);
		wrong += cap_token_check(second, KIND, owner) == CAP_ACCEPTED;
		pthread_mutex_lock(&lost_lock);
		lost[owner % THREADS] = second;
		pthread_mutex_unlock(&lost_lock);
	}
	return (void *)wrong;
}

static void threads_that_mint_delegate_and_revoke_never_see_a_wrong_answer(void **state)
{
	static cap_owner_t owners[THREADS];
	pthread_t threads[THREADS];
	unsigned int i;

	(void)state;
	for (i = 0; i < THREADS; i++) {
		owners[i] = i + 1;
		assert_int_equal(pthread_create(&threads[i], NULL, use_tokens, &owners[i]), 0);
	}
	for (i = 0; i < THREADS; i++) {
		void *wrong;

		assert_int_equal(pthread_join(threads[i], &wrong), 0);
		assert_int_equal((uintptr_t)wrong, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(threads_that_mint_delegate_and_revoke_never_see_a_wrong_answer),
	};

	if (!cap_init())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
