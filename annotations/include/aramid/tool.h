/* SPDX-License-Identifier: MIT
 *
 * Which tool is reading. A header that must show a tool something else than it shows the
 * compiler (a phantom field where the build has an empty struct, a declaration where the build
 * has an inline function) asks here, so that the tools' own names stand in one place.
 */
#pragma once

/* Stock Sparse and capflow, which is built on Sparse's library. */
#ifdef __CHECKER__
#define ARAMID_READ_BY_SPARSE 1
#else
#define ARAMID_READ_BY_SPARSE 0
#endif

/* The Clang Static Analyzer; Clang predefines the name under --analyze only. */
#ifdef __clang_analyzer__
#define ARAMID_READ_BY_ANALYZER 1
#else
#define ARAMID_READ_BY_ANALYZER 0
#endif

/* Frama-C; its own preprocessing defines the name. */
#ifdef __FRAMAC__
#define ARAMID_READ_BY_FRAMAC 1
#else
#define ARAMID_READ_BY_FRAMAC 0
#endif

/* No code will come of this reading. */
#define ARAMID_READ_BY_TOOL                                                                        \
	(ARAMID_READ_BY_SPARSE || ARAMID_READ_BY_ANALYZER || ARAMID_READ_BY_FRAMAC)
