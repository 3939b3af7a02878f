/* SPDX-License-Identifier: MIT
 *
 * The parts of fault_load, the program that uses every service while one of them is faulty.
 *
 * What it says on standard output, one line each:
 *
 *   failed WHAT ERRNO    a call was refused with an honest error (EIO, ENOMEM, ENOSPC)
 *   wrong WHAT: TEXT     a call succeeded, or failed with another error, against the model
 *   lost WHAT: TEXT      at the end, what had been told to be done is not there or not right
 *   answers SERVICE yes|no   whether it works again afterwards
 *   before NAME N, after NAME N   /proc/audit, the least in use of several readings
 *   bystander yes|no     whether a process that uses no service went on all the while
 *   verdict
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum result { DONE, FAILED, WRONG };

/* ---- fault_load.c ---- */

/* The next of the run's pseudo-random numbers, below limit. */
uint32_t any_below(uint32_t limit);

/* After a call that did not do what the model wants: an honest refusal, or a wrong answer
 * (errno tells). */
enum result refused(const char *what);
enum result wrong(const char *what, const char *text);

/* ---- fault_files.c: files of the root's file system against a model of them ---- */

void files_start(void);
/* One operation of any kind. */
enum result files_step(void);
/* One operation of each kind. */
enum result files_tour(void);
/* Every file and directory against the model; says what is lost. */
void files_check(void);
/* Remove them all. */
void files_end(void);

/* ---- fault_others.c: devices, process files, programs ---- */

enum result devices_step(void);
enum result processes_step(void);
enum result programs_step(void);
enum result devices_tour(void);
enum result processes_tour(void);
