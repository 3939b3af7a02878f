/* SPDX-License-Identifier: MIT
 *
 * The root at boot, and what is run of it.
 */
#include <arch/boot_info.h>
#include <kernel/block/disk.h>
#include <kernel/boundary/service.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/vfs/disk_mount.h>
#include <kernel/vfs/initramfs.h>
#include <kernel/vfs/mount.h>
#include <kernel/vfs/root.h>

#define DEVICE_PREFIX "/dev/vd"
#define MEMORY_PLACE  "/run" /* of the file system in memory, with a root on a disk */

static const char *explain(int error)
{
	static const struct {
		int error;
		const char *why;
	} reasons[] = {
	        {-ENXIO, "there is no such disk"},
	        {-EINVAL, "it holds no file system that is known"},
	        {-EUCLEAN, "it was not unmounted: run e2fsck -p on it"},
	        {-EOPNOTSUPP, "its file system has features that are not known"},
	        {-EIO, "it cannot be read, or written to"},
	};

	for (unsigned int i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].error == error)
			return reasons[i].why;
	return "see the error's number";
}

/* The number of the disk that root= names. */
static uint32_t disk_of(const char *device)
{
	const char *letter = device + sizeof(DEVICE_PREFIX) - 1;

	if (strncmp(device, DEVICE_PREFIX, sizeof(DEVICE_PREFIX) - 1) != 0 || letter[0] < 'a' ||
	    (unsigned int)(letter[0] - 'a') >= DISKS_MAX || letter[1])
		panic("root=%s: one of /dev/vda to /dev/vd%c is wanted", device,
		      'a' + (int)DISKS_MAX - 1);
	return (uint32_t)(letter[0] - 'a');
}

static void mount_service_at(struct service *service, const char *path)
{
	int error = mount_service(service, path);

	if (error)
		panic("cannot mount %s at %s: error %d", service->name, path, -error);
}

static void unpack(const char *directory)
{
	initramfs_unpack(directory, phys_to_virt(boot_info.initramfs.start),
	                 boot_info.initramfs.end - boot_info.initramfs.start);
}

void root_start(struct service *memory)
{
	char device[32];
	int error;

	if (!boot_option_value("root", device, sizeof(device))) {
		mount_service_at(memory, memory->mount_point);
		unpack(memory->mount_point);
		return;
	}
	error = disk_mount_root(disk_of(device));
	if (error)
		panic("cannot mount the root %s: %s (error %d)", device, explain(error), -error);
	log_line("root: %s", device);
	mount_service_at(memory, MEMORY_PLACE);
	if (boot_info.initramfs.end > boot_info.initramfs.start)
		unpack(MEMORY_PLACE);
}

const char *const *root_init_programs(void)
{
	static const char *const in_memory[] = {"/init", NULL};
	static const char *const on_disk[] = {"/init",     "/sbin/init", "/etc/init",
	                                      "/bin/init", "/bin/sh",    NULL};
	static char named[64];
	static const char *const only[] = {named, NULL};

	if (boot_option_value("init", named, sizeof(named)))
		return only;
	return boot_option("root") ? on_disk : in_memory;
}
