/* SPDX-License-Identifier: MIT
 *
 * What is proved of sets of descriptors: that they are sets, whatever stands in their words.
 */
#pragma once

#ifndef SETS_ARE_SETS /* what a word is has no part in the proofs of a set's users */
#define BITS_OF_WORDS
#define BITS_OF_UNIONS
#endif
#include "bits.h"
#include <kernel/device/descriptor_set.h>

#ifdef SETS_ARE_SETS
/*@ axiomatic words_are_a_set {
      predicate in_words(integer low, integer high, integer d);
    } */
#else
/*@ predicate in_words(integer low, integer high, integer d) =
      d < 64 ? has_bit(low, d) : has_bit(high, d - 64); */
#endif

/*@ predicate in_set(struct descriptor_set s, integer d) =
      0 <= d < VIRTQUEUE_SIZE_MAX && in_words(s.low, s.high, d);
    predicate is_first(struct descriptor_set s, integer d) =
      in_set(s, d) && \forall integer i; 0 <= i < d ==> !in_set(s, i); */

/*@ assigns \nothing;
    ensures \forall integer d; !in_set(\result, d);
    ensures \forall integer d; 0 <= d < VIRTQUEUE_SIZE_MAX ==>
      !in_words(\result.low, \result.high, d); */
struct descriptor_set set_none(void);

/*@ requires descriptor < VIRTQUEUE_SIZE_MAX;
    assigns \nothing;
    ensures \result <==> in_set(set, descriptor); */
bool set_has(struct descriptor_set set, uint32_t descriptor);

/*@ requires descriptor < VIRTQUEUE_SIZE_MAX;
    assigns \nothing;
    ensures \forall integer d; in_set(\result, d) <==> d == descriptor || in_set(set, d); */
struct descriptor_set set_with(struct descriptor_set set, uint32_t descriptor);

/*@ requires descriptor < VIRTQUEUE_SIZE_MAX;
    assigns \nothing;
    ensures \forall integer d; in_set(\result, d) <==> d != descriptor && in_set(set, d); */
struct descriptor_set set_without(struct descriptor_set set, uint32_t descriptor);

/*@ assigns \nothing;
    ensures \forall integer d; in_set(\result, d) <==> in_set(set, d) || in_set(other, d); */
struct descriptor_set set_union(struct descriptor_set set, struct descriptor_set other);

/*@ assigns \nothing;
    ensures \forall integer d; in_set(\result, d) <==> in_set(set, d) && !in_set(other, d); */
struct descriptor_set set_minus(struct descriptor_set set, struct descriptor_set other);

/*@ assigns \nothing;
    ensures \result == VIRTQUEUE_NONE || is_first(set, \result);
    ensures \result == VIRTQUEUE_NONE ==> \forall integer d; !in_set(set, d); */
uint16_t set_first(struct descriptor_set set);
