# SPDX-License-Identifier: MIT
list(APPEND ARAMID_KERNEL_SOURCES
	kernel/vfs/devices.c
	kernel/vfs/directory_path.c
	kernel/vfs/directory_read.c
	kernel/vfs/file.c
	kernel/vfs/file_table.c
	kernel/vfs/fs_proxies.c
	kernel/vfs/initramfs.c
	kernel/vfs/mount.c
	kernel/vfs/namespace.c
	kernel/vfs/newc.c
	kernel/vfs/open.c
	kernel/vfs/page_store.c
	kernel/vfs/page_tree.c
	kernel/vfs/path.c
	kernel/vfs/path_split.c
	kernel/vfs/permission.c
	kernel/vfs/pipe.c
	kernel/vfs/rename.c
	kernel/vfs/setattr.c
	kernel/vfs/store_calls.c
	kernel/vfs/vnode.c
	kernel/vfs/vnode_contents.c
	kernel/vfs/vnode_file.c
)
