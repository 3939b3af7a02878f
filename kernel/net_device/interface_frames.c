/* SPDX-License-Identifier: MIT
 *
 * Frames and whose they are.
 */
#include <kernel/device/device.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/net_device/interface.h>
#include <kernel/net_device/interface_frames.h>

_Static_assert(FRAME_SIZE_MAX <= PAGE_SIZE, "a frame has a page");

int frames_make(struct frames *frames)
{
	for (unsigned int i = 0; i < FRAMES; i++) {
		struct frame *frame = &frames->all[i];

		frame->page = page_alloc(core_rights.pages, 0);
		if (!frame->page)
			return -ENOMEM;
		frame->state = frame_is_to_send(i) ? FRAME_IDLE : FRAME_READY;
	}
	return 0;
}

unsigned int frames_to_send(const struct frames *frames, unsigned int place)
{
	return FRAMES_EACH + (frames->first + place) % FRAMES_EACH;
}

struct frame *frames_begin(struct frames *frames)
{
	struct frame *frame;

	if (frames->count == FRAMES_EACH)
		return NULL;
	frame = &frames->all[frames_to_send(frames, frames->count++)];
	frame->state = FRAME_READY;
	frame->tries = 0;
	return frame;
}

void frames_retire(struct frames *frames)
{
	while (frames->count) {
		struct frame *frame = &frames->all[frames_to_send(frames, 0)];

		if (frame->state != FRAME_ENDED)
			break;
		frame->state = FRAME_IDLE;
		frames->first = (frames->first + 1) % FRAMES_EACH;
		frames->count--;
	}
}

struct frame *frames_arrived(struct frames *frames)
{
	struct frame *earliest = NULL;

	for (unsigned int i = 0; i < FRAMES_EACH; i++) {
		struct frame *frame = &frames->all[i];

		if (frame->state == FRAME_ENDED &&
		    (!earliest || frame->arrival < earliest->arrival))
			earliest = frame;
	}
	return earliest;
}

bool frame_is_lent(const struct device *device, const struct frame *frame)
{
	return frame->lent && frame->epoch == device->epoch;
}

/* ---- for kernel/device, with the device's lock ---- */

static struct frame *frame_of(const struct device *device, uint64_t tag)
{
	struct frames *frames = interface_frames_of(device);

	return frames && tag < FRAMES ? &frames->all[tag] : NULL;
}

static int lend(const struct device *device, uint64_t tag, struct queue_segment *segments)
{
	struct frame *frame = frame_of(device, tag);
	bool to_send = frame_is_to_send((unsigned int)tag);

	if (!frame || frame->state != FRAME_GIVEN || frame_is_lent(device, frame) ||
	    frame->returned)
		return -EINVAL;
	segments[0] = (struct queue_segment){frame->page, to_send ? frame->size : FRAME_SIZE_MAX,
	                                     !to_send};
	frame->lent = true;
	frame->epoch = device->epoch;
	return 1;
}

static void withdraw(const struct device *device, uint64_t tag)
{
	struct frame *frame = frame_of(device, tag);

	if (frame)
		frame->lent = false;
}

static void give_back(const struct device *device, uint64_t tag, uint32_t written)
{
	struct frame *frame = frame_of(device, tag);

	if (!frame)
		return;
	frame->lent = false;
	frame->returned = true;
	frame->arrival = interface_frames_of(device)->arrivals++;
	if (!frame_is_to_send((unsigned int)tag))
		frame->size = written;
}

/* The pages are the interface's for good, and one whose device does not stop is never used again.
 */
static void keep_lent(const struct device *device)
{
	(void)device;
}

const struct device_transfers frame_transfers = {
        .lend = lend,
        .withdraw = withdraw,
        .give_back = give_back,
        .keep_lent = keep_lent,
};
