/* SPDX-License-Identifier: MIT
 *
 * Copies between kernel and user memory. Each instruction that touches user
 * memory has a row in the exception table: when it faults for good, execution
 * goes on at the row's second address. SMAP is lifted by STAC around them.
 * All are leaf functions without a frame.
 */
#define EFAULT       14
#define ENAMETOOLONG 36

.macro may_fault at, fixup
	.pushsection .exception_table, "a"
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

/* size_t f(to, from, size): words, then bytes; the bytes that are left. */
.macro copy_function name
function \name
	stac
	movq %rdx, %rcx
	shrq $3, %rcx
1:	rep movsq
	movl %edx, %ecx
	andl $7, %ecx
2:	rep movsb
	clac
	xorl %eax, %eax
	ret
3:	/* a word faulted: rcx words and the tail are left; finish bytewise */
	andl $7, %edx
	leaq (%rdx, %rcx, 8), %rcx
4:	rep movsb
5:	clac
	movq %rcx, %rax
	ret
	may_fault 1b, 3b
	may_fault 2b, 5b
	may_fault 4b, 5b
end_function \name
.endm

copy_function user_copy_in
copy_function user_copy_out

/* size_t user_clear(to, size) */
function user_clear
	stac
	movq %rsi, %rcx
	shrq $3, %rcx
	xorl %eax, %eax
1:	rep stosq
	movl %esi, %ecx
	andl $7, %ecx
2:	rep stosb
	jmp 5f
3:	/* a word faulted: finish bytewise, as above */
	andl $7, %esi
	leaq (%rsi, %rcx, 8), %rcx
4:	rep stosb
5:	clac
	movq %rcx, %rax
	ret
	may_fault 1b, 3b
	may_fault 2b, 5b
	may_fault 4b, 5b
end_function user_clear

/* long user_copy_string(to, from, size) */
function user_copy_string
	stac
	xorl %ecx, %ecx
1:	cmpq %rdx, %rcx
	je 4f
2:	movb (%rsi, %rcx), %al
	movb %al, (%rdi, %rcx)
	testb %al, %al
	jz 3f
	incq %rcx
	jmp 1b
3:	clac
	movq %rcx, %rax
	ret
4:	clac
	movq $-ENAMETOOLONG, %rax
	ret
5:	clac
	movq $-EFAULT, %rax
	ret
	may_fault 2b, 5b
end_function user_copy_string

/* int user_compare_exchange(word, *old, desired) */
function user_compare_exchange
	movl (%rsi), %eax
	stac
1:	lock cmpxchgl %edx, (%rdi)
	clac
	movl %eax, (%rsi)
	xorl %eax, %eax
	ret
2:	clac
	movl $-EFAULT, %eax
	ret
	may_fault 1b, 2b
end_function user_compare_exchange

/* int probe_copy(to, from, size): kernel memory that may not be there (a service's
 * pointers): 0 or -EFAULT. */
function probe_copy
	movq %rdx, %rcx
1:	rep movsb
	xorl %eax, %eax
	ret
2:	movl $-EFAULT, %eax
	ret
	may_fault 1b, 2b
end_function probe_copy
