/* SPDX-License-Identifier: MIT
 *
 * Interfaces: when the device is a network device, each frame that was accepted goes out once and
 * in its order (but one that the driver fell at again and again), and each that came is handed on
 * once and in its order, however often the driver falls. Whatever the device does, what is handed
 * on has a frame's size.
 */
#include <string.h>

#include <kernel/boundary/core_info.h>
#include <kernel/boundary/service.h>
#include <kernel/device/device.h>
#include <kernel/lib/errno.h>
#include <kernel/net_device/interface.h>
#include <kernel/net_device/interface_frames.h>

#include "core.h"
#include "fuzz.h"
#include "hostile.h"

#define ROUNDS 120

static uint32_t malice;
/* Frames are numbered on each way. */
static uint32_t accepted, sent, came, taken;
/* Of those that were accepted, given up. */
static uint32_t left_out;

/* A frame's size and bytes follow from its number. */
static uint32_t size_of(uint32_t number)
{
	return FRAME_SIZE_MIN + number * 131 % (FRAME_SIZE_MAX - FRAME_SIZE_MIN + 1);
}

static void make(uint8_t *bytes, uint32_t number)
{
	memset(bytes, (int)(number & 0xff), size_of(number));
	memcpy(bytes, &number, sizeof(number));
}

static void check(const uint8_t *bytes, uint32_t size, uint32_t number)
{
	uint8_t wanted[FRAME_SIZE_MAX];

	make(wanted, number);
	if (size != size_of(number) || memcmp(bytes, wanted, size) != 0)
		fail("a frame is lost, repeated, out of its turn or changed");
}

void wire_sent(const uint8_t *bytes, uint32_t size)
{
	if (size < FRAME_SIZE_MIN || size > FRAME_SIZE_MAX)
		fail("what is no frame goes out");
	if (malice == 0) {
		uint32_t number;

		memcpy(&number, bytes, sizeof(number));
		if (number < sent || number >= accepted)
			fail("a frame goes out twice, or from nowhere");
		check(bytes, size, number);
		left_out += number - sent;
		sent = number + 1;
	}
}

uint32_t wire_fill(uint8_t *bytes, uint32_t room)
{
	uint32_t size = size_of(came);

	if (size > room)
		fail("a frame has no room");
	make(bytes, came++);
	return size;
}

static void take_arrived(void)
{
	uint8_t bytes[FRAME_SIZE_MAX];
	int size;

	while ((size = interface_receive(0, bytes, sizeof(bytes))) > 0) {
		if (size < (int)FRAME_SIZE_MIN || size > (int)FRAME_SIZE_MAX)
			fail("what is no frame is handed on");
		if (malice == 0)
			check(bytes, (uint32_t)size, taken++);
	}
	if (size < 0)
		fail("frames cannot be taken");
}

static void send(void)
{
	uint8_t bytes[FRAME_SIZE_MAX];
	int error;

	make(bytes, accepted);
	error = interface_send(0, bytes, size_of(accepted));
	if (error == 0)
		accepted++;
	else if (error != -ENOBUFS && error != -ENETDOWN)
		fail("a frame is refused for no reason");
}

static void refuse(void)
{
	uint8_t bytes[FRAME_SIZE_MAX + 1] = {0};

	if (interface_send(0, bytes, FRAME_SIZE_MAX + 1) != -EINVAL ||
	    interface_send(0, bytes, FRAME_SIZE_MIN - 1) != -EINVAL ||
	    interface_send(1, bytes, FRAME_SIZE_MIN) != -ENODEV)
		fail("what is no frame is accepted");
}

static void act(void)
{
	switch (roll(6)) {
	case 0:
		core_run_thread(1 + roll(3));
		break;
	case 1:
		hostile_act();
		break;
	case 2:
		refuse();
		break;
	default:
		for (uint32_t i = roll(FRAMES_EACH / 2); i > 0; i--)
			send();
		interfaces_push();
		break;
	}
}

/* All that is under way comes to its end. */
static void check_end(void)
{
	struct interface_info info;

	for (unsigned int i = 0; i < 40 * FRAMES && sent < accepted; i++)
		core_run_thread(2);
	core_run_thread(2);
	take_arrived();
	if (interface_describe(0, &info))
		fail("there is no interface");
	left_out += accepted - sent;
	if (info.sent.frames != accepted - left_out || info.sent.errors != left_out)
		fail("a frame that was accepted did not go out");
	if (taken + FRAMES < came || info.received.frames != taken || info.received.errors)
		fail("a frame that came was not handed on");
}

static void nothing(void)
{
}

void fuzz_interface(uint32_t how_malicious)
{
	malice = how_malicious;
	core_start(VIRTIO_NETWORK, roll(malice ? 60 : 30), nothing);
	hostile_add(VIRTIO_NETWORK, malice);
	interfaces_start(take_arrived);
	if (!interface_frames_of(device_of(&services[0], 0)))
		fail("there is no interface");
	for (unsigned int i = 0; i < ROUNDS; i++)
		act();
	if (malice == 0)
		check_end();
}
