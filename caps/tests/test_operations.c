/* SPDX-License-Identifier: MIT
 *
 * Revocations and the operations that they wait for, between threads.
 */
#include "cmocka_all.h"
#include "host_operations.h"

#include <aramid/cap.h>
#include <aramid/cap_host.h>
#include <aramid/cap_token.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KIND = CAP_KIND_net_access, ALICE = 1, BOB = 2 };

static void set(bool *flag)
{
	__atomic_store_n(flag, true, __ATOMIC_RELEASE);
}

static bool is_set(bool *flag)
{
	return __atomic_load_n(flag, __ATOMIC_ACQUIRE);
}

static void wait_until(bool *flag)
{
	while (!is_set(flag))
		usleep(100);
}

/* A revocation in a thread of its own, and an operation that it must wait for. */
struct meeting {
	void (*revoke)(CAP(net_access) cap);
	CAP(net_access) cap;
	bool inside, may_end, ended, revoked;
	bool saw_the_end; /* had the operation ended when the revocation returned? */
};

static void *operate(void *argument)
{
	struct meeting *meeting = argument;
	CAP_OPERATION();

	cap_enter(ALICE);
	cap_validate(net_access, meeting->cap);
	set(&meeting->inside);
	wait_until(&meeting->may_end);
	set(&meeting->ended);
	return NULL;
}

static void *revoke_in_thread(void *argument)
{
	struct meeting *meeting = argument;

	cap_enter(ALICE);
	meeting->revoke(meeting->cap);
	meeting->saw_the_end = is_set(&meeting->ended);
	set(&meeting->revoked);
	return NULL;
}

static void meet(void (*revocation)(CAP(net_access) cap))
{
	struct meeting meeting = {.revoke = revocation, .cap = cap_mint(net_access, ALICE)};
	pthread_t operator, revoker;

	assert_int_equal(pthread_create(&operator, NULL, operate, &meeting), 0);
	wait_until(&meeting.inside);
	assert_int_equal(pthread_create(&revoker, NULL, revoke_in_thread, &meeting), 0);
	while (cap_token_check(meeting.cap.token, KIND, ALICE) == CAP_ACCEPTED)
		usleep(100);
	usleep(20000);
	assert_false(is_set(&meeting.revoked));
	set(&meeting.may_end);
	pthread_join(revoker, NULL);
	pthread_join(operator, NULL);
	assert_true(meeting.saw_the_end);
}

static void revoke_one(CAP(net_access) cap)
{
	cap_revoke_one(net_access, cap);
}

static void revoke_owner(CAP(net_access) cap)
{
	(void)cap;
	cap_revoke(ALICE);
}

static void revoke_kind(CAP(net_access) cap)
{
	(void)cap;
	cap_revoke_kind(net_access);
}

static void each_revocation_returns_only_when_earlier_operations_have_ended(void **state)
{
	(void)state;
	meet(revoke_one);
	meet(revoke_owner);
	meet(revoke_kind);
}

/* What a token stands for, torn down as soon as the token is revoked. Not atomic: ThreadSanitizer
 * sees whether the revocation orders the two. */
struct resource {
	CAP(net_access) cap;
	int alive;
};

static struct resource resources[64];
static unsigned int published;
static bool stop;

static void *use_resources(void *argument)
{
	uintptr_t *dead = argument;

	cap_enter(ALICE);
	while (!is_set(&stop)) {
		unsigned int last = __atomic_load_n(&published, __ATOMIC_ACQUIRE);
		CAP_OPERATION();

		if (last > 0 && cap_is_valid(net_access, resources[last - 1].cap))
			*dead += !resources[last - 1].alive;
	}
	return NULL;
}

static void what_is_torn_down_after_a_revocation_is_used_by_nobody(void **state)
{
	static uintptr_t dead[2];
	pthread_t users[2];
	unsigned int i;

	(void)state;
	stop = false;
	published = 0;
	for (i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&users[i], NULL, use_resources, &dead[i]), 0);
	for (i = 0; i < sizeof(resources) / sizeof(resources[0]); i++) {
		resources[i] = (struct resource){cap_mint(net_access, ALICE), 1};
		__atomic_store_n(&published, i + 1, __ATOMIC_RELEASE);
		usleep(500);
		cap_revoke(ALICE);
		resources[i].alive = 0;
	}
	set(&stop);
	for (i = 0; i < 2; i++)
		pthread_join(users[i], NULL);
	assert_int_equal(dead[0] + dead[1], 0);
}

static void *end_inside(void *argument)
{
	cap_begin_operation();
	return argument;
}

static void a_thread_that_ended_inside_an_operation_holds_nobody_up(void **state)
{
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, end_inside, NULL), 0);
	pthread_join(thread, NULL);
	cap_revoke(ALICE);
}

static void operations_that_a_longjmp_left_are_ended_by_count(void **state)
{
	unsigned int open;

	(void)state;
	cap_begin_operation();
	open = cap_open_operations();
	cap_begin_operation();
	cap_begin_operation();
	cap_end_operations_since(open);
	assert_int_equal(cap_open_operations(), 1);
	cap_end_operation();
}

/* How a child process that does this ends. */
static int status_of_child(void (*action)(void))
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		close(STDERR_FILENO);
		action();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void revoke_inside(void)
{
	CAP_OPERATION();
	cap_revoke(ALICE);
}

static void revoke_alice(void)
{
	cap_revoke(ALICE);
}

static void a_revocation_inside_an_operation_aborts_the_program(void **state)
{
	int status = status_of_child(revoke_inside);

	(void)state;
	assert_true(WIFSIGNALED(status));
}

static void an_end_without_a_beginning_aborts_the_program(void **state)
{
	int status = status_of_child(cap_end_operation);

	(void)state;
	assert_true(WIFSIGNALED(status));
}

static void a_forked_child_does_not_wait_for_its_parents_threads(void **state)
{
	struct meeting meeting = {.cap = cap_mint(net_access, ALICE)};
	pthread_t operator;
	int status;

	(void)state;
	assert_int_equal(pthread_create(&operator, NULL, operate, &meeting), 0);
	wait_until(&meeting.inside);
	status = status_of_child(revoke_alice);
	set(&meeting.may_end);
	pthread_join(operator, NULL);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static int fence_in_each_operation(void **state)
{
	(void)state;
	cap_readers_fence = true;
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_revocation_returns_only_when_earlier_operations_have_ended),
	        cmocka_unit_test(what_is_torn_down_after_a_revocation_is_used_by_nobody),
	        cmocka_unit_test(a_thread_that_ended_inside_an_operation_holds_nobody_up),
	        cmocka_unit_test(operations_that_a_longjmp_left_are_ended_by_count),
	        cmocka_unit_test(a_revocation_inside_an_operation_aborts_the_program),
	        cmocka_unit_test(an_end_without_a_beginning_aborts_the_program),
	        cmocka_unit_test(a_forked_child_does_not_wait_for_its_parents_threads),
	};
	const struct CMUnitTest without_membarrier[] = {
	        cmocka_unit_test(each_revocation_returns_only_when_earlier_operations_have_ended),
	        cmocka_unit_test(what_is_torn_down_after_a_revocation_is_used_by_nobody),
	};

	if (!cap_init())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL) +
	       cmocka_run_group_tests(without_membarrier, fence_in_each_operation, NULL);
}
