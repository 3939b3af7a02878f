/* SPDX-License-Identifier: MIT
 *
 * The pairs that there are, and how long each lives.
 */
#include <kernel/tty/pty.h>

#include <asm/termbits.h>
#include <kernel/boundary/core_call_impl.h>
#include <kernel/boundary/own_memory.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/proc/process.h>
#include <kernel/time/time.h>
#include <kernel/tty/pty_info.h>
#include <kernel/tty/terminal.h>
#include <kernel/vfs/file.h>

static struct spinlock table_lock = SPINLOCK_INIT(pty_table);
static struct pty *pairs[PTY_MAX];

/* The lowest free number is the pair's: 0 or -ENOSPC. */
static int enter(struct pty *pty)
{
	static uint64_t last_birth;
	uint32_t number = 0;

	spin_lock(&table_lock);
	while (number < PTY_MAX && pairs[number])
		number++;
	if (number < PTY_MAX) {
		pty->number = number;
		pty->birth = ++last_birth;
		pairs[number] = pty;
	}
	spin_unlock(&table_lock);
	return number < PTY_MAX ? 0 : -ENOSPC;
}

int pty_open_master(struct file *file)
{
	const struct credentials *who = &current_process()->credentials;
	struct pty *pty = heap_alloc(&core_heap, sizeof(*pty));
	int error;

	if (!pty)
		return -ENOMEM;
	spin_init(&pty->terminal.lock, LOCK_RANK_terminal);
	wait_queue_init(&pty->terminal.changed);
	wait_queue_init(&pty->master_changed);
	pty->terminal.pty = pty;
	pty->terminal.settings = (struct termios)TERMINAL_SETTINGS(B38400 | CS8 | CREAD);
	pty->uid = who->user.filesystem;
	pty->gid = who->group.filesystem;
	pty->born = time_wall();
	pty->references = 1;
	pty->locked = true;
	error = enter(pty);
	if (error) {
		heap_free(&core_heap, pty);
		return error;
	}
	file->state = pty;
	file->ops = &pty_master_ops;
	return 0;
}

struct pty *pty_find(uint32_t number)
{
	struct pty *pty = NULL;

	spin_lock(&table_lock);
	if (number < PTY_MAX)
		pty = pairs[number];
	if (pty)
		pty_hold(pty);
	spin_unlock(&table_lock);
	return pty;
}

void pty_hold(struct pty *pty)
{
	__atomic_fetch_add(&pty->references, 1, __ATOMIC_RELAXED);
}

void pty_put(struct pty *pty)
{
	bool last;

	spin_lock(&table_lock);
	last = __atomic_sub_fetch(&pty->references, 1, __ATOMIC_ACQ_REL) == 0;
	if (last)
		pairs[pty->number] = NULL;
	spin_unlock(&table_lock);
	if (last)
		heap_free(&core_heap, pty);
}

int pty_slave_opened(struct pty *pty, uint64_t *hangups)
{
	unsigned long flags = spin_lock_irq(&pty->terminal.lock);
	int error = pty->locked || pty->master_closed ? -EIO : 0;

	if (!error) {
		pty->slaves++;
		pty->slave_closed = false;
		*hangups = pty->terminal.hangups;
	}
	spin_unlock_irq(&pty->terminal.lock, flags);
	return error;
}

void pty_slave_closed(struct pty *pty)
{
	unsigned long flags = spin_lock_irq(&pty->terminal.lock);

	pty->slave_closed = --pty->slaves == 0;
	spin_unlock_irq(&pty->terminal.lock, flags);
	wake_all(&pty->master_changed);
	pty_put(pty);
}

int core_do_core_pty_info(uint32_t number, struct pty_info *info)
{
	struct pty *pty = pty_find(number);
	struct pty_info copy;

	if (!pty)
		return -ENOENT;
	copy = (struct pty_info){
	        .birth = pty->birth,
	        .born = pty->born,
	        .uid = pty->uid,
	        .gid = pty->gid,
	        .named = !__atomic_load_n(&pty->master_closed, __ATOMIC_ACQUIRE),
	};
	pty_put(pty);
	if (copy_to_service(info, &copy, sizeof(copy)))
		panic_caller(CAUSE_wild, "a pseudo-terminal asked about at a bad address");
	return 0;
}
