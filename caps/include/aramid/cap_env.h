/* SPDX-License-Identifier: MIT
 *
 * What the token library asks of its environment in the profiles with run-time tokens. The
 * hosted library brings it all (src/host.c, src/host_operations.c); a freestanding user, the
 * kernel, writes the first three, and the last ones only if src/freestanding.c's are not enough.
 */
#pragma once

#include <aramid/cap_kind.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The owner on whose behalf this thread runs: the presenter of every token that it shows. Called
 * on each validation, so it should be a load or two. Must not panic or sleep. */
cap_owner_t cap_current_owner(void);

/* A token was refused. `presenter` showed it where `kind` was asked for. Does not return: the
 * kernel panics the presenter to its boundary, a hosted program aborts or leaves by longjmp. If it
 * does return, the library traps the CPU, so that no privileged function runs on with a refused
 * token. Called with no lock held. May panic. */
void cap_refused(enum cap_kind kind, enum cap_refusal why, cap_owner_t presenter);

/* Fills out[0..count) with seed words. True when they come from a hardware or operating system
 * generator. False when there is none: the words are then the best that there is, and cap_init
 * passes the bad news on. Called once, by cap_init. Must not panic. */
bool cap_entropy(uint64_t *out, size_t count);

/* Returns when every operation of another thread that was open at the call has ended. Called by
 * each revocation, when the tokens are stale and no lock is held. The freestanding default returns
 * at once: such an environment lets nobody be inside a module whose tokens it revokes (the kernel
 * quiesces a service first). May sleep. */
void cap_wait_for_operations(void);

/* Counts a validation that accepted, and the sum of these counts. The freestanding default is one
 * counter for all; with a counter for each CPU or thread a validation needs no locked
 * instruction. Must not panic or sleep. */
void cap_count_validation(void);
uint64_t cap_sum_validations(void);
