/* SPDX-License-Identifier: MIT
 *
 * Chains of descriptors: free ones, and those that the device has.
 */
#include <kernel/device/virtqueue.h>
#include <kernel/lib/errno.h>

/* The device has no chain that starts there. */
/*@ requires \valid(chain);
    assigns chain->members;
    ensures \forall integer d; 0 <= d < VIRTQUEUE_SIZE_MAX ==>
      !in_words(chain->members.low, chain->members.high, d); */
static void end_chain(struct virtq_chain *chain)
{
	struct descriptor_set none = set_none();

	chain->members = none;
}

void virtqueue_init(struct virtqueue *queue, struct virtq_rings *rings, struct virtq_chain *chains,
                    uint16_t size)
{
	*queue = (struct virtqueue){
	        .rings = rings, .chains = chains, .free = set_none(), .size = size};
	/*@ loop invariant 0 <= i <= size;
	    loop invariant \forall integer d; is_free(queue, d) <==> 0 <= d < i;
	    loop assigns i, queue->free;
	    loop variant size - i; */
	for (uint16_t i = 0; i < size; i++)
		queue->free = set_with(queue->free, i);
	/*@ loop invariant 0 <= i <= VIRTQUEUE_SIZE_MAX;
	    loop invariant \forall integer h, integer d; 0 <= h < i ==> !in_chain(queue, h, d);
	    loop assigns i, chains[0 .. VIRTQUEUE_SIZE_MAX - 1];
	    loop variant VIRTQUEUE_SIZE_MAX - i; */
	for (uint16_t i = 0; i < VIRTQUEUE_SIZE_MAX; i++) {
		end_chain(&chains[i]);
		/*@ assert ended: \forall integer d; !in_chain(queue, i, d); */
		/*@ assert others: \forall integer h, integer d; 0 <= h < i ==>
		      (in_chain(queue, h, d) <==> in_chain{LoopCurrent}(queue, h, d)); */
	}
}

uint16_t virtqueue_first(const struct virtqueue *queue)
{
	return set_first(queue->free);
}

/*@ requires \valid_read(segments + (0 .. count - 1));
    assigns \nothing;
    ensures \result == writable(segments, count); */
static uint64_t writable_of(const struct queue_segment *segments, uint16_t count)
{
	uint64_t total = 0;

	/*@ loop invariant 0 <= i <= count && total == writable(segments, i);
	    loop invariant total <= i * 0xffffffff;
	    loop assigns i, total;
	    loop variant count - i; */
	for (uint16_t i = 0; i < count; i++)
		if (segments[i].from_device)
			total += segments[i].size;
	return total;
}

/* next: VIRTQUEUE_NONE at the end of the chain. */
/*@ requires \valid(descriptor) && \valid_read(segment) && \separated(descriptor, segment);
    assigns *descriptor;
    ensures told(descriptor, segment); */
static void write_descriptor(struct virtq_descriptor *descriptor,
                             const struct queue_segment *segment, uint16_t next)
{
	descriptor->address_low = (uint32_t)segment->address;
	descriptor->address_high = (uint32_t)(segment->address >> 32);
	descriptor->size = segment->size;
	descriptor->flags = segment->from_device ? DESCRIPTOR_WRITE : 0;
	descriptor->next = 0;
	if (next != VIRTQUEUE_NONE) {
		descriptor->flags += DESCRIPTOR_NEXT;
		descriptor->next = next;
	}
}

/* A chain of the first free descriptors, with the set of them; none when they do not suffice. */
/*@ requires count >= 1 && \valid(rings) && \valid_read(segments + (0 .. count - 1));
    requires \separated(rings, segments + (0 .. count - 1));
    assigns rings->descriptors[0 .. VIRTQUEUE_SIZE_MAX - 1];
    ensures \forall integer d; in_set(\result, d) ==> in_set(free, d);
    ensures \forall integer h; is_first(free, h) ==>
      in_set(\result, h) || \forall integer d; !in_set(\result, d);
    ensures \forall integer d; in_set(\result, d) ==>
      told_one(&rings->descriptors[d], segments, count); */
static struct descriptor_set write_chain(struct virtq_rings *rings, struct descriptor_set free,
                                         const struct queue_segment *segments, uint16_t count)
{
	struct descriptor_set left = free, members = set_none();
	uint16_t at = set_first(free);

	/*@ loop invariant 0 <= i <= count;
	    loop invariant i == 0 && at != VIRTQUEUE_NONE ==> is_first(free, at);
	    loop invariant head: \forall integer h; is_first(free, h) && i > 0 ==> in_set(members,
	   h); loop invariant at == VIRTQUEUE_NONE || in_set(left, at); loop invariant part: \forall
	   integer d; in_set(left, d) || in_set(members, d) ==> in_set(free, d); loop invariant
	   apart: \forall integer d; in_set(left, d) ==> !in_set(members, d); loop invariant said:
	   \forall integer d; in_set(members, d) ==> told_one(&rings->descriptors[d], segments, i);
	    loop assigns i, at, left, members, rings->descriptors[0 .. VIRTQUEUE_SIZE_MAX - 1];
	    loop variant count - i; */
	for (uint16_t i = 0; i < count; i++) {
		uint16_t next;

		if (at == VIRTQUEUE_NONE)
			return set_none();
		left = set_without(left, at);
		next = set_first(left);
		write_descriptor(&rings->descriptors[at], &segments[i],
		                 i + 1u < count ? next : VIRTQUEUE_NONE);
		/*@ assert this: told_one(&rings->descriptors[at], segments, i + 1); */
		/*@ assert other: \forall integer d; in_set(members, d) ==> d != at; */
		/*@ assert same: \forall integer k; 0 <= k < count ==>
		      segments[k].size == \at(segments[k].size, LoopCurrent); */
		/*@ assert kept: \forall integer d; in_set(members, d) ==>
		      descriptor_kept{LoopCurrent, Here}(&rings->descriptors[d]); */
		/*@ assert others: \forall integer d, integer k; in_set(members, d) && 0 <= k < i &&
		      told{LoopCurrent}(&rings->descriptors[d], segments + k) ==>
		      told(&rings->descriptors[d], segments + k); */
		/*@ assert those: \forall integer d; in_set(members, d) ==>
		      told_one(&rings->descriptors[d], segments, i); */
		/*@ assert more: \forall integer d; in_set(members, d) ==>
		      told_one(&rings->descriptors[d], segments, i + 1); */
		members = set_with(members, at);
		/*@ assert all: \forall integer d; in_set(members, d) ==>
		      told_one(&rings->descriptors[d], segments, i + 1); */
		at = next;
	}
	return members;
}

/* The device has a chain of what was free. */
/*@ requires queue_sound(queue) && head < queue->size && in_set(members, head);
    requires \forall integer d; in_set(members, d) ==> is_free(queue, d);
    assigns queue->free, queue->chains[head];
    ensures queue_memory(queue) && queue_sets(queue) && none_lost(queue);
    ensures only_lent{Pre, Post}(queue, head) && lent(queue, head);
    ensures queue->chains[head].tag == tag && queue->chains[head].writable == writable;
    ensures \forall integer d; in_chain(queue, head, d) <==> in_set(members, d); */
static void lend(struct virtqueue *queue, uint16_t head, struct descriptor_set members,
                 uint64_t tag, uint64_t writable)
{
	struct virtq_chain *chain = &queue->chains[head];

	queue->free = set_minus(queue->free, members);
	chain->members = members;
	chain->tag = tag;
	chain->writable = writable;
	/*@ assert free: \forall integer d;
	      is_free(queue, d) <==> is_free{Pre}(queue, d) && !in_set(members, d); */
	/*@ assert own: \forall integer d; in_chain(queue, head, d) <==> in_set(members, d); */
	/*@ assert others: \forall integer h, integer d; 0 <= h < VIRTQUEUE_SIZE_MAX && h != head
	   ==> (in_chain(queue, h, d) <==> in_chain{Pre}(queue, h, d)); */
	/*@ assert placed: \forall integer d; has_place{Pre}(queue, d) ==> has_place(queue, d); */
	return;
}

/* The device sees the chain before it sees that there is one. */
/*@ requires \valid(queue) && \valid(queue->rings) && \separated(queue, queue->rings);
    requires 1 <= queue->size <= VIRTQUEUE_SIZE_MAX;
    assigns queue->available, queue->rings->available;
    ensures queue->available == (uint16_t)(\old(queue->available) + 1);
    ensures queue->rings->available.index == queue->available;
    ensures \forall integer d; 0 <= d < VIRTQUEUE_SIZE_MAX ==>
      descriptor_kept{Pre, Post}(&queue->rings->descriptors[d]);
    ensures queue->rings->available.ring[\old(queue->available) % queue->size] == head; */
static void show(struct virtqueue *queue, uint16_t head)
{
	queue->rings->available.ring[queue->available % queue->size] = head;
	queue->available++;
	__atomic_store_n(&queue->rings->available.index, queue->available, __ATOMIC_SEQ_CST);
}

bool virtqueue_add(struct virtqueue *queue, const struct queue_segment *segments, uint16_t count,
                   uint64_t tag)
{
	uint64_t writable = writable_of(segments, count);
	uint16_t head = set_first(queue->free);
	struct descriptor_set members = write_chain(queue->rings, queue->free, segments, count);

	/*@ assert kept: queue_kept{Pre, Here}(queue) && queue->size == \at(queue->size, Pre); */
	/*@ assert sound: queue_sound(queue); */
	if (head == VIRTQUEUE_NONE || !set_has(members, head))
		return false;
	/*@ ghost Written: ; */
	lend(queue, head, members, tag, writable);
	/*@ assert apart: \forall integer k; 0 <= k < count ==>
	      \separated(&segments[k].address, &queue->free) &&
	      \separated(&segments[k].address, queue->chains + head); */
	/*@ assert same: \forall integer k; 0 <= k < count ==>
	      segments[k].address == \at(segments[k].address, Pre); */
	/*@ assert one: \forall integer d; in_set(members, d) ==>
	      (told_one{Written}(&queue->rings->descriptors[d], segments, count) ==>
	       told_one(&queue->rings->descriptors[d], segments, count)); */
	/*@ assert said: \forall integer d; in_chain(queue, head, d) ==>
	      told_one(&queue->rings->descriptors[d], segments, count); */
	/*@ ghost Lent: ; */
	show(queue, head);
	/*@ assert head: \forall integer h; first_free{Pre}(queue, h) ==> h == head; */
	/*@ assert noted: queue->chains[head].tag == tag &&
	      queue->chains[head].writable == writable{Pre}(segments, count); */
	/*@ assert still: \forall integer d; in_set(members, d) ==>
	      (told_one{Lent}(&queue->rings->descriptors[d], segments, count) ==>
	       told_one(&queue->rings->descriptors[d], segments, count)); */
	/*@ assert kept_said: \forall integer d; in_chain(queue, head, d) ==>
	      told_one(&queue->rings->descriptors[d], segments, count); */
	return true;
}

/* The device's newest word. What it has said before is read after it. */
/*@ requires \valid_read(queue) && \valid_read(queue->rings);
    assigns \nothing; */
static uint16_t used_index(const struct virtqueue *queue)
{
	uint16_t index = queue->rings->used.index;

	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return index;
}

/*@ requires queue_sound(queue) && id < queue->size && lent(queue, id);
    assigns queue->free, queue->chains[id].members;
    ensures queue_memory(queue) && queue_sets(queue) && none_lost(queue);
    ensures \forall integer d; !in_chain(queue, id, d);
    ensures only_lent{Post, Pre}(queue, id); */
static void give_back(struct virtqueue *queue, uint32_t id)
{
	queue->free = set_union(queue->free, queue->chains[id].members);
	end_chain(&queue->chains[id]);
	/*@ assert freed: \forall integer d;
	      is_free(queue, d) <==> is_free{Pre}(queue, d) || in_chain{Pre}(queue, id, d); */
	/*@ assert ended: \forall integer d; !in_chain(queue, id, d); */
	/*@ assert others: \forall integer h, integer d; 0 <= h < VIRTQUEUE_SIZE_MAX && h != id ==>
	      (in_chain(queue, h, d) <==> in_chain{Pre}(queue, h, d)); */
	/*@ assert placed: \forall integer d; has_place{Pre}(queue, d) ==> has_place(queue, d); */
	return;
}

int virtqueue_take(struct virtqueue *queue, uint64_t *tag, uint32_t *written, uint16_t *head)
{
	const volatile struct virtq_used_element *said =
	        &queue->rings->used.ring[queue->used % queue->size];
	struct virtq_chain *chain;
	uint32_t id, size;

	if (used_index(queue) == queue->used)
		return 0;
	/* Each is read once: the device may change it. */
	id = said->id;
	size = said->size;
	if (id >= queue->size)
		return -EIO;
	chain = &queue->chains[id];
	if (!set_has(chain->members, id) || size > chain->writable)
		return -EIO;
	give_back(queue, id);
	/*@ ghost Given: ; */
	queue->used++;
	*tag = chain->tag;
	*written = size;
	*head = (uint16_t)id;
	/*@ assert kept: \forall integer d; (is_free(queue, d) <==> is_free{Given}(queue, d)); */
	/*@ assert kept_chains: \forall integer h, integer d; 0 <= h < VIRTQUEUE_SIZE_MAX ==>
	      (in_chain(queue, h, d) <==> in_chain{Given}(queue, h, d)); */
	/*@ assert placed: \forall integer d; has_place{Given}(queue, d) ==> has_place(queue, d); */
	return 1;
}
