/* SPDX-License-Identifier: MIT
 *
 * The nodes: object 1 is the root, 2 and on are the nodes in the order of the
 * table, those of /dev/pts (pts.c) are far behind. Owners, modes and times may be set, and are
 * as in the table again after a restart.
 */
#include <stdbool.h>

#include <kernel/block/block.h>
#include <kernel/boundary/core_calls.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <linux/magic.h>
#include <linux/stat.h>
#include <services/devfs/devfs.h>

#define ROOT       1u
#define FIRST_NODE 2u

/* Numbers and modes as on Linux (devices.txt). */
static const struct node {
	const char *name;
	uint32_t mode, device;
	const char *target; /* of a link */
} nodes[] = {
#define NODE(name, device, permissions) {name, S_IFCHR | (permissions), device, NULL}
#define DIRECTORY(name)                 {name, S_IFDIR | 0755, 0, NULL}
#define LINK(name, target)              {name, S_IFLNK | 0777, 0, target}
#define DISK(name, number)              {name, S_IFBLK | 0660, DISK_DEVICE(number), NULL}
        NODE("null", DEVICE(1, 3), 0666),
        NODE("zero", DEVICE(1, 5), 0666),
        NODE("full", DEVICE(1, 7), 0666),
        NODE("random", DEVICE(1, 8), 0666),
        NODE("urandom", DEVICE(1, 9), 0666),
        NODE("tty", DEVICE(5, 0), 0666),
        NODE("console", DEVICE(5, 1), 0600),
        NODE("ttyS0", DEVICE(4, 64), 0600),
        NODE("ptmx", DEVICE(5, 2), 0666),
        DIRECTORY("pts"),
        NODE("supervisor", DEVICE(240, 0), 0200),
        LINK("fd", "/proc/self/fd"),
        LINK("stdin", "/proc/self/fd/0"),
        LINK("stdout", "/proc/self/fd/1"),
        LINK("stderr", "/proc/self/fd/2"),
        LINK("shm", "/run/shm"),
        LINK("log", "/run/log"), /* where syslogd(8) listens */
        DISK("vda", 0),
        DISK("vdb", 1),
        DISK("vdc", 2),
        DISK("vdd", 3),
#undef NODE
#undef DIRECTORY
#undef LINK
#undef DISK
};

/* Whether the node is there: that of a disk is when the disk is. */
static bool is_there(const struct node *node)
{
	struct block_info info;

	return !S_ISBLK(node->mode) || core_block_info(DISK_NUMBER(node->device), &info) == 0;
}

#define NODE_COUNT (sizeof(nodes) / sizeof(nodes[0]))

/* By object number less ROOT. */
static struct fs_attr attributes[1 + NODE_COUNT];

static bool is_node(uint64_t object)
{
	return object >= FIRST_NODE && object < FIRST_NODE + NODE_COUNT;
}

/* The one directory below the root is /dev/pts. */
static bool is_pts_directory(uint64_t object)
{
	return is_node(object) && S_ISDIR(nodes[object - FIRST_NODE].mode);
}

int devfs_init(const struct service_rights *rights)
{
	uint64_t now = core_time_wall();

	for (unsigned int i = 0; i <= NODE_COUNT; i++) {
		struct fs_attr *attr = &attributes[i];

		*attr = (struct fs_attr){
		        .object = ROOT + i,
		        .mode = i ? nodes[i - 1].mode : S_IFDIR | 0755,
		        .size = i && nodes[i - 1].target ? strlen(nodes[i - 1].target) : 0,
		        .links = i ? 1 : 3,
		        .device = i ? nodes[i - 1].device : 0,
		        .access_time = now,
		        .modify_time = now,
		        .change_time = now,
		};
		if (is_pts_directory(ROOT + i))
			attr->links = 2;
	}
	return 0;
}

long devfs_root(struct fs_attr *attr)
{
	*attr = attributes[0];
	return 0;
}

long devfs_lookup(uint64_t directory, const char *name, struct fs_attr *attr)
{
	if (is_pts_directory(directory))
		return devfs_pts_lookup(name, attr);
	if (directory != ROOT)
		return -ENOTDIR;
	for (unsigned int i = 0; i < NODE_COUNT; i++)
		if (strcmp(name, nodes[i].name) == 0 && is_there(&nodes[i]))
			return devfs_getattr(FIRST_NODE + i, attr);
	return -ENOENT;
}

long devfs_getattr(uint64_t object, struct fs_attr *attr)
{
	if (devfs_is_pts(object))
		return devfs_pts_getattr(object, attr);
	if (object != ROOT && !is_node(object))
		return -ENOENT;
	*attr = attributes[object - ROOT];
	return 0;
}

long devfs_setattr(uint64_t object, struct fs_attr *attr, uint32_t valid)
{
	struct fs_attr own;
	long error = devfs_getattr(object, &own);

	if (error)
		return error;
	if (valid & FS_SET_MODE)
		own.mode = (own.mode & S_IFMT) | (attr->mode & 07777);
	if (valid & FS_SET_UID)
		own.uid = attr->uid;
	if (valid & FS_SET_GID)
		own.gid = attr->gid;
	if (valid & FS_SET_ATIME)
		own.access_time = attr->access_time;
	if (valid & FS_SET_MTIME)
		own.modify_time = attr->modify_time;
	own.change_time = core_time_wall();
	*attr = own;
	if (devfs_is_pts(object))
		devfs_pts_keep(&own);
	else
		attributes[object - ROOT] = own;
	return 0;
}

long devfs_readdir(uint64_t directory, uint64_t cookie, struct fs_entry *entries, uint64_t size)
{
	uint64_t most = size / sizeof(*entries);
	uint32_t count = 0;

	if (is_pts_directory(directory))
		return devfs_pts_readdir(cookie, entries, most);
	if (directory != ROOT)
		return -ENOTDIR;
	for (uint64_t i = cookie; i < NODE_COUNT && count < most; i++) {
		struct fs_entry *entry = &entries[count];

		if (!is_there(&nodes[i]))
			continue;
		count++;
		entry->object = FIRST_NODE + i;
		entry->cookie = i + 1;
		entry->type = nodes[i].mode >> 12;
		string_copy(entry->name, nodes[i].name, sizeof(entry->name));
	}
	return count;
}

long devfs_readlink(uint64_t object, char *buffer, uint64_t size)
{
	const char *target = NULL;
	size_t length;

	if (is_node(object))
		target = nodes[object - FIRST_NODE].target;
	if (!target)
		return -EINVAL;
	length = strlen(target);
	if (length > size)
		length = size;
	memcpy(buffer, target, length);
	return (long)length;
}

/* Nodes have no contents of the service's. */
long devfs_read(uint64_t object, uint64_t offset, void *buffer, uint64_t size)
{
	return -EINVAL;
}

long devfs_write(uint64_t object, uint64_t offset, const void *buffer, uint64_t size)
{
	return -EINVAL;
}

long devfs_statfs(uint64_t object, struct fs_statistics *statistics)
{
	uint64_t count = 1 + devfs_pts_count(); /* the root */

	for (unsigned int i = 0; i < NODE_COUNT; i++)
		count += is_there(&nodes[i]);
	*statistics = (struct fs_statistics){
	        .type = TMPFS_MAGIC, /* what Linux answers for devtmpfs */
	        .block_size = 4096,
	        .files = count,
	};
	return 0;
}

#define FS_SERVICE devfs
#define FS_REFUSAL (-EPERM)
#include <kernel/vfs/fs_fixed_tree.h>
#include <kernel/vfs/fs_ops_table.h>
