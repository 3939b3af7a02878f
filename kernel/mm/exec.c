/* SPDX-License-Identifier: MIT
 *
 * execve(2): everything that can fail happens in a new address space, beside the
 * old image; then the process steps over.
 */
#include <kernel/mm/exec.h>

#include <arch/boot_info.h>
#include <arch/boot_layout.h>
#include <arch/entropy.h>
#include <arch/registers.h>
#include <arch/trap_frame.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/elf_file.h>
#include <kernel/mm/exec_arguments.h>
#include <kernel/mm/exec_open.h>
#include <kernel/mm/exec_stack.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/region.h>
#include <kernel/mm/script.h>
#include <kernel/mm/user_copy.h>
#include <kernel/mm/vdso.h>
#include <kernel/mm/vmspace.h>
#include <kernel/proc/process.h>
#include <kernel/vfs/path.h>
#include <kernel/vfs/vnode_name.h>
#include <kernel/vfs/vnode.h>
#include <linux/stat.h>

#define SCRIPTS_MAX      4 /* scripts whose interpreter is a script */
#define COMMAND_LINE_MAX 4096
#define RFLAGS_ALWAYS    2 /* bit 1 is set in every flags register */

/* Where things go, as Linux' ELF_ET_DYN_BASE and kin; entropy in pages. */
#define PIE_BASE     0x0000555555554000UL
#define PIE_RANDOM   (1UL << 28)
#define STACK_RANDOM (1UL << 22)
#define MMAP_RANDOM  (1UL << 28)
#define VDSO_RANDOM  (1UL << 18)
#define BRK_RANDOM   (1UL << 13)

/* On the kernel's command line: all programs lie where they always do (as Linux' option). */
#define NOT_RANDOM "norandmaps"

/* One execve in the making. On the core's heap. */
struct exec {
	const char *path; /* as given */
	struct exec_arguments *arguments;
	struct exec_target target; /* the program; at the end of a chain of scripts */
	struct exec_target linker; /* PT_INTERP's file */
	struct elf_file *program, *interpreter;
	struct vmspace *space;
	uint64_t stack_top, vdso, entry, stack_pointer;
	bool is_random;
	uint32_t euid, egid;
	char *command_line;
	uint32_t command_line_size;
	struct script script;
	char name[PATH_MAX_BYTES]; /* of the next file in a chain, or of PT_INTERP's */
};

static uint64_t random_pages(const struct exec *exec, uint64_t range)
{
	return exec->is_random ? (entropy_u64() & (range - 1)) << PAGE_SHIFT : 0;
}

static void close_target(struct exec_target *target)
{
	if (target->vnode != NULL)
		vnode_put(target->vnode);
	target->vnode = NULL;
}

/* ---- finding the program ---- */

/* Step from a script to its interpreter: 0, or -ENOEXEC when the target is no script. */
static int follow_script(struct exec *exec, const char *script_path)
{
	char line[SCRIPT_LINE_MAX];
	long length = vnode_read(exec->target.vnode, 0, line, sizeof(line));
	int error;

	if (length < 0)
		return (int)length;
	error = script_parse(line, (unsigned int)length, &exec->script);
	if (error != 0)
		return error;
	error = arguments_replace_first(exec->arguments, exec->script.interpreter,
	                                exec->script.argument[0] ? exec->script.argument : NULL,
	                                script_path);
	if (error != 0)
		return error;
	string_copy(exec->name, exec->script.interpreter, sizeof(exec->name));
	close_target(&exec->target);
	return exec_open(exec->name, &exec->target);
}

static int open_program(struct exec *exec)
{
	const char *path = exec->path;
	int error = exec_open(path, &exec->target);

	for (unsigned int scripts = 0; error == 0; scripts++) {
		error = elf_open(exec->target.vnode, exec->target.attr.size, &exec->program);
		if (error != -ENOEXEC)
			break;
		if (scripts > SCRIPTS_MAX)
			return -ELOOP;
		error = follow_script(exec, path);
		path = exec->name;
	}
	return error;
}

/* PT_INTERP: 0 without one. A bad interpreter is -ELIBBAD, as on Linux. */
static int open_interpreter(struct exec *exec)
{
	const struct elf_layout *layout = &exec->program->layout;
	uint64_t size = layout->interpreter_size;
	long length;
	int error;

	if (size == 0)
		return 0;
	length = vnode_read(exec->target.vnode, layout->interpreter_offset, exec->name, size);
	if (length < 0)
		return (int)length;
	if ((uint64_t)length != size || exec->name[size - 1] != '\0')
		return -ENOEXEC;
	error = exec_open(exec->name, &exec->linker);
	if (error != 0)
		return error;
	vnode_note_mapped(exec->linker.vnode, exec->linker.path);
	error = elf_open(exec->linker.vnode, exec->linker.attr.size, &exec->interpreter);
	return error == -ENOEXEC ? -ELIBBAD : error;
}

/* ---- building the new image ---- */

static int map_image(struct exec *exec)
{
	struct vmspace *space = exec->space;
	int error;

	exec->is_random = !boot_option(NOT_RANDOM);
	exec->stack_top = USER_LIMIT - random_pages(exec, STACK_RANDOM);
	space->mmap_top = exec->stack_top - STACK_SIZE_MAX - STACK_GUARD_SIZE -
	                  random_pages(exec, VDSO_RANDOM);
	error = vdso_map(space, &exec->vdso);
	if (error != 0)
		return error;
	space->mmap_top = exec->vdso - PAGE_SIZE - random_pages(exec, MMAP_RANDOM);
	error = elf_map(exec->program, space, PIE_BASE + random_pages(exec, PIE_RANDOM));
	if (error == 0 && exec->interpreter != NULL)
		error = elf_map(exec->interpreter, space, 0);
	if (error != 0)
		return error;
	space->brk_start =
	        exec->program->bias + exec->program->layout.end + random_pages(exec, BRK_RANDOM);
	space->brk_end = space->brk_start;
	exec->entry = exec->interpreter != NULL
	                      ? exec->interpreter->bias + exec->interpreter->layout.entry
	                      : exec->program->bias + exec->program->layout.entry;
	return 0;
}

/* Set-user-ID and set-group-ID programs (credentials(7)). */
static void choose_credentials(struct exec *exec)
{
	const struct process *process = current_process();
	uint32_t mode = exec->target.attr.mode;

	exec->euid = process->credentials.user.effective;
	exec->egid = process->credentials.group.effective;
	if (process->credentials.no_new_privileges)
		return;
	if (mode & S_ISUID)
		exec->euid = exec->target.attr.uid;
	/* Without group execution the bit means mandatory locking, not another group. */
	if ((mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
		exec->egid = exec->target.attr.gid;
}

static int build_stack(struct exec *exec)
{
	const struct process *process = current_process();
	const struct exec_stack stack = {
	        .space = exec->space,
	        .top = exec->stack_top,
	        .arguments = exec->arguments,
	        .path = exec->path,
	        .program = exec->program,
	        .interpreter = exec->interpreter,
	        .vdso = exec->vdso,
	        .uid = process->credentials.user.real,
	        .euid = exec->euid,
	        .gid = process->credentials.group.real,
	        .egid = exec->egid,
	};

	return exec_stack_build(&stack, &exec->stack_pointer);
}

static int copy_command_line(struct exec *exec)
{
	exec->command_line = heap_alloc(&core_heap, COMMAND_LINE_MAX);
	if (exec->command_line == NULL)
		return -ENOMEM;
	exec->command_line_size =
	        (uint32_t)arguments_copy(exec->arguments, exec->command_line, COMMAND_LINE_MAX);
	return 0;
}

static int build(struct exec *exec)
{
	int error = open_program(exec);

	if (error == 0)
		error = open_interpreter(exec);
	if (error != 0)
		return error;
	exec->space = vmspace_create();
	if (exec->space == NULL)
		return -ENOMEM;
	choose_credentials(exec);
	vnode_note_mapped(exec->target.vnode, exec->target.path);
	error = map_image(exec);
	if (error == 0)
		error = build_stack(exec);
	if (error == 0)
		error = copy_command_line(exec);
	return error;
}

/* ---- the point of no return ---- */

static void step_over(struct exec *exec, struct trap_frame *frame)
{
	const char *slash = strrchr(exec->path, '/');

	process_set_vmspace(exec->space);
	exec->space = NULL;
	process_set_command(slash == NULL ? exec->path : slash + 1, exec->target.path,
	                    exec->command_line, exec->command_line_size);
	exec->command_line = NULL;
	credentials_exec(exec->euid, exec->egid);
	thread_reset_fpu();
	memset(frame, 0, sizeof(*frame));
	frame->vector = TRAP_VECTOR_SYSCALL;
	frame->rip = exec->entry;
	frame->rsp = exec->stack_pointer;
	frame->cs = USER_CS;
	frame->ss = USER_DS;
	frame->rflags = RFLAGS_IF | RFLAGS_ALWAYS;
}

static void discard(struct exec *exec)
{
	if (exec->interpreter != NULL)
		elf_close(exec->interpreter);
	if (exec->program != NULL)
		elf_close(exec->program);
	close_target(&exec->linker);
	close_target(&exec->target);
	vmspace_put(exec->space);
	heap_free(&core_heap, exec->command_line);
	arguments_free(exec->arguments);
	heap_free(&core_heap, exec);
}

/* arguments are taken over. */
static int exec_file(struct trap_frame *frame, const char *path, struct exec_arguments *arguments)
{
	struct exec *exec = heap_alloc(&core_heap, sizeof(*exec));
	int error;

	if (exec == NULL) {
		arguments_free(arguments);
		return -ENOMEM;
	}
	exec->path = path;
	exec->arguments = arguments;
	error = build(exec);
	if (error == 0)
		error = task_become_only();
	if (error == 0)
		step_over(exec, frame);
	discard(exec);
	return error;
}

int exec_program(struct trap_frame *frame, const char __user *user_path,
                 const char __user *const __user *argv, const char __user *const __user *envp)
{
	const struct argument_source argv_source = {.user = argv}, envp_source = {.user = envp};
	struct exec_arguments *arguments;
	char *path = heap_alloc(&core_heap, PATH_MAX_BYTES);
	long length;
	int error;

	if (path == NULL)
		return -ENOMEM;
	length = copy_string_from_user(path, user_path, PATH_MAX_BYTES);
	error = length < 0 ? (int)length : length == 0 ? -ENOENT : 0;
	if (error == 0)
		error = arguments_create(&argv_source, &envp_source, &arguments);
	if (error == 0)
		error = exec_file(frame, path, arguments);
	heap_free(&core_heap, path);
	return error;
}

int exec_kernel(struct trap_frame *frame, const char *path, const char *const *argv,
                const char *const *envp)
{
	const struct argument_source argv_source = {.core = argv}, envp_source = {.core = envp};
	struct exec_arguments *arguments;
	int error = arguments_create(&argv_source, &envp_source, &arguments);

	return error != 0 ? error : exec_file(frame, path, arguments);
}
