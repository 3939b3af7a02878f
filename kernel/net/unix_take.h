/* SPDX-License-Identifier: MIT
 *
 * What a receive takes of the messages that are there, for the files of the family. With the reader
 * mutex, which keeps the first message where it is while its bytes are copied.
 */
#pragma once

#include <aramid/check.h>
#include <aramid/context.h>
#include <kernel/net/unix_socket.h>

/* A receive that is under way. */
struct unix_receiving {
	struct unix_socket *socket;
	struct socket_transfer *transfer;
	uint64_t timeout, deadline;
	uint64_t done;
	bool is_peek;
	bool has_sender; /* the address is filled in; of a stream what is from others comes later */
};

/* Bytes of a stream. 1: no more may come together; 0: more may; or what is wrong, -EFAULT or
 * -ENOMEM. */
int __must_check unix_take_stream(struct unix_receiving *receiving) MAY_SLEEP;

/* The first message: 0; -EAGAIN when there is none; -EFAULT, -ENOMEM. */
long __must_check unix_take_packet(struct unix_receiving *receiving) MAY_SLEEP;
