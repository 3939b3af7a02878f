/* SPDX-License-Identifier: MIT
 *
 * A process's descriptors. A table is used by its own process and, in
 * vfork, by nobody else at the same time; the lock is for threads to come and
 * for /proc. References are dropped after the lock, since closing may sleep.
 */
#include <asm/fcntl.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/proc/process.h>
#include <kernel/sync/spinlock.h>
#include <kernel/vfs/file.h>

struct file_table {
	struct spinlock lock;
	struct file *files[FILE_TABLE_SIZE];
	bool close_on_exec[FILE_TABLE_SIZE];
};

struct file_table *file_table_create(void)
{
	struct file_table *table = heap_alloc(&core_heap, sizeof(*table));

	if (table)
		spin_init(&table->lock, LOCK_RANK_file_table);
	return table;
}

struct file_table *file_table_fork(struct file_table *from)
{
	struct file_table *table = file_table_create();

	if (!table)
		return NULL;
	spin_lock(&from->lock);
	for (int i = 0; i < FILE_TABLE_SIZE; i++) {
		if (!from->files[i])
			continue;
		table->files[i] = file_hold(from->files[i]);
		table->close_on_exec[i] = from->close_on_exec[i];
	}
	spin_unlock(&from->lock);
	return table;
}

/* Empty a descriptor: its file with the table's reference, or NULL. */
static struct file *take(struct file_table *table, int descriptor)
{
	struct file *file;

	if (descriptor < 0 || descriptor >= FILE_TABLE_SIZE)
		return NULL;
	spin_lock(&table->lock);
	file = table->files[descriptor];
	table->files[descriptor] = NULL;
	spin_unlock(&table->lock);
	return file;
}

void file_table_destroy(struct file_table *table)
{
	if (!table)
		return;
	for (int i = 0; i < FILE_TABLE_SIZE; i++)
		file_put(take(table, i));
	heap_free(&core_heap, table);
}

void file_table_close_on_exec(struct file_table *table)
{
	for (int i = 0; i < FILE_TABLE_SIZE; i++)
		if (table->close_on_exec[i])
			file_put(take(table, i));
}

static struct file_table *own_table(void)
{
	return current_process()->files;
}

struct file *file_from_descriptor(int descriptor)
{
	struct file_table *table = own_table();
	struct file *file;

	if (descriptor < 0 || descriptor >= FILE_TABLE_SIZE)
		return NULL;
	spin_lock(&table->lock);
	file = table->files[descriptor];
	if (file)
		file_hold(file);
	spin_unlock(&table->lock);
	return file;
}

long file_install(struct file *file, int from, bool close_on_exec)
{
	struct file_table *table = own_table();
	long descriptor = -EMFILE;

	if (from < 0 || from >= FILE_TABLE_SIZE)
		return -EINVAL;
	spin_lock(&table->lock);
	for (int i = from; i < FILE_TABLE_SIZE; i++)
		if (!table->files[i]) {
			table->files[i] = file;
			table->close_on_exec[i] = close_on_exec;
			descriptor = i;
			break;
		}
	spin_unlock(&table->lock);
	return descriptor;
}

long descriptor_close(int descriptor)
{
	struct file *file = take(own_table(), descriptor);

	if (!file)
		return -EBADF;
	file_put(file);
	return 0;
}

long descriptor_duplicate(int descriptor, int from, bool close_on_exec)
{
	struct file *file = file_from_descriptor(descriptor);
	long copy;

	if (!file)
		return -EBADF;
	copy = file_install(file, from, close_on_exec);
	if (copy < 0)
		file_put(file);
	return copy;
}

long descriptor_duplicate_to(int descriptor, int to, bool close_on_exec)
{
	struct file_table *table = own_table();
	struct file *file, *before;

	if (descriptor == to)
		return -EINVAL;
	if (to < 0 || to >= FILE_TABLE_SIZE)
		return -EBADF;
	file = file_from_descriptor(descriptor);
	if (!file)
		return -EBADF;
	spin_lock(&table->lock);
	before = table->files[to];
	table->files[to] = file;
	table->close_on_exec[to] = close_on_exec;
	spin_unlock(&table->lock);
	file_put(before);
	return to;
}

long descriptor_get_flags(int descriptor)
{
	struct file_table *table = own_table();
	long flags = -EBADF;

	if (descriptor < 0 || descriptor >= FILE_TABLE_SIZE)
		return -EBADF;
	spin_lock(&table->lock);
	if (table->files[descriptor])
		flags = table->close_on_exec[descriptor] ? FD_CLOEXEC : 0;
	spin_unlock(&table->lock);
	return flags;
}

long descriptor_set_flags(int descriptor, uint32_t flags)
{
	struct file_table *table = own_table();
	long result = -EBADF;

	if (descriptor < 0 || descriptor >= FILE_TABLE_SIZE)
		return -EBADF;
	spin_lock(&table->lock);
	if (table->files[descriptor]) {
		table->close_on_exec[descriptor] = flags & FD_CLOEXEC;
		result = 0;
	}
	spin_unlock(&table->lock);
	return result;
}

void descriptor_close_range(unsigned int first, unsigned int last, bool on_exec_only)
{
	struct file_table *table = own_table();

	for (unsigned int i = first; i <= last && i < FILE_TABLE_SIZE; i++) {
		if (on_exec_only) {
			spin_lock(&table->lock);
			table->close_on_exec[i] = true;
			spin_unlock(&table->lock);
		} else {
			file_put(take(table, (int)i));
		}
	}
}
