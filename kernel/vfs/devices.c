/* SPDX-License-Identifier: MIT
 *
 * The memory devices (null(4), zero(4), full(4), random(4)), and the table of
 * character devices by number. A device is the core's; only its node lives in a
 * file system.
 */
#include <arch/entropy.h>
#include <aramid/profile.h>
#include <asm/poll.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/signal.h>
#include <kernel/vfs/file.h>
#include <linux/major.h>

static long null_read(struct file *file, void __user *buffer, uint64_t size, uint64_t *offset)
{
	return 0;
}

static long null_write(struct file *file, const void __user *buffer, uint64_t size,
                       uint64_t *offset)
{
	return (long)size;
}

static long zero_read(struct file *file, void __user *buffer, uint64_t size, uint64_t *offset)
{
	uint64_t cleared = clear_user_partial(buffer, size);

	return size > 0 && cleared == 0 ? -EFAULT : (long)cleared;
}

static long null_write_kernel(struct file *file, const void *buffer, uint64_t size,
                              uint64_t *offset)
{
	return (long)size;
}

static long zero_read_kernel(struct file *file, void *buffer, uint64_t size, uint64_t *offset)
{
	memset(buffer, 0, size);
	return (long)size;
}

static long full_write(struct file *file, const void __user *buffer, uint64_t size,
                       uint64_t *offset)
{
	return size ? -ENOSPC : 0;
}

static long random_read(struct file *file, void __user *buffer, uint64_t size, uint64_t *offset)
{
	char __user *to = buffer;
	uint64_t done = 0, words[32];

	/* A large read ends early for a signal, as random(7) says. */
	while (done < size && !(done > 0 && signal_pending())) {
		uint64_t piece = size - done < sizeof(words) ? size - done : sizeof(words);

		for (unsigned int i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			words[i] = entropy_u64();
		if (copy_to_user(to + done, words, piece) != 0)
			return done ? (long)done : -EFAULT;
		done += piece;
	}
	memset(words, 0, sizeof(words));
	return (long)done;
}

static uint32_t always_ready(struct file *file, struct wait_queue **queue)
{
	*queue = NULL;
	return POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM;
}

static const struct file_ops null_ops = {
        .kind = "null",
        .seekable = true,
        .stays_at_start = true,
        .read = null_read,
        .write = null_write,
        .write_kernel = null_write_kernel,
};
static const struct file_ops zero_ops = {
        .kind = "zero",
        .seekable = true,
        .stays_at_start = true,
        .read = zero_read,
        .read_kernel = zero_read_kernel,
        .write = null_write,
        .write_kernel = null_write_kernel,
};
static const struct file_ops full_ops = {
        .kind = "full",
        .seekable = true,
        .stays_at_start = true,
        .read = zero_read,
        .read_kernel = zero_read_kernel,
        .write = full_write,
};
static const struct file_ops random_ops = {
        .kind = "random",
        .seekable = true,
        .read = random_read,
        .write = null_write,
        .poll = always_ready,
};

#define DEVICE(major, minor) ((major) << 8 | (minor))

/* Numbers from Linux Documentation/admin-guide/devices.txt, which leaves major 240 to local
 * use. Terminals have no ops here: their driver opens them, which knows the slaves' numbers. */
static const struct {
	uint32_t device;
	const struct file_ops *ops;
} devices[] = {
        {DEVICE(1, 3), &null_ops},
        {DEVICE(1, 5), &zero_ops},
        {DEVICE(1, 7), &full_ops},
        {DEVICE(1, 8), &random_ops},
        {DEVICE(1, 9), &random_ops},
        {DEVICE(4, 64), NULL},
        {DEVICE(5, 0), NULL},
        {DEVICE(5, 1), NULL},
        {DEVICE(5, 2), NULL},
#if ARAMID_CONTAIN_PANICS
        {DEVICE(240, 0), &supervisor_control_ops},
#endif
};

int device_open(struct file *file, uint32_t device)
{
	if (device >> 8 == UNIX98_PTY_SLAVE_MAJOR)
		return terminal_open(file);
	for (unsigned int i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		if (devices[i].device != device)
			continue;
		if (!devices[i].ops)
			return terminal_open(file);
		file->ops = devices[i].ops;
		return 0;
	}
	return -ENXIO;
}
