/* SPDX-License-Identifier: MIT */
#include <asm/socket.h>
#include <linux/capability.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/user_copy.h>
#include <kernel/net/socket.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/message_control.h>
#include <kernel/vfs/file.h>

#define CONTROL_MOST 20480u /* net.core.optmem_max of Linux 6.1 */
#define HEADER       sizeof(struct user_control)

static uint64_t aligned(uint64_t size)
{
	return (size + CONTROL_ALIGNMENT - 1) & ~(uint64_t)(CONTROL_ALIGNMENT - 1);
}

/* ---- what is to be sent ---- */

/* Room for so many files more. */
static int extend(struct socket_files **files, uint32_t more)
{
	uint32_t count = *files ? (*files)->count : 0;
	struct socket_files *larger;

	if (count + more > SCM_RIGHTS_MOST)
		return -EINVAL;
	larger =
	        heap_alloc(&core_heap, sizeof(*larger) + (count + more) * sizeof(larger->files[0]));
	if (!larger)
		return -ENOMEM;
	if (count > 0) {
		memcpy(larger, *files, sizeof(*larger) + count * sizeof(larger->files[0]));
		heap_free(&core_heap, *files);
	}
	*files = larger;
	return 0;
}

static long get_files(struct socket_files **files, const char __user *from, uint64_t size)
{
	uint64_t count = size / sizeof(int);
	int error, descriptor;

	if (count == 0)
		return 0;
	error = count > SCM_RIGHTS_MOST ? -EINVAL : extend(files, (uint32_t)count);
	for (uint64_t i = 0; i < count && !error; i++) {
		struct file *file;

		if (copy_from_user(&descriptor, from + i * sizeof(int), sizeof(int)))
			return -EFAULT;
		file = file_from_descriptor(descriptor);
		if (!file)
			return -EBADF;
		(*files)->files[(*files)->count++] = file;
	}
	return error;
}

static bool is_one_of(uint32_t id, const struct id_set *ids)
{
	return id == ids->real || id == ids->effective || id == ids->saved;
}

static bool process_exists(int32_t id)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	bool exists = process_find(id) != NULL;

	spin_unlock_irq(&process_table_lock, flags);
	return exists;
}

/* Who one says that one is (unix(7), SCM_CREDENTIALS). */
static long get_credentials(struct socket_control *control, const char __user *from, uint64_t size)
{
	struct socket_credentials *said = &control->credentials;
	const struct process *self = current_process();

	if (size != sizeof(*said))
		return -EINVAL;
	if (copy_from_user(said, from, sizeof(*said)))
		return -EFAULT;
	if ((said->process != self->id && !process_is_capable(CAP_SYS_ADMIN)) ||
	    (!is_one_of(said->user, &self->credentials.user) && !process_is_capable(CAP_SETUID)) ||
	    (!is_one_of(said->group, &self->credentials.group) && !process_is_capable(CAP_SETGID)))
		return -EPERM;
	if (said->process != self->id && !process_exists(said->process))
		return -ESRCH;
	control->has_credentials = true;
	return 0;
}

static long get_one(struct socket_control *control, const struct user_control *header,
                    const char __user *data)
{
	uint64_t size = header->size - HEADER;

	if (header->level != SOL_SOCKET)
		return 0;
	switch (header->type) {
	case SCM_RIGHTS:
		return get_files(&control->files, data, size);
	case SCM_CREDENTIALS:
		return get_credentials(control, data, size);
	default:
		return -EINVAL;
	}
}

long message_control_get(struct socket_control *control, const void __user *from, uint64_t size)
{
	const char __user *at = from;
	struct user_control header;
	long error = size > CONTROL_MOST ? -ENOBUFS : 0;

	while (!error && size >= HEADER) {
		if (copy_from_user(&header, at, HEADER))
			return -EFAULT;
		if (header.size < HEADER || header.size > size)
			return -EINVAL;
		error = get_one(control, &header, at + HEADER);
		if (aligned(header.size) > size)
			break;
		at += aligned(header.size);
		size -= aligned(header.size);
	}
	return error;
}

/* ---- what came ---- */

static void advance(struct control_room *room, uint64_t size)
{
	size = aligned(size);
	if (size > room->left)
		size = room->left;
	room->at += size;
	room->left -= size;
}

static bool put_header(const struct control_room *room, int type, uint64_t size)
{
	struct user_control header = {.size = size, .level = SOL_SOCKET, .type = type};

	return copy_to_user(room->at, &header, HEADER) == 0;
}

static uint32_t put_credentials(const struct socket_credentials *credentials,
                                struct control_room *room)
{
	uint64_t size = HEADER + sizeof(*credentials);
	bool is_cut = room->left < size;

	if (room->left < HEADER)
		return MSG_CTRUNC;
	if (is_cut)
		size = room->left;
	if (put_header(room, SCM_CREDENTIALS, size) &&
	    copy_to_user(room->at + HEADER, credentials, size - HEADER) == 0)
		advance(room, size);
	return is_cut ? MSG_CTRUNC : 0;
}

/* A descriptor for a file, told to the user. */
static bool install(struct file *file, char __user *to, bool close_on_exec)
{
	long descriptor = file_install(file_hold(file), 0, close_on_exec);
	int number = (int)descriptor;

	if (descriptor < 0) {
		file_put(file);
		return false;
	}
	if (copy_to_user(to, &number, sizeof(number)) == 0)
		return true;
	(void)descriptor_close(number);
	return false;
}

static uint32_t put_files(const struct socket_files *files, struct control_room *room,
                          uint32_t flags)
{
	uint64_t fit = room->left > HEADER ? (room->left - HEADER) / sizeof(int) : 0;
	uint32_t done = 0;

	while (done < files->count && done < fit &&
	       install(files->files[done], room->at + HEADER + done * sizeof(int),
	               flags & MSG_CMSG_CLOEXEC))
		done++;
	if (done > 0 && put_header(room, SCM_RIGHTS, HEADER + done * sizeof(int)))
		advance(room, HEADER + done * sizeof(int));
	return done < files->count ? MSG_CTRUNC : 0;
}

uint32_t message_control_put(const struct socket_control *control, struct control_room *room,
                             uint32_t flags)
{
	uint32_t cut = 0;

	if (control->has_credentials)
		cut |= put_credentials(&control->credentials, room);
	if (control->files)
		cut |= put_files(control->files, room, flags);
	return cut;
}
