/* SPDX-License-Identifier: MIT
 *
 * Functions whose frames are known instruction by instruction. They are never called.
 */
	.text
	.globl frame_at_entry, frame_pushed, frame_reserved, frame_popped, frame_end
frame_at_entry:
	.cfi_startproc
	pushq %rbx
	.cfi_adjust_cfa_offset 8
	.cfi_offset rbx, -16
frame_pushed:
	subq $40, %rsp
	.cfi_adjust_cfa_offset 40
frame_reserved:
	addq $40, %rsp
	.cfi_adjust_cfa_offset -40
	popq %rbx
	.cfi_adjust_cfa_offset -8
	.cfi_restore rbx
frame_popped:
	retq
frame_end:
	.cfi_endproc

/* The function behind, whose table would be asked for a return address at the end. */
	.globl pointer_at_entry, pointer_set, pointer_far, address_in_register, trap_frame
pointer_at_entry:
	.cfi_startproc
	pushq %rbp
	.cfi_adjust_cfa_offset 8
	.cfi_offset rbp, -16
	movq %rsp, %rbp
	.cfi_def_cfa_register rbp
pointer_set:
	nop
	.cfi_def_cfa rbp, 2048
pointer_far:
	nop
	.cfi_endproc

address_in_register:
	.cfi_startproc
	.cfi_def_cfa r11, 0
	nop
	.cfi_endproc

trap_frame:
	.cfi_startproc
	.cfi_signal_frame
	.cfi_def_cfa rsp, 40
	.cfi_offset rip, -40
	.cfi_offset rsp, -16
	nop
	.cfi_endproc
	.section .note.GNU-stack, "", @progbits
