/* SPDX-License-Identifier: MIT
 *
 * One batch at a time is written to each disk; a thread does so now and then.
 */
#include <kernel/block/block_batch.h>
#include <kernel/block/block_cache.h>
#include <kernel/block/disk.h>
#include <kernel/boundary/service.h>
#include <kernel/lib/errno.h>
#include <kernel/log/log.h>
#include <kernel/proc/thread.h>
#include <kernel/time/time.h>
#include <kernel/vfs/disk_contents.h>
#include <kernel/vfs/disk_fs_proxies.h>
#include <kernel/vfs/disk_sync.h>
#include <kernel/vfs/vnode.h>

#define INTERVAL (5 * NS_PER_SECOND)
#define TRIES    3u /* of a file system that falls */

/* One batch at a time; before the locks of the cache and of disks. */
static struct mutex batches[DISKS_MAX];
static struct wait_queue never = WAIT_QUEUE_INIT(never);
static bool begun;

/* What the file system has changed becomes a batch. A call that falls has changed nothing. */
static int seal(struct service *service, uint32_t disk)
{
	long error = -EIO;

	for (unsigned int i = 0; i < TRIES && error == -EIO; i++)
		error = disk_fs_sync(service, disk);
	return (int)error;
}

/* always: the file system is asked to, whether anything is to be written or not. */
static int sync_locked(struct service *service, uint32_t disk, bool always)
{
	bool any;
	int failed = disk_contents_write_out(service, disk, &any);
	int error;

	if (!any && !always && !block_cache_is_dirty(disk))
		return failed;
	error = seal(service, disk);
	if (!error)
		error = block_batch_write(disk, any);
	return failed ? failed : error;
}

static int sync_disk(struct service *service, uint32_t disk, bool always)
{
	int error;

	if (!disk_may_be_written(disk_by_number(disk)))
		return 0;
	mutex_lock(&batches[disk]);
	error = sync_locked(service, disk, always);
	mutex_unlock(&batches[disk]);
	return error;
}

int disk_sync(struct service *service, uint32_t disk)
{
	return sync_disk(service, disk, false);
}

int disk_sync_of(const struct vnode *vnode)
{
	return vnode->service->on_disks ? disk_sync(vnode->service, DISK_OF_OBJECT(vnode->object))
	                                : 0;
}

bool disk_sync_frees(const struct vnode *vnode)
{
	return vnode->service->on_disks &&
	       sync_disk(vnode->service, DISK_OF_OBJECT(vnode->object), true) == 0;
}

int disk_sync_all(void)
{
	int first = 0;

	for (unsigned int i = 0; i < service_count; i++)
		for (uint32_t number = 0; services[i].on_disks && number < DISKS_MAX; number++) {
			const struct disk *disk = disk_by_number(number);

			int error = disk && disk_is_held_by(disk, &services[i])
			                    ? disk_sync(&services[i], number)
			                    : 0;

			if (error)
				log_line("disk %u: not all could be written", number);
			if (!first)
				first = error;
		}
	return first;
}

void disk_sync_if_many(const struct vnode *vnode)
{
	/* What fails now is said to whoever asks with fsync(2). */
	if (vnode->service->on_disks && (disk_contents_are_many() || block_cache_is_full()) &&
	    disk_sync_of(vnode))
		log_line("disk %u: not all could be written", DISK_OF_OBJECT(vnode->object));
}

static void run(void *argument)
{
	(void)argument;
	for (;;) {
		WAIT_UNTIL(&never, false, WAIT_PLAIN, time_now() + INTERVAL);
		(void)disk_sync_all();
	}
}

void disk_sync_begin(void)
{
	struct thread *thread;

	if (begun)
		return;
	begun = true;
	for (unsigned int i = 0; i < DISKS_MAX; i++)
		mutex_init(&batches[i]);
	thread = thread_create("write-back", run, NULL);
	if (thread)
		thread_start(thread);
	else
		log_line("no memory for the write-back thread: disks are written to by sync(2) "
		         "alone");
}
