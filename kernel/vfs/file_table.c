/* SPDX-License-Identifier: MIT
 *
 * A process's descriptors, which its tasks share. References are dropped after
 * the lock, since closing may sleep.
 */
#include <asm/fcntl.h>
#include <asm/resource.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/net/socket.h>
#include <kernel/net/unix_family.h>
#include <kernel/proc/process.h>
#include <kernel/proc/resource_limit.h>
#include <kernel/sync/spinlock.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/file_lock.h>
#include <kernel/vfs/pipe.h>

/* Most processes use fewer; a table doubles when it must. */
#define FIRST_SIZE 32

struct descriptor {
	struct file *file; /* NULL: free */
	bool close_on_exec;
};

struct file_table {
	struct spinlock lock;
	int size; /* of descriptors; never shrinks */
	struct descriptor *descriptors;
};

static struct file_table *create(int size)
{
	struct file_table *table = heap_alloc(&core_heap, sizeof(*table));

	if (!table)
		return NULL;
	spin_init(&table->lock, LOCK_RANK_file_table);
	table->size = size;
	table->descriptors = heap_alloc(&core_heap, (size_t)size * sizeof(struct descriptor));
	if (table->descriptors)
		return table;
	heap_free(&core_heap, table);
	return NULL;
}

struct file_table *file_table_create(void)
{
	return create(FIRST_SIZE);
}

/* Room for a descriptor below FILE_TABLE_SIZE: 0 or -ENOMEM. */
static int grow(struct file_table *table, int descriptor)
{
	int size = table->size;
	struct descriptor *larger, *old;

	if (descriptor < size)
		return 0;
	while (size <= descriptor)
		size *= 2;
	larger = heap_alloc(&core_heap, (size_t)size * sizeof(*larger));
	if (!larger)
		return -ENOMEM;
	spin_lock(&table->lock);
	old = larger;
	if (size > table->size) {
		old = table->descriptors;
		memcpy(larger, old, (size_t)table->size * sizeof(*larger));
		table->descriptors = larger;
		table->size = size;
	}
	spin_unlock(&table->lock);
	heap_free(&core_heap, old);
	return 0;
}

/* An empty table of the other's size, whose lock is held then; NULL without it when memory is
 * out. */
static struct file_table *create_like(struct file_table *from)
        NO_LOCK_ANALYSIS("given up where the files are copied")
{
	for (;;) {
		int size = __atomic_load_n(&from->size, __ATOMIC_RELAXED);
		struct file_table *table = create(size);

		if (!table)
			return NULL;
		spin_lock(&from->lock);
		if (from->size == size)
			return table;
		/* Another task made it larger meanwhile. */
		spin_unlock(&from->lock);
		heap_free(&core_heap, table->descriptors);
		heap_free(&core_heap, table);
	}
}

struct file_table *file_table_fork(struct file_table *from) NO_LOCK_ANALYSIS("taken in create_like")
{
	struct file_table *table = create_like(from);

	if (!table)
		return NULL;
	for (int i = 0; i < from->size; i++)
		if (from->descriptors[i].file) {
			table->descriptors[i] = from->descriptors[i];
			file_hold(table->descriptors[i].file);
		}
	spin_unlock(&from->lock);
	return table;
}

/* The descriptor's place under the lock, or NULL where no file can be. */
static struct descriptor *place(struct file_table *table, int descriptor)
{
	if (descriptor < 0 || descriptor >= table->size)
		return NULL;
	return &table->descriptors[descriptor];
}

/* Empty a descriptor: its file with the table's reference, or NULL. */
static struct file *take(struct file_table *table, int descriptor, bool on_exec_only)
{
	struct descriptor *at;
	struct file *file = NULL;

	spin_lock(&table->lock);
	at = place(table, descriptor);
	if (at && (at->close_on_exec || !on_exec_only)) {
		file = at->file;
		at->file = NULL;
	}
	spin_unlock(&table->lock);
	return file;
}

static uint64_t attending; /* atomic */

void file_table_attend_closes(int64_t more)
{
	__atomic_fetch_add(&attending, (uint64_t)more, __ATOMIC_RELAXED);
}

/* With a process' descriptor its locks on the file go (fcntl(2), "Advisory record locking"), and
 * perhaps the last way to a socket that travels with a message. */
static void put_attended(struct file_table *table, struct file *file)
{
	bool was_in_flight = unix_is_in_flight(file);

	file_locks_closed(file, table);
	file_put(file);
	if (was_in_flight)
		unix_collect();
}

/* The table's reference to a file goes. NULL is allowed. */
static void drop(struct file_table *table, struct file *file)
{
	if (!file)
		return;
	if (__atomic_load_n(&attending, __ATOMIC_RELAXED) != 0)
		put_attended(table, file);
	else
		file_put(file);
}

void file_table_destroy(struct file_table *table)
{
	if (!table)
		return;
	for (int i = 0; i < table->size; i++)
		if (table->descriptors[i].file)
			drop(table, take(table, i, false));
	heap_free(&core_heap, table->descriptors);
	heap_free(&core_heap, table);
}

void file_table_close_on_exec(struct file_table *table)
{
	for (int i = 0; i < table->size; i++)
		if (table->descriptors[i].file)
			drop(table, take(table, i, true));
}

uint64_t file_table_pages(struct file_table *table)
{
	uint64_t pages = 0;

	spin_lock(&table->lock);
	for (int i = 0; i < table->size; i++)
		if (table->descriptors[i].file)
			pages += pipe_pages(table->descriptors[i].file) +
			         socket_pages(table->descriptors[i].file);
	spin_unlock(&table->lock);
	return pages;
}

static struct file_table *own_table(void)
{
	return current_process()->files;
}

struct file *file_from_descriptor(int descriptor)
{
	struct file_table *table = own_table();
	struct descriptor *at;
	struct file *file = NULL;

	spin_lock(&table->lock);
	at = place(table, descriptor);
	if (at && at->file)
		file = file_hold(at->file);
	spin_unlock(&table->lock);
	return file;
}

int file_table_next(struct file_table *table, int from, struct file **file)
{
	int found = -ENOENT;

	spin_lock(&table->lock);
	for (int at = from < 0 ? 0 : from; at < table->size && found < 0; at++)
		if (table->descriptors[at].file) {
			*file = file_hold(table->descriptors[at].file);
			found = at;
		}
	spin_unlock(&table->lock);
	return found;
}

/* The lowest free place in [from, end), taken; else where the table must grow to. */
static bool install_lowest(struct file_table *table, struct file *file, int from, int end,
                           bool close_on_exec, int *at)
{
	bool installed = false;

	spin_lock(&table->lock);
	for (*at = from; *at < table->size && *at < end; ++*at)
		if (!table->descriptors[*at].file) {
			table->descriptors[*at] = (struct descriptor){file, close_on_exec};
			installed = true;
			break;
		}
	spin_unlock(&table->lock);
	return installed;
}

/* Descriptors that the calling process may have. */
static int limit(void)
{
	uint64_t limit = resource_limit(RLIMIT_NOFILE);

	return limit < FILE_TABLE_SIZE ? (int)limit : FILE_TABLE_SIZE;
}

long file_install(struct file *file, int from, bool close_on_exec)
{
	struct file_table *table = own_table();
	int end = limit();

	if (from < 0 || (from >= end && from > 0))
		return -EINVAL;
	for (;;) {
		int descriptor;

		if (install_lowest(table, file, from, end, close_on_exec, &descriptor))
			return descriptor;
		if (descriptor >= end)
			return -EMFILE;
		if (grow(table, descriptor) != 0)
			return -ENOMEM;
	}
}

long descriptor_close(int descriptor)
{
	struct file_table *table = own_table();
	struct file *file = take(table, descriptor, false);

	drop(table, file);
	return file ? 0 : -EBADF;
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
	if (to < 0 || to >= limit())
		return -EBADF;
	file = file_from_descriptor(descriptor);
	if (!file)
		return -EBADF;
	if (grow(table, to) != 0) {
		file_put(file);
		return -ENOMEM;
	}
	spin_lock(&table->lock);
	before = table->descriptors[to].file;
	table->descriptors[to] = (struct descriptor){file, close_on_exec};
	spin_unlock(&table->lock);
	drop(table, before);
	return to;
}

long descriptor_get_flags(int descriptor)
{
	struct file_table *table = own_table();
	struct descriptor *at;
	long flags = -EBADF;

	spin_lock(&table->lock);
	at = place(table, descriptor);
	if (at && at->file)
		flags = at->close_on_exec ? FD_CLOEXEC : 0;
	spin_unlock(&table->lock);
	return flags;
}

long descriptor_set_flags(int descriptor, uint32_t flags)
{
	struct file_table *table = own_table();
	struct descriptor *at;
	long result = -EBADF;

	spin_lock(&table->lock);
	at = place(table, descriptor);
	if (at && at->file) {
		at->close_on_exec = flags & FD_CLOEXEC;
		result = 0;
	}
	spin_unlock(&table->lock);
	return result;
}

void descriptor_close_range(unsigned int first, unsigned int last, bool on_exec_only)
{
	struct file_table *table = own_table();

	for (unsigned int i = first; i <= last && i < (unsigned int)table->size; i++)
		if (on_exec_only)
			(void)descriptor_set_flags((int)i, FD_CLOEXEC);
		else
			drop(table, take(table, (int)i, false));
}
