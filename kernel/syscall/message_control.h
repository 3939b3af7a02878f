/* SPDX-License-Identifier: MIT
 *
 * Between a user's control messages (cmsg(3)) and what travels beside a message's bytes.
 */
#pragma once

#include <stdint.h>

#include <aramid/check.h>
#include <aramid/user.h>

struct socket_control;

/* What the user asks to be sent: the files are the caller's to put, also after an error. -EINVAL,
 * -EBADF, -EPERM, -ESRCH, -EFAULT, -ENOBUFS, -ENOMEM. */
long __must_check message_control_get(struct socket_control *control, const void __user *from,
                                      uint64_t size);

/* Where a user has what came: it moves on. */
struct control_room {
	char __user *at;
	uint64_t left;
};

/* What came, as far as there is room; files get descriptors or are closed. The answer is MSG_CTRUNC
 * or 0, to be added to the message's flags. */
uint32_t message_control_put(const struct socket_control *control, struct control_room *room,
                             uint32_t flags);
