# SPDX-License-Identifier: MIT
list(APPEND ARAMID_KERNEL_SOURCES
	kernel/block/block_answers.c
	kernel/block/block_batch.c
	kernel/block/block_cache.c
	kernel/block/block_calls.c
	kernel/block/block_changes.c
	kernel/block/block_proxies.c
	kernel/block/disk.c
	kernel/block/disk_bounce.c
	kernel/block/disk_file.c
)
