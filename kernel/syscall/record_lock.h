/* SPDX-License-Identifier: MIT
 *
 * The commands of fcntl(2) that deal with record locks.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* argument: the user's struct flock. open_file: F_OFD_* instead of F_*. */
long record_lock_get(int fd, uint64_t argument, bool open_file);
long record_lock_set(int fd, uint64_t argument, bool open_file, bool wait);
