# SPDX-License-Identifier: MIT
list(APPEND ARAMID_KERNEL_SOURCES
	kernel/device/descriptor_set.c
	kernel/device/device.c
	kernel/device/device_calls.c
	kernel/device/virtio_mmio.c
	kernel/device/virtio_pci.c
	kernel/device/virtqueue.c
)
