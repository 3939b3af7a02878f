/* SPDX-License-Identifier: MIT
 *
 * The system as a whole: its name, its memory, its entropy, its end.
 */
#include <linux/capability.h>
#include <linux/random.h>
#include <linux/reboot.h>
#include <linux/sysinfo.h>
#include <linux/utsname.h>

#include <arch/entropy.h>
#include <arch/machine.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/syscall.h>
#include <kernel/time/time.h>
#include <kernel/vfs/disk_mount.h>

#define SYSLOG_TYPE_LAST 10 /* SYSLOG_ACTION_SIZE_BUFFER of syslog(2) */

/* Programs, and glibc at its start, ask for the ABI by this name and number. */
static struct new_utsname system_name = {
        .sysname = "Linux",
        .nodename = "aramid",
        .release = "6.1.0-aramid",
        .version = "#1 SMP Aramid",
        .machine = "x86_64",
        .domainname = "(none)",
};
static struct spinlock name_lock = SPINLOCK_INIT(file);

long sys_uname(void __user *name)
{
	struct new_utsname copy;

	spin_lock(&name_lock);
	copy = system_name;
	spin_unlock(&name_lock);
	return copy_to_user(name, &copy, sizeof(copy));
}

long sys_sethostname(const void __user *name, uint64_t size)
{
	char copy[sizeof(system_name.nodename)] = "";

	if (!process_is_capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (size >= sizeof(copy))
		return -EINVAL;
	if (copy_from_user(copy, name, size))
		return -EFAULT;
	spin_lock(&name_lock);
	memcpy(system_name.nodename, copy, sizeof(copy));
	spin_unlock(&name_lock);
	return 0;
}

long sys_sysinfo(void __user *info)
{
	struct sysinfo image;

	memset(&image, 0, sizeof(image));
	image.uptime = (long)(time_now() / NS_PER_SECOND);
	image.totalram = page_count_total();
	image.freeram = page_count_free();
	image.procs = (uint16_t)process_count();
	image.mem_unit = PAGE_SIZE;
	return copy_to_user(info, &image, sizeof(image));
}

long sys_getrandom(void __user *buffer, uint64_t size, uint32_t flags)
{
	char __user *to = buffer;
	uint64_t done, word, step;

	if (flags & ~(uint32_t)(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	if (size > INT32_MAX)
		size = INT32_MAX;
	for (done = 0; done < size; done += step) {
		step = size - done < sizeof(word) ? size - done : sizeof(word);
		word = entropy_u64();
		if (copy_to_user(to + done, &word, step))
			return done ? (long)done : -EFAULT;
		if (signal_pending())
			return (long)(done + step);
	}
	return (long)size;
}

/* The kernel's log leaves the machine at once, so the buffer that dmesg reads is empty. */
long sys_syslog(int type, void __user *buffer, int size)
{
	if (type < 0 || type > SYSLOG_TYPE_LAST)
		return -EINVAL;
	return process_is_capable(CAP_SYSLOG) ? 0 : -EPERM;
}

long sys_reboot(uint32_t magic, uint32_t magic2, uint32_t command, const void __user *argument)
{
	if (!process_is_capable(CAP_SYS_BOOT))
		return -EPERM;
	if (magic != LINUX_REBOOT_MAGIC1 ||
	    (magic2 != LINUX_REBOOT_MAGIC2 && magic2 != LINUX_REBOOT_MAGIC2A &&
	     magic2 != LINUX_REBOOT_MAGIC2B && magic2 != LINUX_REBOOT_MAGIC2C))
		return -EINVAL;
	switch (command) {
	case LINUX_REBOOT_CMD_CAD_ON:
	case LINUX_REBOOT_CMD_CAD_OFF:
		return 0;
	case LINUX_REBOOT_CMD_RESTART:
	case LINUX_REBOOT_CMD_HALT:
	case LINUX_REBOOT_CMD_POWER_OFF:
		disk_mounts_end();
		machine_power_off(0);
	default:
		return -EINVAL;
	}
}
