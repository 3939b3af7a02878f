/* SPDX-License-Identifier: MIT
 *
 * What the token library asks of its environment in the profiles with run-time tokens. The
 * hosted library brings all three (src/host.c); a freestanding user, the kernel, writes them.
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
