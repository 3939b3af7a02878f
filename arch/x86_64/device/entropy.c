/* SPDX-License-Identifier: MIT
 *
 * Hardware entropy (Intel SDM vol. 1, 7.3.17): RDSEED, else RDRAND; the time-stamp
 * counter where there is neither, which the log says loudly.
 */
#include <arch/cpu.h>
#include <arch/entropy.h>
#include <arch/registers.h>
#include <aramid/cap_env.h>
#include <kernel/log/log.h>

/* Tries that Intel's guide asks for before giving up. */
#define TRIES 10

#define CPUID1_ECX_RDRAND (1u << 30)
#define CPUID7_EBX_RDSEED (1u << 18)

bool entropy_hardware(uint64_t *word)
{
	bool seed = cpuid(7, 0).ebx & CPUID7_EBX_RDSEED;
	bool rand = cpuid(1, 0).ecx & CPUID1_ECX_RDRAND;
	uint8_t ok = 0;

	for (int i = 0; seed && i < TRIES && !ok; i++)
		__asm__ volatile("rdseed %0; setc %1" : "=r"(*word), "=q"(ok));
	for (int i = 0; rand && i < TRIES && !ok; i++)
		__asm__ volatile("rdrand %0; setc %1" : "=r"(*word), "=q"(ok));
	return ok;
}

bool cap_entropy(uint64_t *out, size_t count)
{
	bool genuine = true;

	for (size_t i = 0; i < count; i++)
		if (!entropy_hardware(&out[i])) {
			out[i] = tsc_read() * 0x9e3779b97f4a7c15UL;
			genuine = false;
		}
	if (!genuine)
		log_line("entropy: NO HARDWARE ENTROPY: tokens can be guessed");
	return genuine;
}

uint64_t entropy_u64(void)
{
	uint64_t word = 0;

	if (!entropy_hardware(&word))
		word = tsc_read() * 0x9e3779b97f4a7c15UL;
	return word;
}
