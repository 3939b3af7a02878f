/* SPDX-License-Identifier: MIT
 *
 * The bytes of one transfer: a user's segments (readv(2)), which the calls use up from the front,
 * or memory of the kernel's (splice(2) and its kin).
 */
#pragma once

#include <stdint.h>

#include <linux/uio.h>

#include <aramid/check.h>
#include <aramid/context.h>
#include <aramid/user.h>

#define SOCKET_DATA_SMALL 8 /* segments that need no memory of the heap */

struct socket_data {
	uint64_t left;                /* bytes, of all segments */
	char *kernel;                 /* instead of segments, or NULL */
	const struct iovec *segments; /* the first of those that are left */
	uint32_t count;
	uint64_t begun; /* bytes of the first one that are used up */
	struct iovec *large;
	struct iovec small[SOCKET_DATA_SMALL];
};

/* One segment; the kernel's memory. Neither is to be ended. */
void socket_data_single(struct socket_data *data, void __user *buffer, uint64_t size);
void socket_data_kernel(struct socket_data *data, void *buffer, uint64_t size);

/* A user's array of segments: 0, -EFAULT, -EINVAL (readv(2)), -ENOMEM; what lies behind the largest
 * transfer is left out. Then, and only then, socket_data_end. */
int __must_check socket_data_get(struct socket_data *data, const void __user *vector,
                                 uint64_t count) MAY_SLEEP;
void socket_data_end(struct socket_data *data);

/* Move the next size (at most data->left) bytes: how many there were before a fault. */
uint64_t __must_check socket_data_read(struct socket_data *data, void *to, uint64_t size) MAY_SLEEP;
uint64_t __must_check socket_data_write(struct socket_data *data, const void *from,
                                        uint64_t size) MAY_SLEEP;
