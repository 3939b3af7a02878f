/* SPDX-License-Identifier: MIT
 *
 * /dev/pts: the slaves' nodes are the core's pairs at the moment (pts(4)).
 */
#include <kernel/boundary/core_calls.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/tty/pty_info.h>
#include <linux/major.h>
#include <linux/stat.h>
#include <services/devfs/devfs.h>

/* An object is the pair's birth, which counts from 1, and its number. */
#define NUMBER_BITS 8
#define NUMBER_MASK ((1u << NUMBER_BITS) - 1)

_Static_assert(PTY_MAX <= NUMBER_MASK + 1, "a number has its place in an object");

/* Attributes that were set, of the pair that object says; 0: none were. */
static struct fs_attr kept[PTY_MAX];

bool devfs_is_pts(uint64_t object)
{
	return object > NUMBER_MASK;
}

static uint64_t object_of(uint32_t number, const struct pty_info *info)
{
	return info->birth << NUMBER_BITS | number;
}

static void fill(uint32_t number, const struct pty_info *info, struct fs_attr *attr)
{
	uint64_t object = object_of(number, info);

	if (kept[number].object == object)
		*attr = kept[number];
	else
		*attr = (struct fs_attr){
		        .object = object,
		        .mode = S_IFCHR | 0600,
		        .uid = info->uid,
		        .gid = info->gid,
		        .links = 1,
		        .device = DEVICE(UNIX98_PTY_SLAVE_MAJOR, number),
		        .access_time = info->born,
		        .modify_time = info->born,
		        .change_time = info->born,
		};
}

static bool is_named(uint32_t number, struct pty_info *info)
{
	return core_pty_info(number, info) == 0 && info->named;
}

static void name_of(uint32_t number, char *name, size_t size)
{
	format(name, size, "%u", number);
}

int devfs_pts_lookup(const char *name, struct fs_attr *attr)
{
	struct pty_info info;
	char own[8];

	for (uint32_t number = 0; number < PTY_MAX; number++) {
		name_of(number, own, sizeof(own));
		if (strcmp(name, own) != 0)
			continue;
		if (!is_named(number, &info))
			return -ENOENT;
		fill(number, &info, attr);
		return 0;
	}
	return -ENOENT;
}

int devfs_pts_getattr(uint64_t object, struct fs_attr *attr)
{
	uint32_t number = object & NUMBER_MASK;
	struct pty_info info;

	if (number >= PTY_MAX || core_pty_info(number, &info) || object_of(number, &info) != object)
		return -ENOENT;
	fill(number, &info, attr);
	return 0;
}

void devfs_pts_keep(const struct fs_attr *attr)
{
	kept[attr->object & NUMBER_MASK] = *attr;
}

uint32_t devfs_pts_readdir(uint64_t cookie, struct fs_entry *entries, uint64_t most)
{
	struct pty_info info;
	uint32_t count = 0;

	for (uint64_t i = cookie; i < PTY_MAX && count < most; i++) {
		struct fs_entry *entry = &entries[count];

		if (!is_named((uint32_t)i, &info))
			continue;
		count++;
		entry->object = object_of((uint32_t)i, &info);
		entry->cookie = i + 1;
		entry->type = S_IFCHR >> 12;
		name_of((uint32_t)i, entry->name, sizeof(entry->name));
	}
	return count;
}

uint32_t devfs_pts_count(void)
{
	struct pty_info info;
	uint32_t count = 0;

	for (uint32_t number = 0; number < PTY_MAX; number++)
		count += is_named(number, &info);
	return count;
}
