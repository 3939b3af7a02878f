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
};

/* The same for a file system on disks: they are good for those that it mounts. */
struct disk_fs_rights {
	CAP(block_access) write;
	CAP(block_read) read;
};

/* The same for the network protocols: it is good for each interface of the machine. */
struct protocol_rights {
	CAP(net_access) net;
};

/* The same for a driver: they are good for its own devices. */
struct driver_rights {
	CAP(device_registers) registers;
	CAP(dma_memory) dma;
};
