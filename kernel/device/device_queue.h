/* SPDX-License-Identifier: MIT
 *
 * What a driver says and hears of its devices' queues (core_calls.def). Plain data.
 */
#pragma once

#include <stdint.h>

/* A queue of one of the driver's devices, as one number. */
#define DEVICE_QUEUE(unit, number) ((uint32_t)(unit) << 8 | (uint32_t)(number))
#define DEVICE_QUEUE_UNIT(where)   ((where) >> 8)
#define DEVICE_QUEUE_NUMBER(where) ((where) & 0xffu)

/* To the size of a queue's tail: the device answers in front of the transfer, not behind it. */
#define DEVICE_TAIL_FIRST 0x100u

/* A request that the device gave back. */
struct queue_answer {
	uint64_t tag;     /* as it was added */
	uint32_t written; /* bytes that the device says it wrote */
	uint8_t tail[16]; /* what it answered behind the transfer, or in front of it */
};
