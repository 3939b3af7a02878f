/* SPDX-License-Identifier: MIT
 *
 * The families, and sockets as open files.
 */
#include <kernel/net/socket.h>

#include <asm/ioctls.h>
#include <asm/signal.h>
#include <linux/fcntl.h>
#include <linux/sockios.h>
#include <linux/stat.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/user_copy.h>
#include <kernel/net/internet_family.h>
#include <kernel/net/unix_family.h>
#include <kernel/proc/process.h>
#include <kernel/time/time.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/fs.h>

#define BUFFER_LIMIT 212992u /* Linux' net.core.wmem_default and rmem_default */

static const struct socket_family *const families[] = {
        &unix_family,
        &internet_family,
};

static const struct socket_family *find_family(int domain)
{
	for (unsigned int i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (families[i]->domain == domain)
			return families[i];
	return NULL;
}

void socket_init(struct socket *socket, const struct socket_family *family,
                 const struct socket_operations *operations, int type, int protocol)
{
	static uint64_t last_number;
	const struct process *process = current_process();

	socket->family = family;
	socket->operations = operations;
	socket->type = type;
	socket->protocol = protocol;
	socket->number = __atomic_add_fetch(&last_number, 1, __ATOMIC_RELAXED);
	socket->user = process->credentials.user.filesystem;
	socket->group = process->credentials.group.filesystem;
	wait_queue_init(&socket->queue);
	socket->send_limit = socket->receive_limit = BUFFER_LIMIT;
	socket->send_timeout = socket->receive_timeout = WAIT_FOREVER;
	socket->receive_least = 1;
	socket->linger = -1;
}

int socket_create(int domain, int type, int protocol, struct socket **socket)
{
	const struct socket_family *family = find_family(domain);

	if (domain < 0 || domain >= AF_MOST)
		return -EAFNOSUPPORT;
	if (type < 0 || type >= SOCK_TYPE_MOST)
		return -EINVAL;
	return family ? family->create(type, protocol, socket) : -EAFNOSUPPORT;
}

int socket_create_pair(int domain, int type, int protocol, struct socket *pair[2])
{
	int error = socket_create(domain, type, protocol, &pair[0]);

	if (error)
		return error;
	error = socket_create(domain, type, protocol, &pair[1]);
	if (!error) {
		error = pair[0]->family->pair ? pair[0]->family->pair(pair[0], pair[1])
		                              : -EOPNOTSUPP;
		if (error)
			pair[1]->operations->close(pair[1]);
	}
	if (error)
		pair[0]->operations->close(pair[0]);
	return error;
}

int socket_take_error(struct socket *socket)
{
	if (__atomic_load_n(&socket->error, __ATOMIC_RELAXED) == 0)
		return 0;
	return -__atomic_exchange_n(&socket->error, 0, __ATOMIC_ACQ_REL);
}

uint64_t socket_deadline(uint64_t timeout)
{
	return timeout == WAIT_FOREVER ? WAIT_FOREVER : time_now() + timeout;
}

/* A call that has a deadline would begin anew with a later one: so it does not (signal(7)). */
int socket_wait_error(int error, uint64_t timeout)
{
	if (error == -ETIMEDOUT)
		return -EAGAIN;
	return timeout == WAIT_FOREVER ? -ERESTARTSYS : -EINTR;
}

long socket_broken_pipe(uint32_t flags)
{
	if (!(flags & MSG_NOSIGNAL))
		(void)signal_send_to_task(0, current_task()->id, SIGPIPE, NULL);
	return -EPIPE;
}

struct socket_files *socket_files_copy(const struct socket_files *files)
{
	struct socket_files *copy =
	        heap_alloc(&core_heap, sizeof(*copy) + files->count * sizeof(copy->files[0]));

	if (!copy)
		return NULL;
	copy->count = files->count;
	for (uint32_t i = 0; i < files->count; i++)
		copy->files[i] = file_hold(files->files[i]);
	return copy;
}

void socket_files_put(struct socket_files *files)
{
	if (!files)
		return;
	for (uint32_t i = 0; i < files->count; i++)
		file_put(files->files[i]);
	heap_free(&core_heap, files);
}

/* ---- as an open file ---- */

static uint32_t call_flags(const struct file *file)
{
	return file->flags & O_NONBLOCK ? MSG_DONTWAIT : 0;
}

static long receive(struct file *file, struct socket_transfer *transfer)
{
	struct socket *socket = file->state;
	long count = socket->operations->receive(socket, transfer);

	socket_files_put(transfer->control.files);
	return count;
}

static long send(struct file *file, struct socket_transfer *transfer)
{
	struct socket *socket = file->state;

	return socket->operations->send(socket, transfer);
}

static long read_socket(struct file *file, void __user *buffer, uint64_t size, uint64_t *offset)
{
	struct socket_transfer transfer = {.flags = call_flags(file)};

	/* read(2), unlike recv(2), takes no empty message (Linux' sock_read_iter). */
	if (size == 0)
		return 0;
	socket_data_single(&transfer.data, buffer, size);
	return receive(file, &transfer);
}

static long write_socket(struct file *file, const void __user *buffer, uint64_t size,
                         uint64_t *offset)
{
	struct socket_transfer transfer = {.flags = call_flags(file)};

	socket_data_single(&transfer.data, (void __user *)buffer, size);
	return send(file, &transfer);
}

static long transfer_vector(struct file *file, const void __user *vector, uint64_t count,
                            bool is_write)
{
	struct socket_transfer transfer = {.flags = call_flags(file)};
	long result = socket_data_get(&transfer.data, vector, count);

	if (result)
		return result;
	/* No bytes at all are no message here. */
	if (transfer.data.left > 0)
		result = is_write ? send(file, &transfer) : receive(file, &transfer);
	socket_data_end(&transfer.data);
	return result;
}

static long read_kernel(struct file *file, void *buffer, uint64_t size, uint64_t *offset)
{
	struct socket_transfer transfer = {.flags = call_flags(file)};

	socket_data_kernel(&transfer.data, buffer, size);
	return receive(file, &transfer);
}

static long write_kernel(struct file *file, const void *buffer, uint64_t size, uint64_t *offset)
{
	struct socket_transfer transfer = {.flags = call_flags(file)};

	socket_data_kernel(&transfer.data, (void *)buffer, size);
	return send(file, &transfer);
}

static long control_socket(struct file *file, unsigned int command, uint64_t argument)
{
	struct socket *socket = file->state;
	long count;
	int value;

	switch (command) {
	case FIONREAD:
		count = socket->operations->count_unread(socket);
		break;
	case SIOCOUTQ:
		count = socket->operations->count_unreceived(socket);
		break;
	default:
		return -ENOTTY;
	}
	if (count < 0)
		return count;
	value = (int)count;
	return copy_to_user((void __user *)argument, &value, sizeof(value));
}

static uint32_t poll_socket(struct file *file, struct wait_queue **queue)
{
	struct socket *socket = file->state;

	*queue = &socket->queue;
	return socket->operations->poll(socket);
}

static int stat_socket(struct file *file, struct fs_attr *attr)
{
	const struct socket *socket = file->state;

	memset(attr, 0, sizeof(*attr));
	attr->object = socket->number;
	attr->mode = S_IFSOCK | 0777;
	attr->links = 1;
	attr->uid = socket->user;
	attr->gid = socket->group;
	return 0;
}

static void close_socket(struct file *file)
{
	struct socket *socket = file->state;

	socket->operations->close(socket);
}

static const struct file_ops socket_ops = {
        .kind = "socket",
        .read = read_socket,
        .write = write_socket,
        .transfer_vector = transfer_vector,
        .read_kernel = read_kernel,
        .write_kernel = write_kernel,
        .ioctl = control_socket,
        .poll = poll_socket,
        .stat = stat_socket,
        .close = close_socket,
};

struct socket *socket_of(const struct file *file)
{
	return file->ops == &socket_ops ? file->state : NULL;
}

uint64_t socket_pages(const struct file *file)
{
	struct socket *socket = socket_of(file);

	return socket ? socket->operations->pages(socket) : 0;
}

struct file *socket_open(struct socket *socket, uint32_t flags)
{
	struct file *file = file_create(&socket_ops, O_RDWR | (flags & O_NONBLOCK));

	if (!file) {
		socket->operations->close(socket);
		return NULL;
	}
	file->state = socket;
	socket->file = file;
	return file;
}
