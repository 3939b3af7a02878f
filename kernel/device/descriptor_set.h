/* SPDX-License-Identifier: MIT
 *
 * Sets of a virtqueue's descriptors, by number. Proved (frama/descriptor_set_spec.h).
 * `descriptor` is below VIRTQUEUE_SIZE_MAX everywhere.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define VIRTQUEUE_SIZE_MAX 128u /* two words have a bit for each */
#define VIRTQUEUE_NONE     0xffffu

struct descriptor_set {
	uint64_t low, high;
};

struct descriptor_set set_none(void);
bool set_has(struct descriptor_set set, uint32_t descriptor);
struct descriptor_set set_with(struct descriptor_set set, uint32_t descriptor);
struct descriptor_set set_without(struct descriptor_set set, uint32_t descriptor);
struct descriptor_set set_union(struct descriptor_set set, struct descriptor_set other);
struct descriptor_set set_minus(struct descriptor_set set, struct descriptor_set other);
/* The smallest member, or VIRTQUEUE_NONE. */
uint16_t set_first(struct descriptor_set set);
