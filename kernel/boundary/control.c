/* SPDX-License-Identifier: MIT
 *
 * /dev/supervisor: what a privileged program may ask of the supervisor, a line a write:
 *
 *   restart SERVICE   as after a fall: calls inside are ended, its memory is made anew or checked
 *   release SERVICE   out of quarantine, with a new budget
 *
 * The write returns when it has been done: EINVAL for another line or a service that is in no
 * quarantine, ENODEV for a service that there is not, EIO when the service does not come back.
 */
#include <asm/poll.h>
#include <kernel/boundary/supervisor.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/user_copy.h>
#include <kernel/vfs/file.h>

#define LINE_MAX 48

static const struct {
	const char *verb;
	int (*act)(struct service *service);
} requests[] = {
        {"restart ", supervisor_restart},
        {"release ", supervisor_release},
};

static struct service *service_named(const char *name)
{
	for (unsigned int i = 0; i < service_count; i++)
		if (strcmp(services[i].name, name) == 0)
			return &services[i];
	return NULL;
}

static int obey(const char *line)
{
	for (unsigned int i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		size_t length = strlen(requests[i].verb);
		struct service *service;

		if (strncmp(line, requests[i].verb, length) != 0)
			continue;
		service = service_named(line + length);
		return service ? requests[i].act(service) : -ENODEV;
	}
	return -EINVAL;
}

static long control_write(struct file *file, const void __user *buffer, uint64_t size,
                          uint64_t *offset)
{
	char line[LINE_MAX];
	int error;

	if (size == 0 || size >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, buffer, size) != 0)
		return -EFAULT;
	if (line[size - 1] == '\n')
		line[size - 1] = '\0';
	line[size] = '\0';
	error = obey(line);
	return error ? error : (long)size;
}

static uint32_t control_poll(struct file *file, struct wait_queue **queue)
{
	*queue = NULL;
	return POLLOUT | POLLWRNORM;
}

const struct file_ops supervisor_control_ops = {
        .kind = "supervisor",
        .write = control_write,
        .poll = control_poll,
};
