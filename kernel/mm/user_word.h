/* SPDX-License-Identifier: MIT
 *
 * One word of user memory as what it is to several CPUs and several processes: changed in one
 * step, and told apart from others wherever it is mapped (futex(2)).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>

/* What a word is: the same for all who can change it. */
struct word_identity {
	const void *object; /* an address space, a file or shared memory; only to compare */
	uint64_t offset;    /* bytes into it */
};

/* The identity of the word at an address of the caller's space. private: nobody outside the
 * space is asked about. May sleep. */
struct word_identity user_word_identity(uint64_t address, bool is_private);

/* If the word is *expected it becomes desired: 0; if not, -EAGAIN and *expected is what it is.
 * -EFAULT. address is a multiple of 4. May sleep. */
int __must_check user_word_exchange(uint64_t address, uint32_t *expected, uint32_t desired);
