/* SPDX-License-Identifier: MIT
 *
 * The directory of ways to fail. It has no state: object 1 is the root, 2 and on
 * are the files in the order of the table.
 */
#include <kernel/boundary/core_calls.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <linux/stat.h>
#include <services/chaos/chaos.h>

#define ROOT       1u
#define FIRST_FILE 2u

static int describe(uint64_t object, struct fs_attr *attr)
{
	if (object < ROOT || object >= FIRST_FILE + chaos_way_count)
		return -ENOENT;
	*attr = (struct fs_attr){
	        .object = object,
	        .mode = object == ROOT ? S_IFDIR | 0555 : S_IFREG | 0444,
	        .links = object == ROOT ? 2 : 1,
	        .flags = FS_ATTR_DIRECT,
	};
	attr->access_time = attr->modify_time = attr->change_time = core_time_wall();
	return 0;
}

int chaos_init(const struct service_rights *rights)
{
	return 0; /* needs no right */
}

long chaos_root(struct fs_attr *attr)
{
	return describe(ROOT, attr);
}

long chaos_lookup(uint64_t directory, const char *name, struct fs_attr *attr)
{
	if (directory != ROOT)
		return -ENOTDIR;
	for (unsigned int i = 0; i < chaos_way_count; i++)
		if (strcmp(name, chaos_ways[i].name) == 0)
			return describe(FIRST_FILE + i, attr);
	return -ENOENT;
}

long chaos_getattr(uint64_t object, struct fs_attr *attr)
{
	return describe(object, attr);
}

long chaos_readdir(uint64_t directory, uint64_t cookie, struct fs_entry *entries, uint64_t size)
{
	uint32_t count = 0;

	if (directory != ROOT)
		return -ENOTDIR;
	for (uint64_t i = cookie; i < chaos_way_count && count < size / sizeof(*entries); i++) {
		struct fs_entry *entry = &entries[count++];

		entry->object = FIRST_FILE + i;
		entry->cookie = i + 1;
		entry->type = S_IFREG >> 12;
		string_copy(entry->name, chaos_ways[i].name, sizeof(entry->name));
	}
	return count;
}

/*@ assigns \result \from depth; */
static __attribute__((noinline)) long fail_at_depth(const struct chaos_way *way, unsigned int depth)
{
	long result = 0;

	if (depth > 0)
		result = fail_at_depth(way, depth - 1);
	else
		way->fail();
	__asm__ volatile("" : : : "memory"); /* a call, not a tail jump */
	return result;
}

static long read_measure(uint64_t offset, char *buffer, uint64_t size)
{
	struct service_info info;
	char text[48];
	uint64_t length;

	for (unsigned int i = 0; core_service_info(i, &info) == 0; i++)
		if (strcmp(info.name, "chaos") == 0)
			break;
	length =
	        (uint64_t)format(text, sizeof(text), "panic-to-caught: %lu\n", info.landing_cycles);
	if (offset >= length)
		return 0;
	if (size > length - offset)
		size = length - offset;
	memcpy(buffer, text + offset, size);
	return (long)size;
}

long chaos_read(uint64_t object, uint64_t offset, void *buffer, uint64_t size)
{
	const struct chaos_way *way;

	if (object == ROOT)
		return -EISDIR;
	if (object >= FIRST_FILE + chaos_way_count)
		return -ENOENT;
	way = &chaos_ways[object - FIRST_FILE];
	if (!way->fail)
		return read_measure(offset, buffer, size);
	return fail_at_depth(way, way->depth);
}

long chaos_setattr(uint64_t object, struct fs_attr *attr, uint32_t valid)
{
	return -EROFS;
}

long chaos_readlink(uint64_t object, char *buffer, uint64_t size)
{
	return -EINVAL;
}

long chaos_write(uint64_t object, uint64_t offset, const void *buffer, uint64_t size)
{
	return -EROFS;
}

long chaos_statfs(uint64_t object, struct fs_statistics *statistics)
{
	*statistics = (struct fs_statistics){.block_size = 4096, .files = chaos_way_count + 1};
	return 0;
}

#define FS_SERVICE chaos
#define FS_REFUSAL (-EROFS)
#include <kernel/vfs/fs_fixed_tree.h>
#include <kernel/vfs/fs_ops_table.h>
