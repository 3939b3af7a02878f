/* SPDX-License-Identifier: MIT
 *
 * Sending and receiving: send(2), recv(2) and their kin.
 */
#include <aramid/uninitialized.h>
#include <linux/fcntl.h>
#include <linux/uio.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/net/socket.h>
#include <kernel/proc/task.h>
#include <kernel/syscall/message_control.h>
#include <kernel/syscall/poll.h>
#include <kernel/syscall/socket_argument.h>
#include <kernel/syscall/syscall.h>
#include <kernel/time/time.h>
#include <kernel/vfs/file.h>

static uint32_t call_flags(const struct file *file, uint32_t flags)
{
	return flags | (file->flags & O_NONBLOCK ? MSG_DONTWAIT : 0);
}

static void __user *user_pointer(uint64_t address)
{
	return (void __user *)address;
}

long sys_sendto(int fd, const void __user *buffer, uint64_t size, uint32_t flags,
                const void __user *address, int address_size)
{
	struct socket_address name LEFT_UNINITIALIZED("socket_address_get fills it");
	struct socket_transfer transfer;
	struct socket *socket;
	struct file *file;
	long result = socket_argument_get(fd, &file, &socket);

	if (result)
		return result;
	transfer = (struct socket_transfer){.flags = call_flags(file, flags)};
	socket_data_single(&transfer.data, (void __user *)buffer, size);
	if (address) {
		result = socket_address_get(&name, address, address_size);
		transfer.address = address_size ? &name : NULL;
	}
	if (!result)
		result = socket->operations->send(socket, &transfer);
	file_put(file);
	return result;
}

long sys_recvfrom(int fd, void __user *buffer, uint64_t size, uint32_t flags, void __user *address,
                  void __user *room)
{
	struct socket_address name LEFT_UNINITIALIZED("the family fills it");
	struct socket_transfer transfer;
	struct socket *socket;
	struct file *file;
	long result = socket_argument_get(fd, &file, &socket);

	if (result)
		return result;
	transfer = (struct socket_transfer){
	        .flags = call_flags(file, flags),
	        .address = address ? &name : NULL,
	};
	name.size = 0;
	socket_data_single(&transfer.data, buffer, size);
	result = socket->operations->receive(socket, &transfer);
	socket_files_put(transfer.control.files);
	if (result >= 0 && address) {
		long error = socket_address_answer(&name, address, room);

		result = error ? error : result;
	}
	file_put(file);
	return result;
}

/* The header of a message, with its segments; socket_data_end after success. */
static long get_message(struct user_message *header, struct socket_transfer *transfer,
                        const struct user_message __user *from)
{
	if (copy_from_user(header, from, sizeof(*header)))
		return -EFAULT;
	if (header->name == 0)
		header->name_size = 0;
	if (header->name_size < 0)
		return -EINVAL;
	if (header->name_size > ADDRESS_MOST)
		header->name_size = ADDRESS_MOST;
	if (header->vector_count > UIO_MAXIOV)
		return -EMSGSIZE;
	return socket_data_get(&transfer->data, user_pointer(header->vector), header->vector_count);
}

/* ---- sending ---- */

static long send_message(struct socket *socket, const struct user_message __user *message,
                         uint32_t flags)
{
	struct socket_address name LEFT_UNINITIALIZED("socket_address_get fills it");
	struct socket_transfer transfer = {.flags = flags};
	struct user_message header;
	long result = get_message(&header, &transfer, message);

	if (result)
		return result;
	if (header.name_size > 0) {
		transfer.address = &name;
		result = socket_address_get(&name, user_pointer(header.name), header.name_size);
	}
	if (!result && header.control != 0)
		result = message_control_get(&transfer.control, user_pointer(header.control),
		                             header.control_size);
	if (!result)
		result = socket->operations->send(socket, &transfer);
	socket_files_put(transfer.control.files);
	socket_data_end(&transfer.data);
	return result;
}

long sys_sendmsg(int fd, const void __user *message, uint32_t flags)
{
	struct socket *socket;
	struct file *file;
	long result = socket_argument_get(fd, &file, &socket);

	if (result)
		return result;
	result = send_message(socket, message, call_flags(file, flags));
	file_put(file);
	return result;
}

static long put_size(struct user_messages __user *message, long result)
{
	uint32_t size = (uint32_t)result;

	return result < 0 ? result : copy_to_user(&message->size, &size, sizeof(size));
}

static uint32_t bounded(uint32_t most)
{
	return most < UIO_MAXIOV ? most : UIO_MAXIOV;
}

long sys_sendmmsg(int fd, void __user *messages, uint32_t most, uint32_t flags)
{
	struct user_messages __user *at = messages;
	struct socket *socket;
	struct file *file;
	long result = socket_argument_get(fd, &file, &socket);
	uint32_t done = 0;

	if (result)
		return result;
	while (done < bounded(most)) {
		result = send_message(socket, &at[done].message, call_flags(file, flags));
		result = put_size(&at[done], result);
		if (result < 0)
			break;
		done++;
	}
	file_put(file);
	return done > 0 ? (long)done : result;
}

/* ---- receiving ---- */

/* What the user's header says of what came: 0 or -EFAULT. */
static long answer(struct user_message *header, struct socket_transfer *transfer,
                   const struct socket_address *name, struct user_message __user *message)
{
	struct control_room room = {user_pointer(header->control), header->control_size};
	uint64_t used;
	uint32_t flags;
	long error = 0;

	if (header->control == 0)
		room.left = 0;
	flags = transfer->flags | message_control_put(&transfer->control, &room, transfer->flags);
	used = (uint64_t)room.at - header->control;
	if (header->name != 0) {
		int size = (int)name->size;

		error = socket_address_put(name, user_pointer(header->name), header->name_size);
		if (!error)
			error = copy_to_user(&message->name_size, &size, sizeof(size));
	}
	if (!error)
		error = copy_to_user(&message->flags, &flags, sizeof(flags));
	if (!error)
		error = copy_to_user(&message->control_size, &used, sizeof(used));
	return error;
}

static long receive_message(struct socket *socket, struct user_message __user *message,
                            uint32_t flags)
{
	struct socket_address name LEFT_UNINITIALIZED("the family fills it");
	struct socket_transfer transfer = {.flags = flags, .address = &name};
	struct user_message header;
	long result = get_message(&header, &transfer, message), error;

	if (result)
		return result;
	name.size = 0;
	result = socket->operations->receive(socket, &transfer);
	if (result >= 0) {
		error = answer(&header, &transfer, &name, message);
		result = error ? error : result;
	}
	socket_files_put(transfer.control.files);
	socket_data_end(&transfer.data);
	return result;
}

long sys_recvmsg(int fd, void __user *message, uint32_t flags)
{
	struct socket *socket;
	struct file *file;
	long result = socket_argument_get(fd, &file, &socket);

	if (result)
		return result;
	result = receive_message(socket, message, call_flags(file, flags));
	file_put(file);
	return result;
}

static long receive_messages(struct socket *socket, struct user_messages __user *messages,
                             uint32_t most, uint32_t flags, uint64_t deadline)
{
	uint32_t done = 0;
	long result = socket_take_error(socket);

	while (done < most && result >= 0) {
		result = receive_message(socket, &messages[done].message, flags & ~MSG_WAITFORONE);
		result = put_size(&messages[done], result);
		if (result < 0)
			break;
		done++;
		if (flags & MSG_WAITFORONE)
			flags |= MSG_DONTWAIT;
		if (deadline != WAIT_FOREVER && time_now() >= deadline)
			break;
	}
	/* What went wrong behind the first is told by the next call. */
	if (done > 0 && result < 0 && result != -EAGAIN && result > -ERESTARTSYS)
		__atomic_store_n(&socket->error, (int)-result, __ATOMIC_RELEASE);
	return done > 0 ? (long)done : result;
}

long sys_recvmmsg(int fd, void __user *messages, uint32_t most, uint32_t flags,
                  void __user *timeout)
{
	struct socket *socket;
	struct file *file;
	uint64_t deadline;
	long result = poll_deadline(timeout, &deadline);

	if (!result)
		result = socket_argument_get(fd, &file, &socket);
	if (result)
		return result;
	result = receive_messages(socket, messages, bounded(most), call_flags(file, flags),
	                          deadline);
	file_put(file);
	if (result > 0)
		poll_write_left(timeout, deadline);
	return result;
}
