/* SPDX-License-Identifier: MIT
 *
 * Who is in ring 2: one row a service. The core sees the rows as an array and
 * never a service by name; who holds which right is read here and nowhere else.
 *
 * ROW(extra, name, start, recovery, repeat, place, heap pages)
 *
 * start     ALWAYS, or OPTION: when the kernel command line names it
 * recovery  RESTART    its state lives in the core or can be rebuilt
 *           ROLL_BACK  its memory is the truth: a failed call is undone
 * repeat    AGAIN      a call that falls and changes nothing is made once more after the repair
 *           ONCE       it fails, at once (who calls a driver hands it over again: kernel/block,
 *           kernel/net_device)
 * place     MOUNTED(path) of a file system, which is handed struct service_rights: page_alloc;
 *           ON_DISKS of a file system on those that are mounted by it, which is handed struct
 *           disk_fs_rights: block_access and block_read; it is entered by one thread at a time
 *           DRIVES(kind of virtio device) of a driver, which is handed struct driver_rights:
 *           device_registers and dma_memory of the devices of that kind
 *           ON_NETWORK of the network protocols, which are handed struct protocol_rights:
 *           net_access; they are entered by one thread at a time
 *
 * From the rows come the descriptors, the concrete calls of profiles without containment,
 * and the sections of the linker scripts. File systems are in the order of mounting.
 */
#pragma once

/* Services that provide kernel/vfs/fs_operations.def. extra is handed through. */
#define FS_SERVICES(ROW, extra)                                                                    \
	ROW(extra, tmpfs, ALWAYS, ROLL_BACK, AGAIN, MOUNTED("/"), 4096)                            \
	ROW(extra, devfs, ALWAYS, RESTART, AGAIN, MOUNTED("/dev"), 16)                             \
	ROW(extra, procfs, ALWAYS, RESTART, AGAIN, MOUNTED("/proc"), 64)                           \
	ROW(extra, chaos, OPTION, RESTART, ONCE, MOUNTED("/chaos"), 16)

/* Services that provide that and kernel/vfs/disk_fs_operations.def. */
#define DISK_FS_SERVICES(ROW, extra) ROW(extra, ext2, ALWAYS, RESTART, AGAIN, ON_DISKS, 2048)

#define ALL_FS_SERVICES(ROW, extra) FS_SERVICES(ROW, extra) DISK_FS_SERVICES(ROW, extra)

/* Services that provide kernel/block/block_operations.def. */
#define BLOCK_SERVICES(ROW, extra)                                                                 \
	ROW(extra, virtio_blk, ALWAYS, RESTART, ONCE, DRIVES(VIRTIO_BLOCK), 16)

/* Services that provide kernel/net_device/net_device_operations.def. */
#define NET_DEVICE_SERVICES(ROW, extra)                                                            \
	ROW(extra, virtio_net, ALWAYS, RESTART, ONCE, DRIVES(VIRTIO_NETWORK), 16)

/* Services that provide kernel/net_protocol/net_protocol_operations.def. */
#define NET_PROTOCOL_SERVICES(ROW, extra) ROW(extra, inet, ALWAYS, RESTART, ONCE, ON_NETWORK, 4600)

#define ALL_SERVICES(ROW, extra)                                                                   \
	ALL_FS_SERVICES(ROW, extra)                                                                \
	BLOCK_SERVICES(ROW, extra)                                                                 \
	NET_DEVICE_SERVICES(ROW, extra)                                                            \
	NET_PROTOCOL_SERVICES(ROW, extra)

/* The services' numbers, which are their owners' numbers in the token table: 0 is the
 * core. */
#ifndef __ASSEMBLER__
#define SERVICE_NUMBER_(extra, name, ...) SERVICE_##name,
enum service_number { SERVICE_core, ALL_SERVICES(SERVICE_NUMBER_, ) };
#undef SERVICE_NUMBER_
#endif
