/* SPDX-License-Identifier: MIT
 *
 * The borders are where the string instruction overtakes the loop of words, as docs/memory.md
 * measured them. Source: Intel 64 and IA-32 Optimization Reference Manual, 3.7.6 (ERMS, FSRM).
 */
#include <arch/registers.h>
#include <arch/user_copy_plan.h>
#include <kernel/lib/string.h>

#define CPUID_EBX_ERMS       (1u << 9)  /* leaf 7 */
#define CPUID_EDX_FSRM       (1u << 4)  /* leaf 7 */
#define CPUID_ECX_HYPERVISOR (1u << 31) /* leaf 1 */
#define CPUID_HYPERVISOR     0x40000000u

_Static_assert(offsetof(struct user_copy_plan, string_from) == 0, "user_access.S");
_Static_assert(offsetof(struct user_copy_plan, bytes) == 8, "user_access.S");

const struct user_copy_plan user_copy_plans[USER_COPY_CPUS] = {
        [USER_COPY_WORDS] = {1024, false},
        [USER_COPY_ERMS] = {1024, true},
        [USER_COPY_FSRM] = {512, true},
};

struct user_copy_plan user_copy_plan = {1024, false};

/* QEMU's emulator does each repetition by itself, whatever it says of the CPU: of words there are
 * an eighth. */
static bool is_emulated(void)
{
	static const char name[] = "TCGTCGTCGTCG";
	struct cpuid_result vendor;

	if (!(cpuid(1, 0).ecx & CPUID_ECX_HYPERVISOR))
		return false;
	vendor = cpuid(CPUID_HYPERVISOR, 0);
	return memcmp(&vendor.ebx, name, 4) == 0;
}

void user_copy_choose(void)
{
	struct cpuid_result features = cpuid(7, 0);
	enum user_copy_cpu cpu = USER_COPY_WORDS;

	if (features.ebx & CPUID_EBX_ERMS)
		cpu = USER_COPY_ERMS;
	if (features.edx & CPUID_EDX_FSRM)
		cpu = USER_COPY_FSRM;
	if (is_emulated())
		cpu = USER_COPY_WORDS;
	user_copy_plan = user_copy_plans[cpu];
}
