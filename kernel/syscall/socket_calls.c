/* SPDX-License-Identifier: MIT
 *
 * Sockets as such: from socket(2) to shutdown(2), their names and their options.
 */
#include <asm/socket.h>
#include <aramid/uninitialized.h>
#include <linux/fcntl.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/net/socket.h>
#include <kernel/syscall/socket_argument.h>
#include <kernel/syscall/syscall.h>
#include <kernel/vfs/file.h>

/* SOCK_CLOEXEC and SOCK_NONBLOCK are these. */
#define CREATION_FLAGS ((uint32_t)(O_CLOEXEC | O_NONBLOCK))

long socket_argument_get(int fd, struct file **file, struct socket **socket)
{
	bool is_handle;

	*file = file_from_descriptor(fd);
	if (!*file)
		return -EBADF;
	*socket = socket_of(*file);
	if (*socket)
		return 0;
	is_handle = (*file)->flags & O_PATH;
	file_put(*file);
	return is_handle ? -EBADF : -ENOTSOCK;
}

long socket_address_get(struct socket_address *address, const void __user *from, int size)
{
	if (size < 0 || size > ADDRESS_MOST)
		return -EINVAL;
	address->size = (uint32_t)size;
	address->family = AF_UNSPEC;
	return size ? copy_from_user(address->bytes, from, (uint32_t)size) : 0;
}

long socket_address_put(const struct socket_address *address, void __user *to, int room)
{
	uint32_t size = address->size;

	if (room < 0)
		return -EINVAL;
	if (size > (uint32_t)room)
		size = (uint32_t)room;
	return copy_to_user(to, address->bytes, size);
}

/* The size that a user gives is how much fits, and becomes how much there is. */
long socket_address_answer(const struct socket_address *address, void __user *to, void __user *size)
{
	int room, length = (int)address->size;
	long error = copy_from_user(&room, size, sizeof(room));

	if (!error)
		error = socket_address_put(address, to, room);
	return error ? error : copy_to_user(size, &length, sizeof(length));
}

long sys_socket(int domain, int type, int protocol)
{
	uint32_t flags = (uint32_t)type & ~(uint32_t)SOCK_TYPE_MASK;
	struct socket *socket;
	struct file *file;
	long result;

	if (flags & ~CREATION_FLAGS)
		return -EINVAL;
	result = socket_create(domain, type & SOCK_TYPE_MASK, protocol, &socket);
	if (result)
		return result;
	file = socket_open(socket, flags);
	if (!file)
		return -ENOMEM;
	result = file_install(file, 0, flags & O_CLOEXEC);
	if (result < 0)
		file_put(file);
	return result;
}

/* Both files have descriptors, or neither. */
static long install_pair(struct file *files[2], uint32_t flags, void __user *descriptors)
{
	int pair[2] = {-1, -1};
	long result = 0;
	unsigned int i;

	for (i = 0; i < 2 && result >= 0; i++) {
		result = file_install(files[i], 0, flags & O_CLOEXEC);
		if (result >= 0)
			pair[i] = (int)result;
	}
	if (result >= 0)
		result = copy_to_user(descriptors, pair, sizeof(pair));
	for (i = 0; i < 2 && result < 0; i++) {
		if (pair[i] < 0)
			file_put(files[i]);
		else
			(void)descriptor_close(pair[i]);
	}
	return result;
}

long sys_socketpair(int domain, int type, int protocol, void __user *descriptors)
{
	uint32_t flags = (uint32_t)type & ~(uint32_t)SOCK_TYPE_MASK;
	struct socket *pair[2];
	struct file *files[2];
	long result;

	if (flags & ~CREATION_FLAGS)
		return -EINVAL;
	result = socket_create_pair(domain, type & SOCK_TYPE_MASK, protocol, pair);
	if (result)
		return result;
	files[0] = socket_open(pair[0], flags);
	files[1] = socket_open(pair[1], flags);
	if (files[0] && files[1])
		return install_pair(files, flags, descriptors);
	file_put(files[0]);
	file_put(files[1]);
	return -ENOMEM;
}

long sys_bind(int fd, const void __user *address, int size)
{
	struct socket_address name LEFT_UNINITIALIZED("socket_address_get fills it");
	struct socket *socket;
	struct file *file;
	long result = socket_argument_get(fd, &file, &socket);

	if (result)
		return result;
	result = socket_address_get(&name, address, size);
	if (!result)
		result = socket->operations->bind(socket, &name);
	file_put(file);
	return result;
}

long sys_connect(int fd, const void __user *address, int size)
{
	struct socket_address name LEFT_UNINITIALIZED("socket_address_get fills it");
	struct socket *socket;
	struct file *file;
	long result = socket_argument_get(fd, &file, &socket);

	if (result)
		return result;
	result = socket_address_get(&name, address, size);
	if (!result)
		result = socket->operations->connect(socket, &name, file->flags & O_NONBLOCK);
	file_put(file);
	return result;
}

long sys_listen(int fd, int waiting_most)
{
	struct socket *socket;
	struct file *file;
	long result = socket_argument_get(fd, &file, &socket);
	uint32_t most = (uint32_t)waiting_most;

	if (result)
		return result;
	result = socket->operations->listen(
	        socket, most < SOCKETS_WAITING_MOST ? most : SOCKETS_WAITING_MOST);
	file_put(file);
	return result;
}

/* The address of who called, if the user wants it, and the file. What goes wrong here takes the
 * connection along, so that the call may not begin anew as one that answers -ENOMEM does. */
static long install_accepted(struct socket *accepted, uint32_t flags, void __user *address,
                             void __user *size)
{
	struct socket_address name LEFT_UNINITIALIZED("the family fills it");
	struct file *file = socket_open(accepted, flags);
	long result = 0;

	if (!file)
		return -ENOBUFS;
	if (address) {
		/* Who is gone by now has no name. */
		if (accepted->operations->name(accepted, true, &name))
			result = -ECONNABORTED;
		else
			result = socket_address_answer(&name, address, size);
	}
	if (!result)
		result = file_install(file, 0, flags & O_CLOEXEC);
	if (result < 0)
		file_put(file);
	return result == -ENOMEM ? -ENOBUFS : result;
}

long sys_accept4(int fd, void __user *address, void __user *size, uint32_t flags)
{
	struct socket *socket, *accepted;
	struct file *file;
	long result;

	if (flags & ~CREATION_FLAGS)
		return -EINVAL;
	result = socket_argument_get(fd, &file, &socket);
	if (result)
		return result;
	result = socket->operations->accept(socket, file->flags & O_NONBLOCK, &accepted);
	if (!result)
		result = install_accepted(accepted, flags, address, size);
	file_put(file);
	return result;
}

long sys_accept(int fd, void __user *address, void __user *size)
{
	return sys_accept4(fd, address, size, 0);
}

long sys_shutdown(int fd, int how)
{
	struct socket *socket;
	struct file *file;
	long result = socket_argument_get(fd, &file, &socket);

	if (result)
		return result;
	result = how < SHUT_RD || how > SHUT_RDWR ? -EINVAL
	                                          : socket->operations->shutdown(socket, how);
	file_put(file);
	return result;
}

static long tell_name(int fd, bool of_peer, void __user *address, void __user *size)
{
	struct socket_address name LEFT_UNINITIALIZED("the family fills it");
	struct socket *socket;
	struct file *file;
	long result = socket_argument_get(fd, &file, &socket);

	if (result)
		return result;
	result = socket->operations->name(socket, of_peer, &name);
	if (!result)
		result = socket_address_answer(&name, address, size);
	file_put(file);
	return result;
}

long sys_getsockname(int fd, void __user *address, void __user *size)
{
	return tell_name(fd, false, address, size);
}

long sys_getpeername(int fd, void __user *address, void __user *size)
{
	return tell_name(fd, true, address, size);
}

static long set_option(struct socket *socket, int level, int option, const void *value,
                       uint32_t size)
{
	if (level == SOL_SOCKET)
		return socket_set_option(socket, option, value, size);
	return socket->operations->set_option
	               ? socket->operations->set_option(socket, level, option, value, size)
	               : -EOPNOTSUPP;
}

static long get_option(struct socket *socket, int level, int option, void *value)
{
	if (level == SOL_SOCKET)
		return socket_get_option(socket, option, value);
	return socket->operations->get_option
	               ? socket->operations->get_option(socket, level, option, value)
	               : -EOPNOTSUPP;
}

long sys_setsockopt(int fd, int level, int option, const void __user *value, int size)
{
	uint64_t copy[SOCKET_OPTION_MOST / sizeof(uint64_t)] = {0};
	struct socket *socket;
	struct file *file;
	long result;

	if (size < 0)
		return -EINVAL;
	result = socket_argument_get(fd, &file, &socket);
	if (result)
		return result;
	if (copy_from_user(copy, value,
	                   (uint32_t)size < sizeof(copy) ? (uint32_t)size : sizeof(copy)))
		result = -EFAULT;
	else
		result = set_option(socket, level, option, copy, (uint32_t)size);
	file_put(file);
	return result;
}

long sys_getsockopt(int fd, int level, int option, void __user *value, void __user *size)
{
	uint64_t copy[SOCKET_OPTION_MOST / sizeof(uint64_t)] = {0};
	struct socket *socket;
	struct file *file;
	long result = socket_argument_get(fd, &file, &socket);
	int room, length;

	if (result)
		return result;
	if (copy_from_user(&room, size, sizeof(room)))
		result = -EFAULT;
	else if (room < 0)
		result = -EINVAL;
	else
		result = get_option(socket, level, option, copy);
	file_put(file);
	if (result < 0)
		return result;
	length = room < (int)result ? room : (int)result;
	if (copy_to_user(value, copy, (uint32_t)length))
		return -EFAULT;
	return copy_to_user(size, &length, sizeof(length));
}
