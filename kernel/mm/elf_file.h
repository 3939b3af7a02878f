/* SPDX-License-Identifier: MIT
 *
 * An ELF file that is being loaded. For kernel/mm alone; all may sleep.
 */
#pragma once

#include <stdint.h>

#include <aramid/check.h>
#include <kernel/mm/elf.h>

struct vmspace;
struct vnode;

/* Too large for a kernel stack: on the core's heap. */
struct elf_file {
	struct vnode *vnode; /* the opener's reference */
	uint64_t size;
	Elf64_Ehdr header;
	Elf64_Phdr segments[ELF_SEGMENTS_MAX];
	struct elf_layout layout;
	uint64_t bias; /* set by elf_map: what is added to the file's addresses */
};

/* Read and check the headers of a file that the caller keeps open: 0, -ENOEXEC, -ENOMEM, -EIO. */
int __must_check elf_open(struct vnode *vnode, uint64_t size, struct elf_file **file);
void elf_close(struct elf_file *file);

/* Map all segments into a space that nobody uses yet; a relocatable file goes to hint (0:
 * anywhere). 0, -ENOEXEC, -ENOMEM, -EIO. */
int __must_check elf_map(struct elf_file *file, struct vmspace *space, uint64_t hint);
