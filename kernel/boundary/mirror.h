/* SPDX-License-Identifier: MIT
 *
 * A second copy of a service's data and objects, for services whose memory is the truth. It is
 * core memory, and follows only what a call noted (core_undo) and made (core_alloc), when the
 * call has ended well. So a stray write in the service's own memory never gets here: it is seen
 * when the place is next noted, and put right when the service falls. Owned by whoever has the
 * service's turn.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <kernel/boundary/service.h>

/* Core memory for a service's copy, while its heap is empty: 0 or -ENOMEM. */
int mirror_create(struct service *service);

/* A new object of the service's heap: its copy is zero. The object's size. */
uint64_t mirror_add(struct service *service, void *object);

/* What has a copy: the service's data, or one of its objects. */
struct mirrored {
	char *start, *copy;
	uint64_t size;
};

struct mirrored mirror_data(const struct service *service);

/* That in which an address lies; false, and size is 0, when it lies in none. */
bool mirror_find(const struct service *service, const void *address, struct mirrored *found);

/* The copy follows an object; or all there is, after a start. */
void mirror_follow(struct service *service, const void *object);
void mirror_follow_start(struct service *service);

/* The first of size bytes that differs from its copy, or NULL. */
const char *mirror_difference(const char *memory, const char *copy, uint64_t size);

/* Make data and objects what the copy says: how many of them were not. */
uint64_t mirror_restore(struct service *service);
