/* SPDX-License-Identifier: MIT
 *
 * Nonces for tokens: ChaCha20 output with fast key erasure (each block's first half is the next
 * key), so that whoever reads the state learns no nonce given out before.
 * https://blog.cr.yp.to/20170723-random.html
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct cap_nonce_state {
	uint8_t key[32];
	uint64_t ready[4];    /* nonces made and not yet given out */
	unsigned int left;    /* how many of them */
	unsigned char seeded; /* 1 once cap_nonce_seed has run */
};

extern struct cap_nonce_state cap_nonce_state;

/* Seeds from cap_entropy and returns what it returned. Once, before any cap_next_nonce. */
bool cap_nonce_seed(void);

/* The next nonce. The caller holds the table's lock. */
uint64_t cap_next_nonce(void);
