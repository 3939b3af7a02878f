/* SPDX-License-Identifier: MIT
 *
 * What a new program finds on its stack (System V ABI, AMD64, 3.4.1; getauxval(3)).
 * For kernel/mm alone; may sleep.
 */
#pragma once

#include <stdint.h>

#include <aramid/check.h>

struct elf_file;
struct exec_arguments;
struct vmspace;

struct exec_stack {
	struct vmspace *space;
	uint64_t top; /* page-aligned end of the stack */
	const struct exec_arguments *arguments;
	const char *path; /* as execve(2) was given it */
	const struct elf_file *program;
	const struct elf_file *interpreter; /* or NULL */
	uint64_t vdso;                      /* where the kernel's library lies */
	uint32_t uid, euid, gid, egid;
};

/* Map the stack and fill it; *pointer is the program's first rsp. 0 or -ENOMEM, -E2BIG. */
int __must_check exec_stack_build(const struct exec_stack *stack, uint64_t *pointer);
