/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#define EVENTFD_SEMAPHORE 1u /* EFD_SEMAPHORE of <sys/eventfd.h> */

/* eventfd(2): the descriptor. flags: EVENTFD_SEMAPHORE, O_NONBLOCK, O_CLOEXEC. */
long eventfd_open(uint32_t count, uint32_t flags);
