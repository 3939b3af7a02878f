/* SPDX-License-Identifier: MIT
 *
 * From the top down: 8 zero bytes, the path, the strings, the platform's name, 16
 * random bytes, padding, the auxiliary vector, envp, argv, argc.
 */
#include <kernel/mm/exec_stack.h>

#include <arch/entropy.h>
#include <arch/page.h>
#include <arch/registers.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/elf_file.h>
#include <kernel/mm/exec_arguments.h>
#include <kernel/mm/space_writer.h>
#include <kernel/mm/vmspace.h>
#include <linux/auxvec.h>
#include <linux/mman.h>

#define STACK_SLACK    (128UL << 10) /* mapped beyond what is filled; the rest grows */
#define CLOCK_TICKS    100           /* USER_HZ: what times(2) counts in */
#define RANDOM_SIZE    16
#define CPUID_FEATURES 1

static const char platform[] = "x86_64";

/* Where each part lies. */
struct stack_plan {
	uint64_t path, strings, platform, random, pointer;
};

struct auxiliary {
	uint64_t type, value;
};

#define AUXILIARY_COUNT 20

static void fill_auxiliary(const struct exec_stack *stack, const struct stack_plan *plan,
                           struct auxiliary vector[AUXILIARY_COUNT])
{
	const struct elf_file *program = stack->program;
	const struct elf_layout *layout = &program->layout;
	const struct auxiliary rows[AUXILIARY_COUNT] = {
	        {AT_SYSINFO_EHDR, stack->vdso},
	        {AT_PHDR, layout->headers == 0 ? 0 : program->bias + layout->headers},
	        {AT_PHENT, sizeof(Elf64_Phdr)},
	        {AT_PHNUM, program->header.e_phnum},
	        {AT_BASE, stack->interpreter == NULL ? 0 : stack->interpreter->bias},
	        {AT_ENTRY, program->bias + layout->entry},
	        {AT_FLAGS, 0},
	        {AT_PAGESZ, PAGE_SIZE},
	        {AT_CLKTCK, CLOCK_TICKS},
	        {AT_HWCAP, cpuid(CPUID_FEATURES, 0).edx},
	        {AT_HWCAP2, 0},
	        {AT_PLATFORM, plan->platform},
	        {AT_RANDOM, plan->random},
	        {AT_EXECFN, plan->path},
	        {AT_UID, stack->uid},
	        {AT_EUID, stack->euid},
	        {AT_GID, stack->gid},
	        {AT_EGID, stack->egid},
	        {AT_SECURE, stack->uid != stack->euid || stack->gid != stack->egid},
	        {AT_NULL, 0},
	};

	memcpy(vector, rows, sizeof(rows));
}

static uint64_t tables_size(const struct exec_arguments *arguments)
{
	uint64_t words = 1 + arguments_count(arguments) + 1 + environment_count(arguments) + 1;

	return words * sizeof(uint64_t) + AUXILIARY_COUNT * sizeof(struct auxiliary);
}

static void plan_stack(const struct exec_stack *stack, struct stack_plan *plan)
{
	plan->path = stack->top - sizeof(uint64_t) - (strlen(stack->path) + 1);
	plan->strings = plan->path - arguments_size(stack->arguments);
	plan->platform = plan->strings - sizeof(platform);
	plan->random = plan->platform - RANDOM_SIZE;
	/* The ABI wants rsp on a multiple of 16 at the entry. */
	plan->pointer = (plan->random - tables_size(stack->arguments)) & ~15UL;
}

int exec_stack_build(const struct exec_stack *stack, uint64_t *pointer)
{
	uint64_t random[RANDOM_SIZE / sizeof(uint64_t)] = {entropy_u64(), entropy_u64()};
	struct auxiliary vector[AUXILIARY_COUNT];
	struct space_writer writer;
	struct stack_plan plan;
	uint64_t start;
	long result;

	plan_stack(stack, &plan);
	start = PAGE_ALIGN_DOWN(plan.pointer) - STACK_SLACK;
	result = vmspace_map(stack->space, start, stack->top - start, PROT_READ | PROT_WRITE,
	                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN, NULL, 0);
	if (result < 0)
		return -ENOMEM;
	fill_auxiliary(stack, &plan, vector);
	writer_start(&writer, stack->space, plan.pointer);
	writer_put_word(&writer, arguments_count(stack->arguments));
	stack->space->environment_start =
	        plan.strings + arguments_write_pointers(stack->arguments, &writer, plan.strings);
	stack->space->environment_end = plan.path;
	stack->space->stack_start = plan.pointer;
	writer_put(&writer, vector, sizeof(vector));
	writer_clear(&writer, plan.random - writer.address);
	writer_put(&writer, random, sizeof(random));
	writer_put(&writer, platform, sizeof(platform));
	arguments_write_strings(stack->arguments, &writer);
	writer_put(&writer, stack->path, strlen(stack->path) + 1);
	writer_put_word(&writer, 0);
	*pointer = plan.pointer;
	return writer_finish(&writer);
}
