/* SPDX-License-Identifier: MIT
 *
 * The frames of an interface: a page each, which stays the core's and is lent to the device. What
 * is to be sent stays here until the device has sent it, whatever becomes of the driver.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/page.h>
#include <aramid/check.h>

struct device;
struct device_transfers;

#define FRAME_SIZE_MIN 14u   /* the two addresses and the type (IEEE 802.3) */
#define FRAME_SIZE_MAX 1514u /* and 1500 bytes behind them */

/* In each direction. Each is two descriptors of a queue of VIRTQUEUE_SIZE_MAX. */
#define FRAMES_EACH 64u
#define FRAMES      (2 * FRAMES_EACH)

enum frame_state {
	FRAME_IDLE,  /* to be sent: there is nothing in it */
	FRAME_READY, /* to be handed to the driver */
	FRAME_GIVEN, /* the driver has it */
	FRAME_ENDED, /* sent; or filled, and nobody has taken it yet */
};

struct frame {
	paddr_t page;
	enum frame_state state;
	uint32_t size, tries;
	uint64_t given_at; /* ns */
	/* With the device's lock. */
	bool lent, returned; /* returned: since it was lent last */
	uint64_t epoch;      /* of the device, when it was lent */
	uint64_t arrival;    /* when it was returned, in the order of all */
};

/* Those to be filled, then those to be sent. A frame's tag is its number. */
struct frames {
	struct frame all[FRAMES];
	unsigned int first, count; /* of those to be sent, in their order: a ring */
	uint64_t arrivals;
};

extern const struct device_transfers frame_transfers;

static inline bool frame_is_to_send(unsigned int number)
{
	return number >= FRAMES_EACH;
}

static inline void *frame_bytes(const struct frame *frame)
{
	return phys_to_virt(frame->page);
}

/* A page for each: -ENOMEM. Those to be filled are ready. */
int __must_check frames_make(struct frames *frames);

/* The number of the one to be sent that comes so many behind the first. */
unsigned int frames_to_send(const struct frames *frames, unsigned int place);

/* The next one to be sent that is idle, or NULL; it is in the ring from then on. */
struct frame *frames_begin(struct frames *frames);

/* Those at the front of the ring that have ended leave it. */
void frames_retire(struct frames *frames);

/* The filled one that arrived first, or NULL. */
struct frame *frames_arrived(struct frames *frames);

/* Whether the device has it: then nobody else may touch it. */
bool frame_is_lent(const struct device *device, const struct frame *frame);
