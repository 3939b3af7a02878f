/* SPDX-License-Identifier: MIT */
#include "nonce.h"

#include <aramid/cap_env.h>
#include <bearssl_block.h>
#include <string.h>

struct cap_nonce_state cap_nonce_state;

bool cap_nonce_seed(void)
{
	uint64_t seed[sizeof(cap_nonce_state.key) / sizeof(uint64_t)] = {0};
	bool trusted = cap_entropy(seed, sizeof(seed) / sizeof(seed[0]));

	memcpy(cap_nonce_state.key, seed, sizeof(cap_nonce_state.key));
	cap_nonce_state.left = 0;
	cap_nonce_state.seeded = 1;
	return trusted;
}

/* One ChaCha20 block: 32 bytes of key to come, then four nonces. The key is used once, so a
 * constant nonce and counter of the cipher are right. */
static void refill(void)
{
	static const uint8_t iv[12];
	uint8_t block[64] = {0};

	br_chacha20_ct_run(cap_nonce_state.key, iv, 0, block, sizeof(block));
	memcpy(cap_nonce_state.key, block, sizeof(cap_nonce_state.key));
	memcpy(cap_nonce_state.ready, block + 32, sizeof(cap_nonce_state.ready));
	cap_nonce_state.left = 4;
}

uint64_t cap_next_nonce(void)
{
	uint64_t nonce;

	if (cap_nonce_state.left == 0)
		refill();
	cap_nonce_state.left--;
	nonce = cap_nonce_state.ready[cap_nonce_state.left];
	cap_nonce_state.ready[cap_nonce_state.left] = 0;
	return nonce;
}
