/* SPDX-License-Identifier: MIT
 *
 * A word as a set of the numbers 0 to 63. Proved (frama/), over what bit vectors say of masks.
 * `bit` is below 64 everywhere.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define BIT_WORD_BITS 64U

/*@ requires bit < BIT_WORD_BITS;
    assigns \nothing;
    ensures \result <==> has_bit(word, bit); */
static inline bool bit_word_test(uint64_t word, uint32_t bit)
{
	return (word >> bit & 1) != 0;
}

/*@ requires bit < BIT_WORD_BITS;
    assigns \nothing;
    ensures \result != 0;
    ensures \forall integer i; 0 <= i < BIT_WORD_BITS ==>
      (has_bit(\result, i) <==> i == bit || has_bit(word, i)); */
static inline uint64_t bit_word_with(uint64_t word, uint32_t bit)
{
	return word | 1UL << bit;
}

/*@ requires bit < BIT_WORD_BITS;
    assigns \nothing;
    ensures word == 0 ==> \result == 0;
    ensures \forall integer i; 0 <= i < BIT_WORD_BITS ==>
      (has_bit(\result, i) <==> i != bit && has_bit(word, i)); */
static inline uint64_t bit_word_without(uint64_t word, uint32_t bit)
{
	return word & ~(1UL << bit);
}

/* The members from `bit` on. */
/*@ requires bit < BIT_WORD_BITS;
    assigns \nothing;
    ensures \forall integer i; 0 <= i < BIT_WORD_BITS ==>
      (has_bit(\result, i) <==> i >= bit && has_bit(word, i)); */
static inline uint64_t bit_word_from(uint64_t word, uint32_t bit)
{
	return word >> bit << bit;
}

/* The smallest member of a word that is not 0. */
/*@ requires word != 0;
    assigns \nothing;
    ensures \result < BIT_WORD_BITS && has_bit(word, \result);
    ensures \forall integer i; 0 <= i < \result ==> !has_bit(word, i); */
static inline uint32_t bit_word_first(uint64_t word)
{
	return (uint32_t)__builtin_ctzl(word);
}
