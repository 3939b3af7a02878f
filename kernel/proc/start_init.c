/* SPDX-License-Identifier: MIT
 *
 * The first process: the root's init, with the console open.
 */
#include <linux/fcntl.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/mm/exec.h>
#include <kernel/proc/process.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/namespace.h>
#include <kernel/vfs/path.h>
#include <kernel/vfs/root.h>

#define CONSOLE_PATH "/dev/console"

/* Descriptors 0, 1 and 2. Without a console init runs on, mute. */
static void open_console(void)
{
	struct file *file;
	int error = vfs_open(NULL, CONSOLE_PATH, O_RDWR, 0, &file);
	int descriptor;

	if (error) {
		log_line("init: cannot open %s: error %d", CONSOLE_PATH, -error);
		return;
	}
	for (descriptor = 0; descriptor < 3; descriptor++)
		if (file_install(file_hold(file), descriptor, false) < 0)
			file_put(file);
	file_put(file);
}

static void init_entry(void *unused)
{
	static const char *const environment[] = {"HOME=/", "TERM=linux", NULL};
	const char *const *program = root_init_programs();
	const char *argv[] = {NULL, NULL};
	struct trap_frame frame;
	int error;

	memset(&frame, 0, sizeof(frame));
	open_console();
	do {
		argv[0] = *program;
		error = exec_kernel(&frame, *program, argv, environment);
	} while (error == -ENOENT && *++program);
	if (error)
		panic("cannot run %s as process 1: error %d", argv[0], -error);
	log_line("boot: first user instruction at TSC %lu", tsc_read());
	thread_enter_user(&frame);
}

void process_start_init(void)
{
	struct process *init = process_allocate(NULL);
	struct task *task = init ? task_allocate(init) : NULL;
	struct thread *thread = thread_create("init", init_entry, NULL);

	if (!task || !thread)
		panic("no memory for process 1");
	credentials_init(init);
	init->root = path_root();
	init->cwd = path_root();
	init->files = file_table_create();
	if (!init->root || !init->files)
		panic("process 1 has no root directory or no memory");
	string_copy(init->cwd_path, "/", sizeof(init->cwd_path));
	string_copy(init->name, "init", sizeof(init->name));
	if (!task_attach(task, thread))
		panic("process 1 is about to end before it starts");
	thread_start(thread);
}
