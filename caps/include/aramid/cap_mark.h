/* SPDX-License-Identifier: MIT
 *
 * Which objects mint. A mint is an inline function, so that an object names it nowhere; this
 * leaves aramid_mints_KIND in the object's symbol table, a local name of the number 0, where the
 * object gate looks for it. It is no instruction and no data.
 *
 * Not with GCC, which moves other instructions round any volatile asm. There a mint that the
 * source shows to the compiler and hides from Sparse is for ./aramid check, which compiles each
 * file with mints as functions.
 */
#pragma once

#ifdef __clang__
#define CAP_MARK_MINT_(name) __asm__ volatile(".set aramid_mints_" #name ", 0")
#else
#define CAP_MARK_MINT_(name) ((void)0)
#endif
