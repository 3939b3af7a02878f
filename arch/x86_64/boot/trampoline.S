/* SPDX-License-Identifier: MIT
 *
 * Where an application processor wakes: real mode, at TRAMPOLINE_BASE, to which
 * smp.c copies these bytes. It borrows the boot tables for long mode.
 */
#include <arch/boot_layout.h>

#define LOW(label) (TRAMPOLINE_BASE + (label) - trampoline_begin)

	.section .rodata.trampoline, "a"
	.globl trampoline_begin, trampoline_end
	.code16
trampoline_begin:
	cli
	xorw %ax, %ax
	movw %ax, %ds
	lgdtl LOW(trampoline_gdt_pointer)
	movl $1, %eax
	movl %eax, %cr0
	ljmpl $0x18, $LOW(trampoline32)

	.code32
trampoline32:
	movl $0x10, %eax
	movl %eax, %ds
	movl %eax, %ss
	movl $boot_pml4, %eax
	movl %eax, %cr3
	movl $0x20, %eax
	movl %eax, %cr4
	movl $0xc0000080, %ecx
	rdmsr
	orl $(1 << 8 | 1 << 11), %eax
	wrmsr
	movl $0x80010001, %eax
	movl %eax, %cr0
	ljmpl $0x08, $LOW(trampoline64)

	.code64
trampoline64:
	xorl %eax, %eax
	movl %eax, %ss
	movl %eax, %ds
	movl %eax, %es
	movabsq $ap_entry, %rax
	jmp *%rax

	.align 8
trampoline_gdt:
	.quad 0
	.quad 0x00af9b000000ffff /* 0x08: 64-bit code */
	.quad 0x00cf93000000ffff /* 0x10: data */
	.quad 0x00cf9b000000ffff /* 0x18: 32-bit code */
trampoline_gdt_pointer:
	.word . - trampoline_gdt - 1
	.long LOW(trampoline_gdt)
trampoline_end:

	.text
	.globl ap_entry
	.type ap_entry, @function
ap_entry:
	.cfi_startproc
	.cfi_undefined rip
	movq mmu_kernel_root, %rax /* the boot tables map no stacks */
	movq %rax, %cr3
	movq ap_stack_top, %rsp
	movq ap_cpu, %rax
	set_gs_base_to_rax
	xorl %ebp, %ebp
	call ap_main
	ud2
	.cfi_endproc
	.size ap_entry, . - ap_entry
