/* SPDX-License-Identifier: MIT
 *
 * The linked vDSO as data of the kernel's (cmake/Vdso.cmake).
 */
	.section .note.GNU-stack, "", @progbits
	.section .rodata
	.globl vdso_image, vdso_image_end
	.balign 8
vdso_image:
	.incbin VDSO_FILE
vdso_image_end:
