/* SPDX-License-Identifier: MIT
 *
 * What /proc/net/unix says of a socket. Plain data: the service that shows it gets no pointer into
 * the core.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define UNIX_INFO_PATH 109

struct unix_info {
	uint64_t number; /* as fstat(2) has it */
	uint32_t references, type;
	bool listening, connected, accepted;
	uint32_t path_size; /* bytes, 0: it has no name; an abstract one begins with a zero byte */
	char path[UNIX_INFO_PATH];
};
