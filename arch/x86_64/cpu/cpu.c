/* SPDX-License-Identifier: MIT
 *
 * One CPU's registers, as the kernel wants them.
 */
#include <stddef.h>

#include <arch/boot_layout.h>
#include <arch/cpu_setup.h>
#include <arch/entropy.h>
#include <arch/protection_key.h>
#include <arch/registers.h>
#include <arch/user_copy_plan.h>
#include <aramid/profile.h>
#include <kernel/log/log.h>
#include <kernel/proc/thread.h>

PUBLIC_DATA struct cpu cpus[MAX_CPUS];
unsigned int cpu_count = 1;
uint64_t fpu_components;
PUBLIC_DATA bool protection_keys_on;

_Static_assert(offsetof(struct cpu, current) == CPU_CURRENT, "entry.S");
_Static_assert(offsetof(struct cpu, kernel_stack) == CPU_KERNEL_STACK, "entry.S");
_Static_assert(offsetof(struct cpu, user_stack) == CPU_USER_STACK, "entry.S");
_Static_assert(offsetof(struct cpu, stack_canary) == 0x28, "-mstack-protector-guard-offset");
_Static_assert(offsetof(struct cpu, emergency_top) == CPU_EMERGENCY_TOP, "entry.S");
_Static_assert(offsetof(struct cpu, trap_top) == CPU_TRAP_TOP, "entry.S");
_Static_assert(offsetof(struct thread, stack_pointer) == THREAD_STACK_POINTER, "switch.S");
_Static_assert(offsetof(struct thread, stack_base) == THREAD_STACK_BASE, "entry.S");
_Static_assert(offsetof(struct thread, boundary) == THREAD_BOUNDARY, "entry.S, boundary.S");
_Static_assert(THREAD_STACK_PAGES *PAGE_SIZE == THREAD_STACK_SIZE, "entry.S");

extern char syscall_entry[];

/* What a CPU must have, by CPUID leaf 7's ebx and ecx (Intel SDM vol. 2A, CPUID). */
static const struct {
	const char *name;
	uint32_t ebx, ecx;
	uint64_t cr4;
} protections[] = {
        {"SMEP", 1u << 7, 0, CR4_SMEP},
        {"SMAP", 1u << 20, 0, CR4_SMAP},
        {"UMIP", 0, 1u << 2, CR4_UMIP},
#if ARAMID_ISOLATE_SERVICES
        {"PKS", 0, 1u << 31, CR4_PKS},
#endif
};

static void enable_protections(void)
{
	struct cpuid_result features = cpuid(7, 0);
	uint64_t cr4 = cr4_read();

	for (unsigned int i = 0; i < sizeof(protections) / sizeof(protections[0]); i++) {
		if ((features.ebx & protections[i].ebx) == protections[i].ebx &&
		    (features.ecx & protections[i].ecx) == protections[i].ecx)
			cr4 |= protections[i].cr4;
		else if (this_cpu()->number == 0)
			log_line("cpu: %s is missing here and stays off", protections[i].name);
	}
	cr4_write(cr4);
	protection_keys_on = (cr4 & CR4_PKS) != 0;
	if (protection_keys_on)
		msr_write(MSR_PKRS, 0);
}

static void enable_fpu(void)
{
	uint32_t low, high;

	if (!(cpuid(1, 0).ecx & 1u << 26))
		panic("this CPU lacks XSAVE");
	cr0_write((cr0_read() & ~(CR0_EM | CR0_TS)) | CR0_MP | CR0_NE | CR0_WP);
	cr4_write(cr4_read() | CR4_OSFXSR | CR4_OSXMMEXCPT | CR4_OSXSAVE | CR4_PGE);
	/* x87, SSE, AVX, AVX-512: the state that user programs may use. */
	fpu_components = cpuid(0xd, 0).eax & 0xe7;
	low = (uint32_t)fpu_components;
	high = 0;
	__asm__ volatile("xsetbv" : : "c"(0), "a"(low), "d"(high));
	if (cpuid(0xd, 0).ebx > FPU_AREA_SIZE)
		panic("FPU state of %u bytes does not fit", cpuid(0xd, 0).ebx);
}

void cpu_setup(struct cpu *cpu)
{
	cpu->self = cpu;
	msr_write(MSR_GS_BASE, (uint64_t)cpu);
	msr_write(MSR_KGS_BASE, 0);
	descriptors_load(cpu);
	/* lgdt and the segment loads may have cleared it on some CPUs. */
	msr_write(MSR_GS_BASE, (uint64_t)cpu);
	enable_fpu();
	enable_protections();
	if (cpu->number == 0)
		user_copy_choose();
	msr_write(MSR_EFER, msr_read(MSR_EFER) | EFER_SCE);
	msr_write(MSR_STAR, (uint64_t)(USER_DS - 8) << 48 | (uint64_t)KERNEL_CS << 32);
	msr_write(MSR_LSTAR, (uint64_t)syscall_entry);
	msr_write(MSR_FMASK, RFLAGS_IF | RFLAGS_DF | RFLAGS_TF | RFLAGS_NT | RFLAGS_AC);
}
