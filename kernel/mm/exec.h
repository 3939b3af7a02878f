/* SPDX-License-Identifier: MIT
 *
 * execve(2): load a static, PIE or (PT_INTERP) dynamic ELF program, or the
 * interpreter of a #! script.
 */
#pragma once

#include <aramid/check.h>
#include <aramid/user.h>

struct trap_frame;

/* Strings of argv and envp copied into kernel pages, counted and bounded. */
struct exec_arguments;

/* 0: the calling process has its new image and *frame the entry registers.
 * Negative errno: the old image is untouched. Past the point of no return a
 * failure kills the process with SIGKILL. */
int exec_program(struct trap_frame *frame, const char __user *path,
                 const char __user *const __user *argv, const char __user *const __user *envp);

/* The same for pid 1, whose strings are the kernel's. */
int exec_kernel(struct trap_frame *frame, const char *path, const char *const *argv,
                const char *const *envp);
