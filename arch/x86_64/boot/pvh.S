/* SPDX-License-Identifier: MIT
 *
 * Power-on to C. QEMU enters an ELF64 with a PVH note in 32-bit protected mode,
 * paging off, ebx = start_info (xen/include/public/arch-x86/hvm/start_info.h).
 * Early tables map the first 512 GiB twice, at 0 and in the direct map, and the
 * first GiB at -2 GiB, all with 1-GiB pages; mmu.c replaces them.
 */
#include <arch/boot_layout.h>

	.section .note.pvh, "a", @note
	.align 4
	.long 4, 4, 18 /* name size, descriptor size, XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz "Xen"
	.long pvh_entry

	.section .boot.text, "ax"
	.code32
	.globl pvh_entry
	.type pvh_entry, @function
pvh_entry:
	cli
	cld
	movl %ebx, boot_start_info
	movl $0x80000001, %eax /* CPUID: 1-GiB pages (edx 26), NX (edx 20) */
	cpuid
	andl $(1 << 26 | 1 << 20), %edx
	cmpl $(1 << 26 | 1 << 20), %edx
	jne 3f

	movl $boot_pdpt_low, %edi
	movl $0x83, %eax /* present, writable, 1 GiB */
	xorl %ebx, %ebx  /* high half of the entry */
	movl $512, %ecx
1:	movl %eax, (%edi)
	movl %ebx, 4(%edi)
	addl $0x40000000, %eax
	adcl $0, %ebx
	addl $8, %edi
	loop 1b
	movl $(boot_pdpt_low + 3), boot_pml4
	movl $(boot_pdpt_low + 3), boot_pml4 + 256 * 8
	movl $(boot_pdpt_high + 3), boot_pml4 + 511 * 8
	movl $0x83, boot_pdpt_high + 510 * 8
	movl $boot_pml4, %eax
	call enter_long_mode
	ljmp $BOOT_CS64, $boot64

3:	movl $boot_message_end - boot_message, %ecx
	movl $boot_message, %esi
	movl $0x3f8, %edx
	rep outsb
4:	hlt
	jmp 4b

/* eax = page table root. Turns on PAE, NX, long mode, paging; loads the GDT. */
	.globl enter_long_mode
enter_long_mode:
	movl %eax, %cr3
	movl $0x20, %eax /* CR4.PAE */
	movl %eax, %cr4
	movl $0xc0000080, %ecx /* EFER */
	rdmsr
	orl $(1 << 8 | 1 << 11), %eax /* LME, NXE */
	wrmsr
	movl $0x80010001, %eax /* PG, WP, PE */
	movl %eax, %cr0
	lgdt boot_gdt_pointer
	ret

	.code64
boot64:
	xorl %eax, %eax
	movl %eax, %ds
	movl %eax, %es
	movl %eax, %ss
	movl %eax, %fs
	movl %eax, %gs
	movabsq $kernel_entry, %rax
	jmp *%rax

	.globl boot_gdt_pointer
	.align 8
boot_gdt:
	.quad 0
	.quad 0x00af9b000000ffff /* 64-bit code */
	.quad 0x00cf93000000ffff /* data */
boot_gdt_pointer:
	.word . - boot_gdt - 1
	.long boot_gdt

boot_message:
	.ascii "aramid: this CPU lacks 1-GiB pages or NX; use -cpu max\n"
boot_message_end:

	.section .boot.bss, "aw", @nobits
	.globl boot_pml4
	.align 4096
boot_pml4:
	.skip 4096
boot_pdpt_low:
	.skip 4096
boot_pdpt_high:
	.skip 4096

	.section .boot.data, "aw"
	.globl boot_start_info
	.align 4
boot_start_info:
	.long 0

/* The higher half: the boot stack, then C. */
	.text
	.globl kernel_entry
	.type kernel_entry, @function
kernel_entry:
	.cfi_startproc
	.cfi_undefined rip
	movq $boot_stack_top, %rsp
	movq $cpus, %rax
	set_gs_base_to_rax
	xorl %ebp, %ebp
	call kernel_main
	ud2
	.cfi_endproc
	.size kernel_entry, . - kernel_entry

	.section .bss.boot_stack, "aw", @nobits
	.globl boot_stack_guard, boot_stack_top
	.align 4096
boot_stack_guard: /* unmapped by mmu.c */
	.skip 4096
	.skip 16384
boot_stack_top:
