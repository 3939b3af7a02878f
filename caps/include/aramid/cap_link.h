/* SPDX-License-Identifier: MIT
 *
 * Objects of different profiles disagree on the size of a token, so they must not be linked with
 * each other. Each object that includes aramid/cap.h refers to a symbol named after its profile,
 * from a section that is not loaded; the library (src/profile.c) defines the symbol of its own
 * profile alone. The other profiles' references stay undefined, and the linker names them.
 */
#pragma once

#include <aramid/profile.h>
#include <aramid/tool.h>

#define CAP_STRING__(x)  #x
#define CAP_STRING_(x)   CAP_STRING__(x)
#define CAP_JOIN__(a, b) a##b
#define CAP_JOIN_(a, b)  CAP_JOIN__(a, b)

/* aramid_is_built_as_FORTRESS and so on. */
#define CAP_PROFILE_SYMBOL CAP_JOIN_(aramid_is_built_as_, ARAMID_PROFILE)

#if !ARAMID_READ_BY_TOOL
/* clang-format off */
__asm__(".pushsection .data.rel.ro.aramid_profile, \"awGR\", %progbits, "
	CAP_STRING_(CAP_PROFILE_SYMBOL) "_reference, comdat\n"
	".quad " CAP_STRING_(CAP_PROFILE_SYMBOL) "\n"
	".popsection\n");
/* clang-format on */
#endif
