/* SPDX-License-Identifier: MIT
 *
 * What is proved of a virtqueue, whatever the device writes into the rings and whenever: each
 * descriptor is free or in one chain that the device has; what is taken as given back was lent, is
 * given back once, and is no longer than what was lent; nothing outside is read or written.
 * Readings of the used ring are volatile: of each, WP knows its type and no more.
 */
#pragma once

#define SETS_ARE_SETS
#include "descriptor_set_spec.h"
#include <kernel/device/virtqueue.h>
#include <kernel/lib/errno.h>

/* WP knows one thread: to it, order is nothing. */
#define __atomic_thread_fence(order)      ((void)0)
#define __atomic_store_n(p, value, order) ((void)(*(p) = (value)))

/*@ predicate in_chain(struct virtqueue *q, integer h, integer d) =
      0 <= d < VIRTQUEUE_SIZE_MAX &&
      in_words(q->chains[h].members.low, q->chains[h].members.high, d);
    predicate is_free(struct virtqueue *q, integer d) =
      0 <= d < VIRTQUEUE_SIZE_MAX && in_words(q->free.low, q->free.high, d);
    predicate first_free(struct virtqueue *q, integer d) =
      is_free(q, d) && \forall integer i; 0 <= i < d ==> !is_free(q, i);
    predicate lent(struct virtqueue *q, integer h) = in_chain(q, h, h);

    predicate queue_memory(struct virtqueue *q) =
      \valid(q) && \valid(q->rings) && \valid(q->chains + (0 .. VIRTQUEUE_SIZE_MAX - 1)) &&
      \separated(q, q->rings, q->chains + (0 .. VIRTQUEUE_SIZE_MAX - 1));

    predicate free_bounded(struct virtqueue *q) =
      \forall integer d; is_free(q, d) ==> d < q->size;
    // A chain that has a member was lent, and the member has no other place.
    predicate chains_lent(struct virtqueue *q) =
      \forall integer h, integer d; 0 <= h < VIRTQUEUE_SIZE_MAX && in_chain(q, h, d) ==>
        h < q->size && d < q->size && lent(q, h) && !is_free(q, d);
    predicate chains_apart(struct virtqueue *q) =
      \forall integer h, integer k, integer d;
        0 <= h < k < VIRTQUEUE_SIZE_MAX && in_chain(q, h, d) ==> !in_chain(q, k, d);

    predicate queue_sets(struct virtqueue *q) =
      free_bounded(q) && chains_lent(q) && chains_apart(q);

    predicate has_place(struct virtqueue *q, integer d) =
      is_free(q, d) ||
      \exists integer h; 0 <= h < VIRTQUEUE_SIZE_MAX && in_chain(q, h, d);
    lemma chain_is_a_place{L}: \forall struct virtqueue *q, integer h, integer d;
      0 <= h < VIRTQUEUE_SIZE_MAX && in_chain(q, h, d) ==> has_place(q, d);
    predicate none_lost(struct virtqueue *q) =
      \forall integer d; 0 <= d < q->size ==> has_place(q, d);

    predicate queue_sound(struct virtqueue *q) =
      queue_memory(q) && 1 <= q->size <= VIRTQUEUE_SIZE_MAX && queue_sets(q) && none_lost(q);

    predicate chain_kept{A, B}(struct virtqueue *q, integer h) =
      \at(q->chains[h].tag, A) == \at(q->chains[h].tag, B) &&
      \at(q->chains[h].writable, A) == \at(q->chains[h].writable, B) &&
      \at(q->chains[h].members.low, A) == \at(q->chains[h].members.low, B) &&
      \at(q->chains[h].members.high, A) == \at(q->chains[h].members.high, B);
    predicate queue_kept{A, B}(struct virtqueue *q) =
      \at(q->free.low, A) == \at(q->free.low, B) &&
      \at(q->free.high, A) == \at(q->free.high, B) && \at(q->used, A) == \at(q->used, B) &&
      \at(q->available, A) == \at(q->available, B) &&
      \forall integer h; 0 <= h < VIRTQUEUE_SIZE_MAX ==> chain_kept{A, B}(q, h);

    // Before, the chain's members were free, and they are its own after; of the rest nothing changed.
    predicate only_lent{Before, After}(struct virtqueue *q, integer h) =
      (\forall integer d; is_free{Before}(q, d) <==>
        is_free{After}(q, d) || in_chain{After}(q, h, d)) &&
      (\forall integer k; 0 <= k < VIRTQUEUE_SIZE_MAX && k != h ==> chain_kept{Before, After}(q, k));

    // How many bytes of the first n the device may write.
    logic integer writable(struct queue_segment *s, integer n) =
      n <= 0 ? 0 : writable(s, n - 1) + (s[n - 1].from_device ? s[n - 1].size : 0);

    // The device is told of a segment, as it is.
    predicate told(struct virtq_descriptor *d, struct queue_segment *s) =
      d->address_low == (uint32_t)s->address && d->size == s->size &&
      d->address_high == (uint32_t)(s->address >> 32) &&
      (d->flags == DESCRIPTOR_WRITE || d->flags == DESCRIPTOR_WRITE + DESCRIPTOR_NEXT <==>
       s->from_device) && d->flags <= DESCRIPTOR_WRITE + DESCRIPTOR_NEXT;
    predicate descriptor_kept{A, B}(struct virtq_descriptor *d) =
      \at(d->address_low, A) == \at(d->address_low, B) &&
      \at(d->address_high, A) == \at(d->address_high, B) &&
      \at(d->size, A) == \at(d->size, B) && \at(d->flags, A) == \at(d->flags, B);
    predicate told_one(struct virtq_descriptor *d, struct queue_segment *s, integer n) =
      \exists integer i; 0 <= i < n && told(d, s + i);
    lemma told_is_one{L}: \forall struct virtq_descriptor *d, struct queue_segment *s,
      integer i, integer n; 0 <= i < n && told(d, s + i) ==> told_one(d, s, n);
    lemma one_of_more{L}: \forall struct virtq_descriptor *d, struct queue_segment *s,
      integer n; told_one(d, s, n) ==> told_one(d, s, n + 1); */

/*@ requires \valid(queue) && \valid(rings) && 1 <= size <= VIRTQUEUE_SIZE_MAX;
    requires \valid(chains + (0 .. VIRTQUEUE_SIZE_MAX - 1));
    requires \separated(queue, rings, chains + (0 .. VIRTQUEUE_SIZE_MAX - 1));
    assigns *queue, chains[0 .. VIRTQUEUE_SIZE_MAX - 1];
    ensures queue_sound(queue);
    ensures queue->rings == rings && queue->chains == chains && queue->size == size;
    ensures \forall integer h; 0 <= h < VIRTQUEUE_SIZE_MAX ==> !lent(queue, h); */
void virtqueue_init(struct virtqueue *queue, struct virtq_rings *rings, struct virtq_chain *chains,
                    uint16_t size);

/*@ requires queue_sound(queue);
    assigns \nothing;
    ensures \result == VIRTQUEUE_NONE || (\result < queue->size && first_free(queue, \result));
    ensures \result == VIRTQUEUE_NONE ==> \forall integer d; !is_free(queue, d); */
uint16_t virtqueue_first(const struct virtqueue *queue);

/*@ requires queue_sound(queue) && count >= 1 && \valid_read(segments + (0 .. count - 1));
    requires \separated(queue, queue->rings, queue->chains + (0 .. VIRTQUEUE_SIZE_MAX - 1),
                        segments + (0 .. count - 1));
    assigns queue->free, queue->available, queue->chains[0 .. VIRTQUEUE_SIZE_MAX - 1];
    assigns queue->rings->descriptors[0 .. VIRTQUEUE_SIZE_MAX - 1], queue->rings->available;
    ensures sound: queue_memory(queue) && 1 <= queue->size <= VIRTQUEUE_SIZE_MAX;
    ensures sets: queue_sets(queue);
    ensures whole: none_lost(queue);
    ensures refused: !\result ==> queue_kept{Pre, Post}(queue);
    ensures taken: \result ==> \exists integer h; first_free{Pre}(queue, h);
    ensures lent: \forall integer h; \result && first_free{Pre}(queue, h) ==>
      only_lent{Pre, Post}(queue, h) && lent(queue, h);
    ensures noted: \forall integer h; \result && first_free{Pre}(queue, h) ==>
      queue->chains[h].tag == tag &&
      queue->chains[h].writable == writable{Pre}(segments, count) &&
      queue->rings->available.ring[\at(queue->available, Pre) % queue->size] == h;
    ensures said: \forall integer h, integer d;
      \result && first_free{Pre}(queue, h) && in_chain(queue, h, d) ==>
      told_one(&queue->rings->descriptors[d], segments, count);
    ensures shown: \result ==> queue->available == (uint16_t)(\at(queue->available, Pre) + 1) &&
      queue->rings->available.index == queue->available; */
bool virtqueue_add(struct virtqueue *queue, const struct queue_segment *segments, uint16_t count,
                   uint64_t tag);

/*@ requires queue_sound(queue) && \valid(tag) && \valid(written) && \valid(head);
    requires \separated(queue, queue->rings, queue->chains + (0 .. VIRTQUEUE_SIZE_MAX - 1), tag,
                        written, head);
    assigns *tag, *written, *head, queue->free, queue->used;
    assigns queue->chains[0 .. VIRTQUEUE_SIZE_MAX - 1];
    ensures sound: queue_memory(queue) && 1 <= queue->size <= VIRTQUEUE_SIZE_MAX;
    ensures sets: queue_sets(queue);
    ensures whole: none_lost(queue);
    ensures \result == 1 || \result == 0 || \result == -EIO;
    ensures nothing: \result != 1 ==> queue_kept{Pre, Post}(queue);
    ensures was_lent: \result == 1 ==> *head < queue->size && lent{Pre}(queue, \at(*head, Post));
    ensures once: \result == 1 ==> !lent(queue, *head) && only_lent{Post, Pre}(queue, *head);
    ensures whose: \result == 1 ==> *tag == \at(queue->chains[\at(*head, Post)].tag, Pre);
    ensures bounded: \result == 1 ==>
      *written <= \at(queue->chains[\at(*head, Post)].writable, Pre);
    ensures next: \result == 1 ==> queue->used == (uint16_t)(\at(queue->used, Pre) + 1); */
int virtqueue_take(struct virtqueue *queue, uint64_t *tag, uint32_t *written, uint16_t *head);
