/* SPDX-License-Identifier: MIT
 *
 * GDT, TSS and IDT. All gates but #DF and NMI use one IST slot: the trap stubs
 * move on from there (trap/entry.S).
 * Source: Intel SDM vol. 3A, 3.4.5, 6.14, 7.7.
 */
#include <arch/boot_layout.h>
#include <arch/cpu_setup.h>
#include <arch/protection_key.h>
#include <arch/vdso.h>

struct __attribute__((packed)) task_state {
	uint32_t reserved0;
	uint64_t rsp[3];
	uint64_t reserved1;
	uint64_t ist[7];
	uint64_t reserved2;
	uint16_t reserved3, io_map;
};

struct gate {
	uint16_t offset_low, selector;
	uint8_t ist, type;
	uint16_t offset_middle;
	uint32_t offset_high, reserved;
};

struct __attribute__((packed)) table_pointer {
	uint16_t limit;
	uint64_t base;
};

#define TRAP_STACK_SIZE         1024
#define DOUBLE_FAULT_STACK_SIZE 8192
#define NMI_STACK_SIZE          2048

/* The processor reads these with the rights of whatever it interrupts. */
static struct {
	uint64_t gdt[8];
	struct task_state tss;
} tables[MAX_CPUS] PUBLIC_DATA;

static struct gate idt[256] PUBLIC_DATA __attribute__((aligned(16)));

/* And pushes its frames here with them. */
static struct {
	uint8_t trap[TRAP_STACK_SIZE] __attribute__((aligned(16)));
	uint8_t double_fault[DOUBLE_FAULT_STACK_SIZE] __attribute__((aligned(16)));
	uint8_t nmi[NMI_STACK_SIZE] __attribute__((aligned(16)));
} stacks[MAX_CPUS] GATEWAY_DATA;

static uint8_t emergency_stacks[MAX_CPUS][EMERGENCY_STACK_SIZE] __attribute__((aligned(16)));

extern char trap_stubs[], double_fault_entry[];

static void gate_set(unsigned int vector, uint64_t entry, uint8_t ist, uint8_t privilege)
{
	idt[vector] = (struct gate){
	        .offset_low = (uint16_t)entry,
	        .selector = KERNEL_CS,
	        .ist = ist,
	        .type = (uint8_t)(0x8e | privilege << 5),
	        .offset_middle = (uint16_t)(entry >> 16),
	        .offset_high = (uint32_t)(entry >> 32),
	};
}

void idt_init(void)
{
	for (unsigned int vector = 0; vector < 256; vector++)
		gate_set(vector, (uint64_t)trap_stubs + vector * 16, IST_TRAP, 0);
	/* int3 and into are the user's to raise. */
	gate_set(3, (uint64_t)trap_stubs + 3 * 16, IST_TRAP, 3);
	gate_set(4, (uint64_t)trap_stubs + 4 * 16, IST_TRAP, 3);
	gate_set(8, (uint64_t)double_fault_entry, IST_DOUBLE_FAULT, 0);
	gate_set(2, (uint64_t)trap_stubs + 2 * 16, IST_NMI, 0);
}

void descriptors_load(struct cpu *cpu)
{
	uint64_t *gdt = tables[cpu->number].gdt;
	struct task_state *tss = &tables[cpu->number].tss;
	uint64_t base = (uint64_t)tss;
	struct table_pointer gdt_pointer = {sizeof(tables[0].gdt) - 1, (uint64_t)gdt};
	struct table_pointer idt_pointer = {sizeof(idt) - 1, (uint64_t)idt};

	gdt[1] = 0x00af9b000000ffff; /* kernel code */
	gdt[2] = 0x00cf93000000ffff; /* kernel data */
	gdt[3] = 0x00cff3000000ffff; /* user data */
	gdt[4] = 0x00affb000000ffff; /* user code */
	gdt[5] = (sizeof(*tss) - 1) | (base & 0xffffff) << 16 | 0x89UL << 40 |
	         (base >> 24 & 0xff) << 56;
	gdt[6] = base >> 32;
	/* Data of privilege 3 that nobody loads: getcpu(2) of the vDSO reads the limit. */
	gdt[CPU_NUMBER_SELECTOR / 8] = 0x0040f10000000000 | cpu->number;

	cpu->trap_top = (uint64_t)stacks[cpu->number].trap + TRAP_STACK_SIZE;
	tss->ist[IST_TRAP - 1] = cpu->trap_top;
	tss->ist[IST_DOUBLE_FAULT - 1] =
	        (uint64_t)stacks[cpu->number].double_fault + DOUBLE_FAULT_STACK_SIZE;
	tss->ist[IST_NMI - 1] = (uint64_t)stacks[cpu->number].nmi + NMI_STACK_SIZE;
	tss->io_map = sizeof(*tss);
	cpu->emergency_top = (uint64_t)emergency_stacks[cpu->number] + EMERGENCY_STACK_SIZE;

	__asm__ volatile("lgdt %0" : : "m"(gdt_pointer));
	__asm__ volatile("lidt %0" : : "m"(idt_pointer));
	__asm__ volatile("pushq %0\n\t"
	                 "leaq 1f(%%rip), %%rax\n\t"
	                 "pushq %%rax\n\t"
	                 "lretq\n"
	                 "1:\n\t"
	                 "movw %w1, %%ss\n\t"
	                 "ltr %w2"
	                 :
	                 : "i"(KERNEL_CS), "r"(KERNEL_DS), "r"(TSS_SELECTOR)
	                 : "rax", "memory");
}

bool on_emergency_stack(const struct cpu *cpu, uint64_t address)
{
	return address <= cpu->emergency_top && address > cpu->emergency_top - EMERGENCY_STACK_SIZE;
}
