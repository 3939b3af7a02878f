/* SPDX-License-Identifier: MIT
 *
 * The empty symbol table of the first link.
 */
	.section .symbols, "a"
	.quad 0
	.section .note.GNU-stack, "", @progbits
