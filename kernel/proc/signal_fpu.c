/* SPDX-License-Identifier: MIT
 *
 * XSAVE state to and from signal frames. While a thread is in the kernel its
 * user registers are live in the CPU (the kernel itself uses none of them), so
 * they are saved from there and restored to there.
 * Source: Intel SDM vol. 1, 13.4 (XSAVE area), vol. 2 (XRSTOR: what faults).
 */
#include <asm/sigcontext.h>

#include <aramid/uninitialized.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/signal_fpu.h>
#include <kernel/proc/thread.h>

#define LEGACY_SIZE        512 /* what FXSAVE writes */
#define HEADER_SIZE        64
#define MXCSR_DEFAULT_MASK 0xffbfu
#define CPUID_OSXSAVE      (1u << 27)

struct fpu_image {
	struct _fpstate_64 legacy;
	struct {
		uint64_t components;
		uint64_t compaction;
		uint64_t reserved[6];
	} header;
	uint8_t rest[FPU_AREA_SIZE - LEGACY_SIZE - HEADER_SIZE];
} __attribute__((aligned(64)));

_Static_assert(sizeof(struct _fpstate_64) == LEGACY_SIZE, "FXSAVE image");
_Static_assert(sizeof(struct fpu_image) == FPU_AREA_SIZE, "XSAVE image");

/* What this CPU was told to save; the same on all. */
struct fpu_layout {
	uint64_t components; /* XCR0; 0: FXSAVE only */
	uint32_t size;       /* bytes of the image */
};

static void cpuid(uint32_t leaf, uint32_t *eax, uint32_t *ebx, uint32_t *ecx, uint32_t *edx)
{
	__asm__ volatile("cpuid"
	                 : "=a"(*eax), "=b"(*ebx), "=c"(*ecx), "=d"(*edx)
	                 : "a"(leaf), "c"(0));
}

static struct fpu_layout layout_now(void)
{
	uint32_t eax, ebx, ecx, edx, low, high;

	cpuid(1, &eax, &ebx, &ecx, &edx);
	if (!(ecx & CPUID_OSXSAVE))
		return (struct fpu_layout){.size = LEGACY_SIZE};
	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	cpuid(0xd, &eax, &ebx, &ecx, &edx);
	return (struct fpu_layout){.components = (uint64_t)high << 32 | low, .size = ebx};
}

/* CPUID is slow under virtualisation; two CPUs that both ask first write the same. */
static struct fpu_layout layout(void)
{
	static struct fpu_layout known;
	static bool is_known;

	if (!__atomic_load_n(&is_known, __ATOMIC_ACQUIRE)) {
		known = layout_now();
		__atomic_store_n(&is_known, true, __ATOMIC_RELEASE);
	}
	return known;
}

uint64_t signal_fpu_size(void)
{
	struct fpu_layout now = layout();

	return now.size + (now.components ? FP_XSTATE_MAGIC2_SIZE : 0);
}

int signal_fpu_save(uint64_t address)
{
	struct fpu_layout now = layout();
	struct fpu_image image LEFT_UNINITIALIZED("as much as is handed out is cleared below");
	uint32_t magic = FP_XSTATE_MAGIC2;

	memset(&image, 0, now.size);
	if (!now.components) {
		__asm__ volatile("fxsave64 %0" : "=m"(image));
		return copy_to_user((void __user *)address, &image, now.size);
	}
	__asm__ volatile("xsave64 %0"
	                 : "+m"(image)
	                 : "a"((uint32_t)now.components), "d"((uint32_t)(now.components >> 32)));
	image.legacy.sw_reserved = (struct _fpx_sw_bytes){
	        .magic1 = FP_XSTATE_MAGIC1,
	        .extended_size = now.size + FP_XSTATE_MAGIC2_SIZE,
	        .xfeatures = now.components,
	        .xstate_size = now.size,
	};
	if (copy_to_user((void __user *)address, &image, now.size))
		return -EFAULT;
	return copy_to_user((void __user *)(address + now.size), &magic, sizeof(magic));
}

/* Whether the image is a whole XSAVE area of ours, or only its first 512 bytes count. */
static bool is_extended(const struct fpu_image *image, const struct fpu_layout *now,
                        uint64_t address)
{
	uint32_t magic;

	if (!now->components || image->legacy.sw_reserved.magic1 != FP_XSTATE_MAGIC1 ||
	    image->legacy.sw_reserved.xstate_size != now->size)
		return false;
	return copy_from_user(&magic, (const void __user *)(address + now->size), sizeof(magic)) ==
	               0 &&
	       magic == FP_XSTATE_MAGIC2;
}

int signal_fpu_restore(uint64_t address)
{
	struct fpu_layout now = layout();
	struct fpu_image image LEFT_UNINITIALIZED("cleared whole below");
	uint32_t mxcsr_mask;

	memset(&image, 0, sizeof(image));
	__asm__ volatile("fxsave64 %0" : "=m"(image.legacy));
	mxcsr_mask = image.legacy.mxcsr_mask ? image.legacy.mxcsr_mask : MXCSR_DEFAULT_MASK;
	if (copy_from_user(&image, (const void __user *)address, LEGACY_SIZE))
		return -EFAULT;
	/* Reserved bits set in any of these would fault in the kernel. */
	image.legacy.mxcsr &= mxcsr_mask;
	if (!is_extended(&image, &now, address)) {
		__asm__ volatile("fxrstor64 %0" : : "m"(image));
		return 0;
	}
	if (copy_from_user(&image.header, (const void __user *)(address + LEGACY_SIZE),
	                   now.size - LEGACY_SIZE))
		return -EFAULT;
	image.header.components &= now.components;
	image.header.compaction = 0;
	memset(image.header.reserved, 0, sizeof(image.header.reserved));
	__asm__ volatile("xrstor64 %0"
	                 :
	                 : "m"(image), "a"((uint32_t)now.components),
	                   "d"((uint32_t)(now.components >> 32)));
	return 0;
}
