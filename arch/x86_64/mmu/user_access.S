/* SPDX-License-Identifier: MIT
 *
 * Copies between kernel and user memory. Each instruction that touches user
 * memory has a row in the exception table: when it faults for good, execution
 * goes on at the row's second address. SMAP is lifted by STAC around them.
 * All are leaf functions without a frame.
 *
 * Short copies go word by word, long ones by the string instruction that this CPU has most of
 * (user_copy_plan). A fault in a word ends in the bytewise loop, which does again what the word
 * or the block before it may have done, and stops at the byte that faults: the count is exact.
 *
 * With ARAMID_HOSTED (tests/ beside this file) STAC and CLAC are left out, which only the kernel may
 * execute, and the table is where a C program finds it.
 */
	.section .note.GNU-stack, "", @progbits

#define EFAULT       14
#define ENAMETOOLONG 36

#ifdef ARAMID_HOSTED
#define LIFT_SMAP
#define RESTORE_SMAP
#define EXCEPTION_TABLE exception_table
#else
#define LIFT_SMAP       stac
#define RESTORE_SMAP    clac
#define EXCEPTION_TABLE .exception_table
#endif

/* Offsets into struct user_copy_plan (user_copy_plan.h), asserted in user_copy_plan.c. */
#define PLAN_STRING_FROM 0
#define PLAN_BYTES       8

.macro may_fault at, fixup
	.pushsection EXCEPTION_TABLE, "a"
	.quad \at, \fixup
	.popsection
.endm

.macro function name
	.globl \name
	.type \name, @function
	.align 16
\name:
	.cfi_startproc
.endm

.macro end_function name
	.cfi_endproc
	.size \name, . - \name
.endm

	.text

/* size_t f(to, from, size): the bytes that are left. From the first test on rdi and rsi are the
 * ends and rdx, negative, counts up to them. */
.macro copy_function name
function \name
	cmpq $8, %rdx
	jb .Lshort_\name
	cmpq user_copy_plan+PLAN_STRING_FROM(%rip), %rdx
	jae .Lstring_\name
	addq %rdx, %rsi
	addq %rdx, %rdi
	negq %rdx
	LIFT_SMAP
	cmpq $-64, %rdx
	jg .Lwords_\name
.Lblocks_\name:
	.irp offset, 0, 16, 32, 48
1:	movq \offset(%rsi, %rdx), %rax
2:	movq \offset+8(%rsi, %rdx), %rcx
3:	movq %rax, \offset(%rdi, %rdx)
4:	movq %rcx, \offset+8(%rdi, %rdx)
	may_fault 1b, .Lbytes_\name
	may_fault 2b, .Lbytes_\name
	may_fault 3b, .Lbytes_\name
	may_fault 4b, .Lbytes_\name
	.endr
	addq $64, %rdx
	cmpq $-64, %rdx
	jle .Lblocks_\name
	cmpq $-8, %rdx
	jg .Llast_word_\name
.Lwords_\name:
1:	movq (%rsi, %rdx), %rax
2:	movq %rax, (%rdi, %rdx)
	addq $8, %rdx
	cmpq $-8, %rdx
	jle .Lwords_\name
	may_fault 1b, .Lbytes_\name
	may_fault 2b, .Lbytes_\name
.Llast_word_\name: /* of 8 bytes and more: over what has been copied, in part */
	testq %rdx, %rdx
	jz .Ldone_\name
1:	movq -8(%rsi), %rax
2:	movq %rax, -8(%rdi)
	RESTORE_SMAP
	xorl %eax, %eax
	ret
	may_fault 1b, .Lbytes_\name
	may_fault 2b, .Lbytes_\name
.Lshort_\name:
	addq %rdx, %rsi
	addq %rdx, %rdi
	negq %rdx
	LIFT_SMAP
	jz .Ldone_\name
	cmpq $-4, %rdx
	jg .Lbytes_\name
1:	movl (%rsi, %rdx), %eax
2:	movl -4(%rsi), %ecx
3:	movl %eax, (%rdi, %rdx)
4:	movl %ecx, -4(%rdi)
	RESTORE_SMAP
	xorl %eax, %eax
	ret
	may_fault 1b, .Lbytes_\name
	may_fault 2b, .Lbytes_\name
	may_fault 3b, .Lbytes_\name
	may_fault 4b, .Lbytes_\name
.Lbytes_\name: /* something is left */
1:	movb (%rsi, %rdx), %al
2:	movb %al, (%rdi, %rdx)
	incq %rdx
	jnz .Lbytes_\name
.Ldone_\name:
	RESTORE_SMAP
	negq %rdx
	movq %rdx, %rax
	ret
	may_fault 1b, .Ldone_\name
	may_fault 2b, .Ldone_\name

.Lstring_\name:
	movq %rdx, %rcx
	LIFT_SMAP
	cmpb $0, user_copy_plan+PLAN_BYTES(%rip)
	je 2f
1:	rep movsb
	jmp 6f
2:	shrq $3, %rcx
3:	rep movsq
	movl %edx, %ecx
	andl $7, %ecx
4:	rep movsb
	jmp 6f
5:	/* a word faulted: rcx words and the tail are left */
	andl $7, %edx
	leaq (%rdx, %rcx, 8), %rcx
	jmp 4b
6:	RESTORE_SMAP
	movq %rcx, %rax
	ret
	may_fault 1b, 6b
	may_fault 3b, 5b
	may_fault 4b, 6b
end_function \name
.endm

copy_function user_copy_in
copy_function user_copy_out

/* size_t user_clear(to, size): the same with zeros; rdi is the end and rsi counts up to it. */
function user_clear
	xorl %eax, %eax
	cmpq user_copy_plan+PLAN_STRING_FROM(%rip), %rsi
	jae .Lstring_clear
	addq %rsi, %rdi
	negq %rsi
	LIFT_SMAP
	cmpq $-8, %rsi
	jg .Lfew_to_clear
.Lwords_to_clear:
1:	movq %rax, (%rdi, %rsi)
	addq $8, %rsi
	cmpq $-8, %rsi
	jle .Lwords_to_clear
	testq %rsi, %rsi
	jz .Lcleared
2:	movq %rax, -8(%rdi) /* over what is clear, in part */
	RESTORE_SMAP
	ret
	may_fault 1b, .Lbytes_to_clear
	may_fault 2b, .Lbytes_to_clear
.Lfew_to_clear:
	testq %rsi, %rsi
	jz .Lcleared
.Lbytes_to_clear:
1:	movb %al, (%rdi, %rsi)
	incq %rsi
	jnz .Lbytes_to_clear
.Lcleared:
	RESTORE_SMAP
	negq %rsi
	movq %rsi, %rax
	ret
	may_fault 1b, .Lcleared

.Lstring_clear:
	movq %rsi, %rcx
	LIFT_SMAP
	cmpb $0, user_copy_plan+PLAN_BYTES(%rip)
	je 2f
1:	rep stosb
	jmp 6f
2:	shrq $3, %rcx
3:	rep stosq
	movl %esi, %ecx
	andl $7, %ecx
4:	rep stosb
	jmp 6f
5:	andl $7, %esi
	leaq (%rsi, %rcx, 8), %rcx
	jmp 4b
6:	RESTORE_SMAP
	movq %rcx, %rax
	ret
	may_fault 1b, 6b
	may_fault 3b, 5b
	may_fault 4b, 6b
end_function user_clear

/* long user_copy_string(to, from, size) */
function user_copy_string
	LIFT_SMAP
	xorl %ecx, %ecx
1:	cmpq %rdx, %rcx
	je 4f
2:	movb (%rsi, %rcx), %al
	movb %al, (%rdi, %rcx)
	testb %al, %al
	jz 3f
	incq %rcx
	jmp 1b
3:	RESTORE_SMAP
	movq %rcx, %rax
	ret
4:	RESTORE_SMAP
	movq $-ENAMETOOLONG, %rax
	ret
5:	RESTORE_SMAP
	movq $-EFAULT, %rax
	ret
	may_fault 2b, 5b
end_function user_copy_string

/* int user_compare_exchange(word, *old, desired) */
function user_compare_exchange
	movl (%rsi), %eax
	LIFT_SMAP
1:	lock cmpxchgl %edx, (%rdi)
	RESTORE_SMAP
	movl %eax, (%rsi)
	xorl %eax, %eax
	ret
2:	RESTORE_SMAP
	movl $-EFAULT, %eax
	ret
	may_fault 1b, 2b
end_function user_compare_exchange

/* int probe_copy(to, from, size): kernel memory that may not be there (a service's
 * pointers): 0 or -EFAULT. */
function probe_copy
	movq %rdx, %rcx
	shrq $3, %rcx
1:	rep movsq
	movl %edx, %ecx
	andl $7, %ecx
2:	rep movsb
	xorl %eax, %eax
	ret
3:	movl $-EFAULT, %eax
	ret
	may_fault 1b, 3b
	may_fault 2b, 3b
end_function probe_copy
