/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include <aramid/check.h>

struct file;

/* signalfd(2): the descriptor, from which signals of the set are read. flags: O_NONBLOCK,
 * O_CLOEXEC. */
long signalfd_open(uint64_t set, uint32_t flags);

/* Another set: 0, or -EINVAL for another kind of file. */
int __must_check signalfd_set(struct file *file, uint64_t set);
