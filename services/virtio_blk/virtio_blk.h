/* SPDX-License-Identifier: MIT
 *
 * virtio_blk: the driver of virtio's block devices. It agrees with a device on what both can do,
 * and says and hears what each request begins and ends with; registers, queues and the memory
 * between are the core's. Source: Virtual I/O Device (VIRTIO) Version 1.1, 5.2.
 */
#pragma once

#include <aramid/cap.h>

/* What the core handed over at the start: the carrier. */
struct virtio_blk_rights {
	CAP(device_registers) registers;
	CAP(dma_memory) dma;
};

#define BLOCK_SERVICE virtio_blk
#include <kernel/block/block_service.h>
