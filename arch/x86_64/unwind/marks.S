/* SPDX-License-Identifier: MIT
 *
 * Stacks whose words tell where they lie, for rows.c: each holds its own address and one. The
 * second lies two bytes beyond a word's boundary, so that an address within tells which it is.
 * No frame is larger than the first, and a frame pointer is near the frame's address.
 */
#define STACK_WORDS   512
#define POINTER_WORDS 64

	.section .rodata
	.globl unwind_marks_stack, unwind_marks_stack_end
	.balign 8
unwind_marks_stack:
	.rept STACK_WORDS
	.quad . + 1
	.endr
unwind_marks_stack_end:

	.globl unwind_marks_pointer, unwind_marks_pointer_end
	.balign 8
	.skip 2
unwind_marks_pointer:
	.rept POINTER_WORDS
	.quad . + 1
	.endr
unwind_marks_pointer_end:

/* Registers at the bottom of the first stack, with a frame pointer into the second; a struct
 * unw_context_t. The others are no marks, all different, and addresses that can be read: an unusual
 * row may use any. */
	.globl unwind_marked
	.balign 8
unwind_marked:
	.set count, 0
	.rept 6 /* rax, rbx, rcx, rdx, rdi, rsi */
	.quad unwind_marks_stack + 16 * count + 4
	.set count, count + 1
	.endr
	.quad unwind_marks_pointer + 8 * POINTER_WORDS / 2
	.quad unwind_marks_stack
	.rept 13 /* r8 to r15, rip, rflags, cs, fs, gs */
	.quad unwind_marks_stack + 16 * count + 4
	.set count, count + 1
	.endr
	.section .note.GNU-stack, "", @progbits
