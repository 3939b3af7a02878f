/* SPDX-License-Identifier: MIT
 *
 * Inodes and their table by object number.
 */
#include <linux/stat.h>
#include <services/tmpfs/tmpfs.h>
#include <services/tmpfs/transaction.h>

static struct tmpfs_inode **bucket_of(uint64_t object)
{
	return &tmpfs_state.inodes[object % TMPFS_BUCKETS];
}

struct tmpfs_inode *tmpfs_inode_find(uint64_t object)
{
	struct tmpfs_inode *inode = *bucket_of(object);

	while (inode && inode->object != object)
		inode = inode->bucket_next;
	return inode;
}

struct tmpfs_inode *tmpfs_inode_look_up(uint64_t object)
{
	struct tmpfs_inode *inode = tmpfs_inode_find(object);

	if (inode)
		return inode;
	for (inode = *bucket_of(object); inode; inode = inode->bucket_next)
		if (bucket_of(inode->object) != bucket_of(object) ||
		    inode->object >= tmpfs_state.next_object)
			tmpfs_broken("an inode is in another's place");
	return NULL;
}

int tmpfs_directory_find(uint64_t object, struct tmpfs_inode **directory)
{
	*directory = tmpfs_inode_look_up(object);
	if (!*directory)
		return -ENOENT;
	return S_ISDIR((*directory)->mode) ? 0 : -ENOTDIR;
}

struct tmpfs_inode *tmpfs_inode_create(const struct fs_new *new_object)
{
	struct tmpfs_inode *inode = core_alloc(sizeof(*inode));
	struct tmpfs_inode **bucket, *behind;

	if (!inode)
		return NULL;
	TX_NEW(inode->object, tmpfs_state.next_object);
	TX_NEW(inode->mode, new_object->mode);
	TX_NEW(inode->uid, new_object->uid);
	TX_NEW(inode->gid, new_object->gid);
	TX_NEW(inode->device, new_object->device);
	TX_NEW(inode->next_cookie, 1);
	inode->access_time = inode->modify_time = inode->change_time = core_time_wall();
	bucket = bucket_of(inode->object);
	behind = *bucket;
	inode->bucket_next = behind;
	TX_SET(*bucket, inode);
	TX_NOTE_FIELDS(&tmpfs_state, inode_count, next_object);
	TX_NEW(tmpfs_state.next_object, inode->object + 1);
	TX_NEW(tmpfs_state.inode_count, tmpfs_state.inode_count + 1);
	tmpfs_must_be_first(inode, behind);
	return inode;
}

void tmpfs_inode_destroy(struct tmpfs_inode *inode)
{
	struct tmpfs_inode **link = bucket_of(inode->object);

	while (*link != inode)
		link = &(*link)->bucket_next;
	TX_SET(*link, inode->bucket_next);
	TX_NOTE_FIELDS(&tmpfs_state, pages_used, inode_count);
	TX_NEW(tmpfs_state.inode_count, tmpfs_state.inode_count - 1);
	TX_NEW(tmpfs_state.pages_used, tmpfs_state.pages_used - inode->pages);
	tmpfs_must_be_gone(inode->object);
	core_free(inode->target);
	core_free(inode);
}

/* What Linux's tmpfs says of a directory: 20 bytes for each entry, "." and ".." too. */
static uint64_t size_of(const struct tmpfs_inode *inode)
{
	return S_ISDIR(inode->mode) ? 20 * (2 + inode->entries) : inode->size;
}

void tmpfs_inode_describe(const struct tmpfs_inode *inode, struct fs_attr *attr)
{
	*attr = (struct fs_attr){
	        .object = inode->object,
	        .size = size_of(inode),
	        .blocks = inode->pages * (TMPFS_PAGE_SIZE / 512),
	        .access_time = inode->access_time,
	        .modify_time = inode->modify_time,
	        .change_time = inode->change_time,
	        .mode = inode->mode,
	        .links = inode->links,
	        .uid = inode->uid,
	        .gid = inode->gid,
	        .device = inode->device,
	};
}

void tmpfs_set_links(struct tmpfs_inode *inode, uint32_t links, uint64_t now)
{
	TX_NOTE_FIELDS(inode, links, change_time);
	TX_NEW(inode->links, links);
	TX_NEW(inode->change_time, now);
}
