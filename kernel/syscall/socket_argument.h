/* SPDX-License-Identifier: MIT
 *
 * A socket's descriptor and address in a system call (socket(2), bind(2), accept(2)).
 */
#pragma once

#include <aramid/check.h>
#include <aramid/user.h>

struct file;
struct socket;
struct socket_address;

/* The socket of a descriptor, and its file with a reference: 0, -EBADF, -ENOTSOCK. */
long __must_check socket_argument_get(int fd, struct file **file, struct socket **socket);

/* 0, -EINVAL, -EFAULT. */
long __must_check socket_address_get(struct socket_address *address, const void __user *from,
                                     int size);
/* As much as there is room for: 0, -EINVAL, -EFAULT. */
long __must_check socket_address_put(const struct socket_address *address, void __user *to,
                                     int room);
/* The same with the room in user memory, where the whole size is put. */
long __must_check socket_address_answer(const struct socket_address *address, void __user *to,
                                        void __user *size);
