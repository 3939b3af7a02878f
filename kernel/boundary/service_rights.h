/* SPDX-License-Identifier: MIT
 *
 * What a service is handed at its start: the smallest header that its init needs.
 */
#pragma once

#include <aramid/cap.h>

/* The rights that a file system's init is handed: it keeps what it needs in its own
 * state. A carrier, filled by the core for each start. */
struct service_rights {
	CAP(page_alloc) pages;
	CAP(block_access) blocks;
};

/* The same for a driver: they are good for its own devices. */
struct driver_rights {
	CAP(device_registers) registers;
	CAP(dma_memory) dma;
};
