/* SPDX-License-Identifier: MIT
 *
 * Switching between the core's rights and a service's, for assembly. Nothing happens on machines
 * without protection keys, and nothing is assembled where services are not isolated.
 */
#pragma once

#include <arch/protection_key.h>
#include <aramid/profile.h>

#ifdef __ASSEMBLER__
/* clang-format off */
/* The rights in eax. Clobbers rcx, rdx. */
.macro set_rights_from_eax
#if ARAMID_ISOLATE_SERVICES
	cmpb $0, protection_keys_on(%rip)
	je .Lno_keys\@
	xorl %edx, %edx
	movl $MSR_PKRS, %ecx
	wrmsr
.Lno_keys\@:
#endif
.endm
/* clang-format on */
#endif
