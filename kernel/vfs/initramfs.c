/* SPDX-License-Identifier: MIT
 *
 * Unpacking the initramfs through the file system like any program would, so
 * that nothing else knows how the root keeps its files.
 */
#include <asm/fcntl.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/time/time.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/initramfs.h>
#include <kernel/vfs/namespace.h>
#include <kernel/vfs/newc.h>
#include <kernel/vfs/path.h>
#include <kernel/vfs/vnode.h>
#include <linux/stat.h>

/* A file with several names: its number in the archive and the name it got first. */
struct seen_file {
	struct seen_file *next;
	uint32_t inode;
	const char *name; /* in the archive */
};

/* A directory's time, set when all is in it. */
struct directory_time {
	struct directory_time *next;
	struct vnode *vnode;
	uint64_t time;
};

struct unpacking {
	struct vnode *root;
	struct seen_file *seen;
	struct directory_time *directories;
	unsigned int members;
};

static const char *relative(const char *name)
{
	while (*name == '/')
		name++;
	return *name ? name : ".";
}

/* Whole pages of the archive that hold a file's start: they become the file's own. */
static uint64_t pages_to_take_over(const struct newc_member *member)
{
	paddr_t first = virt_to_phys(member->content);

	if (first % PAGE_SIZE != 0 || member->size < PAGE_SIZE || !page_is_ram(first) ||
	    !page_is_ram(first + member->size - 1))
		return 0;
	return member->size / PAGE_SIZE;
}

static int write_content(struct vnode *vnode, const struct newc_member *member)
{
	uint64_t pages = pages_to_take_over(member), done = pages * PAGE_SIZE;
	long count;

	if (pages > 0) {
		int error = vnode_take_over(vnode, virt_to_phys(member->content), pages);

		if (error)
			return error;
	}
	count = vnode_write(vnode, done, member->content + done, member->size - done);
	if (count < 0)
		return (int)count;
	return (uint64_t)count == member->size - done ? 0 : -ENOSPC;
}

static int unpack_file(struct unpacking *work, const struct newc_member *member, const char *name)
{
	struct file *file;
	int error =
	        vfs_open(work->root, name, O_CREAT | O_WRONLY | O_TRUNC | O_NOFOLLOW, 0600, &file);

	if (error)
		return error;
	error = write_content(file->vnode, member);
	file_put(file);
	return error;
}

/* Another name of a file that is there; the last of them carries the content. */
static int unpack_link(struct unpacking *work, const struct newc_member *member, const char *name,
                       const struct seen_file *seen)
{
	struct vnode *vnode;
	int error = path_lookup(work->root, relative(seen->name), PATH_NOFOLLOW, &vnode);

	if (error)
		return error;
	error = vfs_link(vnode, work->root, name);
	if (!error && member->size > 0)
		error = write_content(vnode, member);
	vnode_put(vnode);
	return error;
}

static int unpack_regular(struct unpacking *work, const struct newc_member *member,
                          const char *name)
{
	struct seen_file *seen;

	if (member->links < 2)
		return unpack_file(work, member, name);
	for (seen = work->seen; seen; seen = seen->next)
		if (seen->inode == member->inode)
			return unpack_link(work, member, name, seen);
	seen = heap_alloc(&core_heap, sizeof(*seen));
	if (!seen)
		return -ENOMEM;
	seen->inode = member->inode;
	seen->name = member->name;
	seen->next = work->seen;
	work->seen = seen;
	return unpack_file(work, member, name);
}

static int unpack_symlink(struct unpacking *work, const struct newc_member *member,
                          const char *name)
{
	char *target;
	int error;

	if (member->size == 0 || member->size >= PATH_MAX_BYTES)
		return -ENAMETOOLONG;
	target = heap_alloc(&core_heap, member->size + 1);
	if (!target)
		return -ENOMEM;
	memcpy(target, member->content, member->size);
	target[member->size] = '\0';
	error = vfs_symlink(target, work->root, name);
	heap_free(&core_heap, target);
	return error;
}

static int remember_directory(struct unpacking *work, struct vnode *vnode, uint64_t time)
{
	struct directory_time *directory = heap_alloc(&core_heap, sizeof(*directory));

	if (!directory)
		return -ENOMEM;
	directory->vnode = vnode_hold(vnode);
	directory->time = time;
	directory->next = work->directories;
	work->directories = directory;
	return 0;
}

static int set_attributes(struct unpacking *work, const struct newc_member *member,
                          const char *name)
{
	struct fs_attr attr = {
	        .mode = member->mode,
	        .uid = member->uid,
	        .gid = member->gid,
	        .access_time = member->mtime * NS_PER_SECOND,
	        .modify_time = member->mtime * NS_PER_SECOND,
	};
	struct vnode *vnode;
	int error = path_lookup(work->root, name, PATH_NOFOLLOW, &vnode);

	if (error)
		return error;
	error = vnode_setattr(vnode, &attr,
	                      FS_SET_MODE | FS_SET_UID | FS_SET_GID | FS_SET_ATIME | FS_SET_MTIME);
	if (!error && S_ISDIR(member->mode))
		error = remember_directory(work, vnode, attr.modify_time);
	vnode_put(vnode);
	return error;
}

static int unpack_member(struct unpacking *work, const struct newc_member *member)
{
	const char *name = relative(member->name);
	int error;

	if (S_ISREG(member->mode))
		error = unpack_regular(work, member, name);
	else if (S_ISLNK(member->mode))
		error = unpack_symlink(work, member, name);
	else
		error = vfs_make(work->root, name, member->mode,
		                 member->device_major << 8 | member->device_minor);
	/* Several archives may name the same directories. */
	if (error == -EEXIST && S_ISDIR(member->mode))
		error = 0;
	return error ? error : set_attributes(work, member, name);
}

static void finish(struct unpacking *work)
{
	while (work->directories) {
		struct directory_time *directory = work->directories;
		struct fs_attr attr = {
		        .access_time = directory->time,
		        .modify_time = directory->time,
		};

		if (vnode_setattr(directory->vnode, &attr, FS_SET_ATIME | FS_SET_MTIME) != 0)
			log_line("initramfs: a directory keeps the time of its unpacking");
		work->directories = directory->next;
		vnode_put(directory->vnode);
		heap_free(&core_heap, directory);
	}
	while (work->seen) {
		struct seen_file *seen = work->seen;

		work->seen = seen->next;
		heap_free(&core_heap, seen);
	}
}

void initramfs_unpack(const char *directory, const void *start, uint64_t size)
{
	struct unpacking work = {0};
	struct vnode *root;
	struct newc_reader reader;
	struct newc_member member;
	enum newc_result result;
	int missing = path_lookup(NULL, directory, PATH_DIRECTORY, &root);

	if (missing)
		panic("initramfs: cannot find %s: error %d", directory, -missing);
	work.root = root;
	newc_begin(&reader, start, size);
	while ((result = newc_next(&reader, &member)) == NEWC_MEMBER) {
		int error = unpack_member(&work, &member);

		if (error)
			panic("initramfs: cannot make %s: error %d", member.name, -error);
		work.members++;
	}
	if (result == NEWC_CORRUPT)
		panic("initramfs: corrupt at byte %lu of %lu: %s", reader.position, size,
		      reader.fault);
	if (work.members == 0)
		panic("initramfs: empty (%lu bytes)", size);
	log_line("initramfs: %u files, %lu KiB", work.members, size / 1024);
	finish(&work);
	vnode_put(root);
}
