/* SPDX-License-Identifier: MIT
 *
 * What an ELF64 program says of itself, checked before anything is believed: pure
 * functions over copies of its headers. For any contents they read only what they
 * are given. Source: ELF-64 Object File Format 1.5; System V ABI, AMD64 supplement.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <linux/elf.h>

#define ELF_SEGMENTS_MAX 64 /* rows of the program header table; a program has about a dozen */

/* Bytes of the interpreter's name with its NUL: PATH_MAX. */
#define INTERPRETER_MAX 4096

/* What loading needs of the program headers. Addresses as in the file, before the load bias. */
struct elf_layout {
	bool relocatable; /* ET_DYN: goes where the kernel likes */
	uint64_t entry;
	uint64_t start, end; /* page-aligned span of all loadable segments */
	uint64_t headers;    /* address of the program header table in memory, 0 if it has none */
	uint64_t interpreter_offset, interpreter_size; /* PT_INTERP in the file; size 0: none */
};

/* The file header: 0, or -ENOEXEC when it is no program for this machine. available: how many
 * of its bytes the file had. */
int __must_check elf_check_header(const Elf64_Ehdr *header, uint64_t available, uint64_t file_size);

/* The program headers (count == header->e_phnum rows) of a file whose header was checked: fills
 * layout and answers 0, or -ENOEXEC: a segment that lies outside the file or outside user
 * space, that overlaps another, or a program without any. */
int __must_check elf_check_segments(const Elf64_Ehdr *header, const Elf64_Phdr *segments,
                                    unsigned int count, uint64_t file_size,
                                    struct elf_layout *layout);
