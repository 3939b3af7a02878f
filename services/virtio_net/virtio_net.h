/* SPDX-License-Identifier: MIT
 *
 * virtio_net: the driver of virtio's network devices. It agrees with a device on what both can do,
 * and says and hears what each frame begins with; registers, queues and the frames are the core's.
 * Source: Virtual I/O Device (VIRTIO) Version 1.1, 5.1.
 */
#pragma once

#include <aramid/cap.h>

/* What the core handed over at the start: the carrier. */
struct virtio_net_rights {
	CAP(device_registers) registers;
	CAP(dma_memory) dma;
};

#define NET_DEVICE_SERVICE virtio_net
#include <kernel/net_device/net_device_service.h>
