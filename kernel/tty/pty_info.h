/* SPDX-License-Identifier: MIT
 *
 * Pseudo-terminals as devfs names them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define PTY_MAX 64 /* pairs at once */

struct pty_info {
	uint64_t birth;    /* tells it from others that have had the number */
	uint64_t born;     /* ns since 1970 */
	uint32_t uid, gid; /* of who made it */
	bool named;        /* the master is there: so is the slave's name */
};
