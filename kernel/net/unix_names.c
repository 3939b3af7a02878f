/* SPDX-License-Identifier: MIT
 *
 * Names of sockets (unix(7), "Address format"): paths, whose sockets are found by the vnode, and
 * abstract ones, of which each type has its own.
 */
#include <linux/stat.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/net/unix_info.h>
#include <kernel/net/unix_socket.h>
#include <kernel/vfs/namespace.h>
#include <kernel/vfs/path.h>
#include <kernel/vfs/vnode.h>

#define BUCKETS      64u
#define ITSELF_MOST  0x100000u /* names that sockets can be given: five digits */
#define ITSELF_BYTES 6u        /* such a name: a zero byte, and the digits */

static struct {
	struct spinlock lock;
	struct list all; /* by their numbers */
	struct list buckets[BUCKETS];
	bool ready;
} table = {.lock = SPINLOCK_INIT(socket_table), .all = LIST_INIT(table.all)};

static void lock_table(void) ACQUIRES_LOCK(table.lock)
{
	spin_lock(&table.lock);
	if (table.ready)
		return;
	for (unsigned int i = 0; i < BUCKETS; i++)
		list_init(&table.buckets[i]);
	table.ready = true;
}

static struct list *bucket_of_vnode(const struct vnode *vnode)
{
	return &table.buckets[((uintptr_t)vnode >> 6) * 0x9e3779b97f4a7c15UL >> 58];
}

/* size: with the family, as users have it. */
static struct list *bucket_of_name(const char *path, uint32_t size)
{
	uint64_t hash = 0;

	for (uint32_t i = 0; i < size - UNIX_PATH_AT; i++)
		hash = (hash ^ (uint8_t)path[i]) * 0x9e3779b97f4a7c15UL;
	return &table.buckets[hash >> 58];
}

static struct list *bucket_of(const struct unix_name *name, const struct vnode *vnode)
{
	return vnode ? bucket_of_vnode(vnode) : bucket_of_name(name->path, name->size);
}

void unix_register(struct unix_socket *socket)
{
	lock_table();
	list_add_tail(&table.all, &socket->all);
	spin_unlock(&table.lock);
}

void unix_unregister(struct unix_socket *socket)
{
	struct vnode *vnode;

	lock_table();
	list_remove(&socket->all);
	list_remove(&socket->named);
	vnode = socket->vnode;
	socket->vnode = NULL;
	spin_unlock(&table.lock);
	vnode_put(vnode);
}

static bool has_name(const struct unix_socket *socket, const char *path, uint32_t size)
{
	return !socket->vnode && socket->name->size == size &&
	       memcmp(socket->name->path, path, size - UNIX_PATH_AT) == 0;
}

/* ---- finding ---- */

static struct unix_socket *find_abstract(const char *path, uint32_t size, int type)
        REQUIRES_LOCK(table.lock)
{
	struct list *node, *next, *bucket = bucket_of_name(path, size);

	list_for_each(node, next, bucket)
	{
		struct unix_socket *socket = list_entry(node, struct unix_socket, named);

		if (socket->common.type == type && has_name(socket, path, size))
			return socket;
	}
	return NULL;
}

static struct unix_socket *find_vnode(const struct vnode *vnode) REQUIRES_LOCK(table.lock)
{
	struct list *node, *next, *bucket = bucket_of_vnode(vnode);

	list_for_each(node, next, bucket)
	{
		struct unix_socket *socket = list_entry(node, struct unix_socket, named);

		if (socket->vnode == vnode)
			return socket;
	}
	return NULL;
}

static int find_at_path(const char *path, int type, struct unix_socket **found)
{
	struct unix_socket *socket;
	struct vnode *vnode;
	int error = path_lookup(NULL, path, 0, &vnode);

	if (error)
		return error;
	error = vnode_permission(vnode, MAY_WRITE);
	if (!error && !S_ISSOCK(vnode->attr.mode))
		error = -ECONNREFUSED;
	if (!error) {
		lock_table();
		socket = find_vnode(vnode);
		if (!socket)
			error = -ECONNREFUSED;
		else if (socket->common.type != type)
			error = -EPROTOTYPE;
		else
			*found = unix_hold(socket);
		spin_unlock(&table.lock);
	}
	vnode_put(vnode);
	return error;
}

/* A path of an address, which need not end in a zero byte: a string. */
static void copy_path(char *path, const struct socket_address *address)
{
	uint32_t size = address->size - (uint32_t)UNIX_PATH_AT;

	memcpy(path, address->bytes + UNIX_PATH_AT, size);
	path[size] = '\0';
}

static int check_address(const struct socket_address *address)
{
	return address->size > UNIX_PATH_AT && address->size <= sizeof(struct sockaddr_un) &&
	                       address->family == AF_UNIX
	               ? 0
	               : -EINVAL;
}

int unix_find(const struct socket_address *address, int type, struct unix_socket **found)
{
	const char *name = address->bytes + UNIX_PATH_AT;
	char path[UNIX_PATH_MAX + 1];
	struct unix_socket *socket;
	int error = check_address(address);

	if (error)
		return error;
	if (*name != '\0') {
		copy_path(path, address);
		return find_at_path(path, type, found);
	}
	lock_table();
	socket = find_abstract(name, address->size, type);
	if (socket)
		*found = unix_hold(socket);
	spin_unlock(&table.lock);
	return socket ? 0 : -ECONNREFUSED;
}

/* ---- binding ---- */

static struct unix_name *make_name(const char *path, uint32_t size)
{
	struct unix_name *name = heap_alloc(&core_heap, sizeof(*name));

	if (!name)
		return NULL;
	name->references = 1;
	name->size = (uint32_t)UNIX_PATH_AT + size;
	memcpy(name->path, path, size);
	return name;
}

/* The socket has this name now, and is found by it. */
static void put_in_table(struct unix_socket *socket, struct unix_name *name, struct vnode *vnode)
        REQUIRES_LOCK(table.lock)
{
	socket->vnode = vnode;
	__atomic_store_n(&socket->name, name, __ATOMIC_RELEASE);
	list_add_tail(bucket_of(name, vnode), &socket->named);
}

static int bind_abstract(struct unix_socket *socket, const char *path, uint32_t size)
{
	struct unix_name *name = make_name(path, size);
	bool taken;

	if (!name)
		return -ENOMEM;
	lock_table();
	taken = find_abstract(path, name->size, socket->common.type) != NULL;
	if (!taken)
		put_in_table(socket, name, NULL);
	spin_unlock(&table.lock);
	if (taken)
		heap_free(&core_heap, name);
	return taken ? -EADDRINUSE : 0;
}

/* Users see the path with its zero byte. */
static int bind_path(struct unix_socket *socket, const struct socket_address *address)
{
	char path[UNIX_PATH_MAX + 1];
	struct unix_name *name;
	struct vnode *vnode;
	int error;

	copy_path(path, address);
	name = make_name(path, (uint32_t)strlen(path) + 1);
	if (!name)
		return -ENOMEM;
	error = vfs_make_held(path, S_IFSOCK | 0777, &vnode);
	if (error) {
		heap_free(&core_heap, name);
		return error == -EEXIST ? -EADDRINUSE : error;
	}
	lock_table();
	put_in_table(socket, name, vnode);
	spin_unlock(&table.lock);
	return 0;
}

int unix_bind_itself(struct unix_socket *socket)
{
	static uint32_t last;
	int error = socket->name ? 0 : -EADDRINUSE;
	char path[ITSELF_BYTES + 1];

	for (uint32_t tries = 0; error == -EADDRINUSE && tries < ITSELF_MOST; tries++) {
		uint32_t number = __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED) % ITSELF_MOST;

		path[0] = '\0';
		format(path + 1, ITSELF_BYTES, "%05x", number);
		error = bind_abstract(socket, path, ITSELF_BYTES);
	}
	return error == -EADDRINUSE ? -ENOSPC : error;
}

int unix_bind(struct socket *common, const struct socket_address *address)
{
	struct unix_socket *socket = unix_socket_of(common);
	const char *name = address->bytes + UNIX_PATH_AT;
	bool itself = address->size == UNIX_PATH_AT && address->family == AF_UNIX;
	int error = itself ? 0 : check_address(address);

	if (error)
		return error;
	mutex_lock(&socket->control);
	if (itself)
		error = unix_bind_itself(socket);
	else if (socket->name)
		error = -EINVAL;
	else if (*name == '\0')
		error = bind_abstract(socket, name, address->size - (uint32_t)UNIX_PATH_AT);
	else
		error = bind_path(socket, address);
	mutex_unlock(&socket->control);
	return error;
}

/* ---- telling ---- */

static const struct unix_name *name_of(const struct unix_socket *socket)
{
	return __atomic_load_n(&socket->name, __ATOMIC_ACQUIRE);
}

void unix_copy_name(struct unix_socket *socket, struct socket_address *address)
{
	const struct unix_name *name = name_of(socket);

	address->family = AF_UNIX;
	address->size = UNIX_PATH_AT;
	if (!name)
		return;
	address->size = name->size;
	memcpy(address->bytes + UNIX_PATH_AT, name->path, name->size - UNIX_PATH_AT);
}

void unix_share_name(struct unix_socket *socket, struct unix_socket *with)
{
	struct unix_name *name = with->name;

	__atomic_fetch_add(&name->references, 1, __ATOMIC_RELAXED);
	__atomic_store_n(&socket->name, name, __ATOMIC_RELEASE);
}

static void describe(const struct unix_socket *socket, struct unix_info *info)
{
	const struct unix_name *name = name_of(socket);
	bool is_connected = unix_peer(socket) != NULL;

	*info = (struct unix_info){
	        .number = socket->common.number,
	        .references = __atomic_load_n(&socket->references, __ATOMIC_RELAXED),
	        .type = (uint32_t)socket->common.type,
	        .listening = unix_flag(&socket->listening),
	        .connected = is_connected,
	        .accepted = socket->common.file != NULL,
	};
	if (!name)
		return;
	info->path_size = name->size - (uint32_t)UNIX_PATH_AT;
	memcpy(info->path, name->path, info->path_size);
}

uint64_t unix_next_info(uint64_t from, struct unix_info *info)
{
	struct list *node, *next;
	uint64_t found = 0;

	lock_table();
	list_for_each(node, next, &table.all)
	{
		const struct unix_socket *socket = list_entry(node, struct unix_socket, all);

		if (socket->common.number < from)
			continue;
		describe(socket, info);
		found = info->number;
		break;
	}
	spin_unlock(&table.lock);
	return found;
}
