/* SPDX-License-Identifier: MIT
 *
 * The environment of a hosted program (aramid/cap_env.h): a thread's current owner, the operating
 * system's entropy, and what happens when a token is refused.
 */
#include "atomic.h"

#include <aramid/cap_audit.h>
#include <aramid/cap_env.h>
#include <aramid/cap_host.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

static __thread cap_owner_t current_owner = CAP_OWNER_CORE;
static cap_refused_hook refused_hook;

cap_owner_t cap_current_owner(void)
{
	return current_owner;
}

cap_owner_t cap_enter(cap_owner_t owner)
{
	cap_owner_t before = current_owner;

	current_owner = owner;
	return before;
}

void cap_leave(cap_owner_t before)
{
	current_owner = before;
}

cap_refused_hook cap_set_refused_hook(cap_refused_hook hook)
{
	return __atomic_exchange_n(&refused_hook, hook, __ATOMIC_ACQ_REL);
}

void cap_refused(enum cap_kind kind, enum cap_refusal why, cap_owner_t presenter)
{
	cap_refused_hook hook = cap_load_acquire(&refused_hook);

	if (hook)
		hook(kind, why, presenter);
	fprintf(stderr, "aramid: token of kind %d shown by owner %u is %s\n", (int)kind, presenter,
	        cap_refusal_name(why));
	abort();
}

/* getrandom(2): for at most 256 bytes it is neither interrupted nor short. */
bool cap_entropy(uint64_t *out, size_t count)
{
	return getrandom(out, count * sizeof(*out), 0) == (ssize_t)(count * sizeof(*out));
}
