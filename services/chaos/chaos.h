/* SPDX-License-Identifier: MIT
 *
 * chaos: a service whose files fail when they are read, one way each. For tests.
 */
#pragma once

#include <stdint.h>

/* One way to fail: does not return (in a kernel that contains it, nor in one that does not). */
struct chaos_way {
	const char *name;
	void (*fail)(void); /* NULL: the file of figures */
	unsigned int depth; /* frames between the operation and the failure */
};

/* Not a way to fail: how many cycles the last landing in chaos took, from the panic to its
 * boundary. Instructions, when QEMU counts them. */
#define CHAOS_MEASURE "measure"

extern const struct chaos_way chaos_ways[];
extern const unsigned int chaos_way_count;

/* ways.c: each named function is the one that the log must name. */
void chaos_panic(void);
void chaos_null(void);
void chaos_illegal(void);
void chaos_divide(void);
void chaos_wild_jump(void);
void chaos_overflow(void);
void chaos_loop(void);
void chaos_bad_free(void);
void chaos_double_free(void);
void chaos_bad_pointer(void);
void chaos_overflow_in_core(void);
void chaos_cleanups(void);
void chaos_cleanup_loops(void);
void chaos_cleanup_faults(void);
void chaos_user_read(void);
void chaos_user_execute(void);
void chaos_write_code(void);
void chaos_execute_data(void);
void chaos_smash_stack(void);
void chaos_signed_overflow(void);
void chaos_uninitialized(void);

#define FS_SERVICE chaos
#include <kernel/vfs/fs_service.h>
