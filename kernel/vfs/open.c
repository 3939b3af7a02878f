/* SPDX-License-Identifier: MIT
 *
 * open(2): find or make the object, ask for the rights, make an open file of it.
 */
#include <asm/fcntl.h>
#include <aramid/uninitialized.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/proc/process.h>
#include <kernel/vfs/create.h>
#include <kernel/vfs/descriptor_link.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/namespace.h>
#include <kernel/vfs/notify.h>
#include <kernel/vfs/open_vnode.h>
#include <kernel/vfs/mount.h>
#include <kernel/vfs/path.h>
#include <kernel/vfs/vnode.h>
#include <linux/fs.h>
#include <linux/stat.h>

#define LINKS_MAX 40u /* as Linux */

/* What O_TMPFILE has besides O_DIRECTORY. */
#define TMPFILE_BIT ((uint32_t)O_TMPFILE & ~(uint32_t)O_DIRECTORY)

static uint32_t wanted_rights(uint32_t flags)
{
	static const uint32_t rights[] = {
	        [O_RDONLY] = MAY_READ,
	        [O_WRONLY] = MAY_WRITE,
	        [O_RDWR] = MAY_READ | MAY_WRITE,
	        [O_ACCMODE] = MAY_READ | MAY_WRITE, /* Linux: asks for both, gives neither */
	};

	return rights[flags & O_ACCMODE] | (flags & O_TRUNC ? MAY_WRITE : 0);
}

/* The last component under its directory's lock: the object, made if it was not there. */
static int open_or_create(const struct path_last *last, uint32_t flags, uint32_t mode,
                          struct vnode **vnode, bool *created)
{
	int error;

	mutex_lock(&last->directory->lock);
	error = path_child(last->directory, last->name, vnode);
	if (!error && (flags & O_EXCL)) {
		vnode_put(*vnode);
		error = -EEXIST;
	} else if (error == -ENOENT) {
		error = create_in_directory(last->directory, last->name, S_IFREG | (mode & 07777),
		                            0, NULL, vnode);
		*created = error == 0;
	}
	mutex_unlock(&last->directory->lock);
	return error;
}

/* A link's target on the heap: 0 or a negative errno. */
static int read_target(struct vnode *link, char **target)
{
	char *text = heap_alloc(&core_heap, PATH_MAX_BYTES);
	long length;

	if (!text)
		return -ENOMEM;
	length = vfs_readlink(link, text, PATH_MAX_BYTES - 1);
	if (length < 0) {
		heap_free(&core_heap, text);
		return (int)length;
	}
	text[length] = '\0';
	*target = text;
	return 0;
}

/* What open(2) was asked for. */
struct opening {
	uint32_t flags, mode;
	const struct path_limits *limits; /* NULL: none */
};

/* One round of O_CREAT: 0 with *vnode, or 1 when the name is a link, whose target is in *target
 * (heap) and whose directory is in *from (one reference). */
static int create_step(struct vnode **from, const char *path, const struct opening *opening,
                       struct vnode **vnode, bool *created, char **target)
{
	struct path_last last LEFT_UNINITIALIZED("path_parent fills it");
	struct vnode *mounted;
	int error = path_parent_within(*from, path, opening->limits, &last);

	if (error)
		return error;
	if (last.name[0] == '\0' || last.trailing_slash || strcmp(last.name, ".") == 0 ||
	    strcmp(last.name, "..") == 0)
		error = -EISDIR;
	else
		error = open_or_create(&last, opening->flags, opening->mode, vnode, created);
	if (!error && (mounted = mount_on(*vnode)) != NULL) {
		vnode_put(*vnode);
		*vnode = mounted;
	}
	if (!error && is_descriptor_link(*vnode)) {
		error = path_limits_descriptor(opening->limits);
		if (error)
			vnode_put(*vnode);
	}
	if (error || !S_ISLNK((*vnode)->attr.mode) || is_descriptor_link(*vnode)) {
		vnode_put(last.directory);
		return error;
	}
	error = opening->flags & O_NOFOLLOW ? -ELOOP : path_limits_link(opening->limits);
	if (!error)
		error = read_target(*vnode, target);
	if (!error && **target == '/')
		error = path_limits_jump(opening->limits, last.directory);
	vnode_put(*vnode);
	if (error) {
		vnode_put(last.directory);
		return error;
	}
	vnode_put(*from);
	*from = last.directory;
	return 1;
}

/* O_CREAT follows a link at the end even to a name that is not there yet. */
static int find_or_create(struct vnode *from, const char *path, const struct opening *opening,
                          struct vnode **vnode, bool *created)
{
	char *walked = NULL; /* the target that path points to, once a link was followed */
	unsigned int links = 0;
	int error;

	if (from)
		vnode_hold(from);
	for (;;) {
		char *target = NULL;

		error = create_step(&from, path, opening, vnode, created, &target);
		heap_free(&core_heap, walked);
		walked = target;
		path = target;
		if (error != 1)
			break;
		if (++links > LINKS_MAX) {
			error = -ELOOP;
			break;
		}
	}
	vnode_put(from);
	heap_free(&core_heap, walked);
	return error;
}

static int check_type(struct vnode *vnode, uint32_t flags)
{
	uint32_t mode = vnode->attr.mode;

	if ((flags & O_DIRECTORY) && !S_ISDIR(mode))
		return -ENOTDIR;
	if (S_ISLNK(mode) && !(flags & O_PATH))
		return -ELOOP;
	if (flags & O_PATH)
		return 0;
	if (S_ISDIR(mode) && ((wanted_rights(flags) & MAY_WRITE) || (flags & O_CREAT)))
		return -EISDIR;
	return 0;
}

static int find(struct vnode *from, const char *path, const struct opening *opening,
                struct vnode **vnode, bool *created)
{
	unsigned int how = opening->flags & O_NOFOLLOW ? PATH_NOFOLLOW : 0;

	if (opening->flags & O_CREAT)
		return find_or_create(from, path, opening, vnode, created);
	if (!(opening->flags & O_PATH))
		how |= PATH_KEEP_DESCRIPTOR;
	return path_lookup_within(from, path, how, opening->limits, vnode);
}

static int truncate_opened(struct vnode *vnode, struct file **file)
{
	struct fs_attr empty = {.size = 0};
	int error = vnode_setattr(vnode, &empty, FS_SET_SIZE);

	if (error) {
		vnode_hold(vnode); /* the caller's reference, which goes with the file */
		file_put(*file);
	}
	return error;
}

/* Rights, the open file, and truncation. The reference to the vnode is taken over on success. */
static int open_found(struct vnode *vnode, uint32_t flags, bool created, struct file **file)
{
	int error = check_type(vnode, flags);

	/* Who makes a file may open it as asked, whatever mode it gave it (open(2)). */
	if (!error && !created && !(flags & O_PATH))
		error = vnode_permission(vnode, wanted_rights(flags));
	if (!error)
		error = vnode_open(vnode, flags, file);
	if (error)
		return error;
	notify_file(*file, IN_OPEN);
	if ((flags & O_TRUNC) && !created && !(flags & O_PATH) && S_ISREG(vnode->attr.mode) &&
	    !(vnode->attr.flags & FS_ATTR_DIRECT))
		error = truncate_opened(vnode, file);
	return error;
}

int open_vnode(struct vnode *vnode, uint32_t flags, struct file **file)
{
	return open_found(vnode, flags & ~(uint32_t)(O_CREAT | O_EXCL), false, file);
}

/* The path as opened, for /proc: exact for absolute paths, else behind the cwd's. */
static void note_path(struct file *file, struct vnode *from, const char *path)
{
	const struct process *process = current_process();

	if (*path == '/')
		string_copy(file->path, path, sizeof(file->path));
	else if (!from && process && process->cwd_path[0])
		format(file->path, sizeof(file->path), "%s/%s",
		       process->cwd_path[1] ? process->cwd_path : "", path);
}

/* What it would be called in the directory whose path the file has so far. */
static void note_nameless(struct file *file)
{
	char name[40];

	format(name, sizeof(name), "/#%lu (deleted)", file->vnode->object);
	if (strlen(file->path) + strlen(name) < sizeof(file->path))
		string_copy(file->path + strlen(file->path), name, sizeof(name));
}

/* O_TMPFILE: path is the directory that would have been the file's. */
static int open_nameless(struct vnode *from, const char *path, uint32_t flags,
                         const struct opening *opening, struct file **file)
{
	unsigned int how = PATH_DIRECTORY | (flags & O_NOFOLLOW ? PATH_NOFOLLOW : 0);
	struct vnode *directory, *vnode;
	int error;

	if (!(flags & O_DIRECTORY) || (flags & (O_CREAT | O_PATH)) ||
	    !(wanted_rights(flags & O_ACCMODE) & MAY_WRITE))
		return -EINVAL;
	error = path_lookup_within(from, path, how, opening->limits, &directory);
	if (error)
		return error;
	error = create_nameless(directory, opening->mode, !(flags & O_EXCL), &vnode);
	vnode_put(directory);
	if (error)
		return error;
	error = open_found(vnode, flags & ~(uint32_t)O_TMPFILE, true, file);
	if (error) {
		vnode_put(vnode);
		return error;
	}
	note_path(*file, from, path);
	note_nameless(*file);
	(*file)->flags |= O_TMPFILE;
	return 0;
}

int vfs_open(struct vnode *from, const char *path, uint32_t flags, uint32_t mode,
             struct file **file)
{
	return vfs_open_within(from, path, flags, mode, NULL, file);
}

int vfs_open_within(struct vnode *from, const char *path, uint32_t flags, uint32_t mode,
                    const struct path_limits *limits, struct file **file)
{
	struct opening opening = {.mode = mode, .limits = limits};
	struct vnode *vnode = NULL;
	bool created = false;
	int error;

	if (flags & TMPFILE_BIT)
		return open_nameless(from, path, flags, &opening, file);
	/* open(2): with O_PATH, flags other than these are ignored. */
	if (flags & O_PATH)
		flags &= O_PATH | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW;
	opening.flags = flags;
	error = find(from, path, &opening, &vnode, &created);
	if (error)
		return error;
	if (is_descriptor_link(vnode) && !(flags & (O_PATH | O_NOFOLLOW))) {
		error = descriptor_link_open(vnode, flags, file);
		vnode_put(vnode);
		return error;
	}
	error = open_found(vnode, flags, created, file);
	if (error) {
		vnode_put(vnode);
		return error;
	}
	note_path(*file, from, path);
	return 0;
}
