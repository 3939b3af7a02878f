/* SPDX-License-Identifier: MIT
 *
 * Who may call a function, by ring: 0 the machine (arch), 1 the core (kernel), 2 a service. A
 * file says which ring it is compiled for with -DARAMID_RING=0, 1 or 2 (the default is the
 * core's). In a service's file a call of a CORE_ONLY function is a compile-time error, with
 * Clang and GCC alike; the declaration itself is harmless. The error is raised for the calls
 * that the optimiser leaves, so the object gate reads the references as well.
 */
#pragma once

#ifndef ARAMID_RING
#define ARAMID_RING 1
#endif

#if ARAMID_RING >= 2 && !defined(__CHECKER__) && !defined(__FRAMAC__)
#define CORE_ONLY __attribute__((error("only the core may call this function")))
#else
#define CORE_ONLY
#endif

/* Part of the core's face to services: callable from rings 1 and 2. A word for readers and for
 * the table of core functions that services may call. */
#define SERVICE_MAY_CALL
