/* SPDX-License-Identifier: MIT */
#include <kernel/mm/elf.h>

#include <arch/page.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/user_range.h>

#define INTERPRETER_MAX 4096 /* PATH_MAX, with the NUL */

int elf_check_header(const Elf64_Ehdr *header, uint64_t available, uint64_t file_size)
{
	const unsigned char *ident = header->e_ident;
	uint64_t table_size;

	if (available < sizeof(*header))
		return -ENOEXEC;
	if (ident[EI_MAG0] != ELFMAG0 || ident[EI_MAG1] != ELFMAG1 || ident[EI_MAG2] != ELFMAG2 ||
	    ident[EI_MAG3] != ELFMAG3 || ident[EI_CLASS] != ELFCLASS64 ||
	    ident[EI_DATA] != ELFDATA2LSB || ident[EI_VERSION] != EV_CURRENT)
		return -ENOEXEC;
	if ((header->e_type != ET_EXEC && header->e_type != ET_DYN) ||
	    header->e_machine != EM_X86_64 || header->e_phentsize != sizeof(Elf64_Phdr) ||
	    header->e_phnum == 0 || header->e_phnum > ELF_SEGMENTS_MAX)
		return -ENOEXEC;
	table_size = header->e_phnum * sizeof(Elf64_Phdr);
	if (table_size > file_size || header->e_phoff > file_size - table_size)
		return -ENOEXEC;
	return 0;
}

/* [offset, offset + size) lies in the file. */
/*@ assigns \nothing;
    ensures \result <==> offset + size <= file_size; */
static bool lies_in_file(uint64_t offset, uint64_t size, uint64_t file_size)
{
	return size <= file_size && offset <= file_size - size;
}

/*@ requires \valid_read(segment);
    assigns \nothing;
    ensures \result <==> elf_segment_sound(segment, file_size); */
static bool segment_is_sound(const Elf64_Phdr *segment, uint64_t file_size)
{
	return segment->p_filesz <= segment->p_memsz &&
	       lies_in_file(segment->p_offset, segment->p_filesz, file_size) &&
	       user_range_ok(segment->p_vaddr, segment->p_memsz) &&
	       segment->p_vaddr % PAGE_SIZE == segment->p_offset % PAGE_SIZE;
}

/* Where the program header table lands in memory, if this segment brings it along. */
/*@ requires \valid_read(segment);
    requires segment->p_vaddr + segment->p_filesz <= USER_LIMIT;
    assigns \nothing;
    ensures \result == 0 || (segment->p_vaddr <= \result &&
      \result + table_size <= segment->p_vaddr + segment->p_filesz &&
      \result - segment->p_vaddr == table - segment->p_offset); */
static uint64_t headers_in(const Elf64_Phdr *segment, uint64_t table, uint64_t table_size)
{
	if (table < segment->p_offset || table - segment->p_offset > segment->p_filesz ||
	    segment->p_filesz - (table - segment->p_offset) < table_size)
		return 0;
	return segment->p_vaddr + (table - segment->p_offset);
}

/* Its segment is one more of the layout's, behind all that are there. */
/*@ requires \valid_read(header) && \valid_read(segment) && \valid(layout);
    requires \separated(layout, header) && \separated(layout, segment);
    requires header->e_phnum <= ELF_SEGMENTS_MAX;
    requires !first ==> layout->end <= USER_LIMIT;
    requires !first && layout->headers != 0 ==>
      layout->start <= layout->headers &&
      layout->headers + header->e_phnum * sizeof(Elf64_Phdr) <= layout->end;
    requires first ==> layout->headers == 0;
    requires !first ==> layout->start < layout->end && layout->start % PAGE_SIZE == 0;
    assigns layout->start, layout->end, layout->headers;
    ensures \result == 0 || \result == -ENOEXEC;
    ensures \result == 0 ==> elf_segment_sound(segment, file_size);
    ensures \result == 0 ==>
      layout->start == (first ? page_down(segment->p_vaddr) : \old(layout->start));
    ensures \result == 0 ==> layout->end == page_up(segment->p_vaddr + segment->p_memsz);
    ensures \result == 0 && !first ==> page_down(segment->p_vaddr) >= \old(layout->end);
    ensures \result == 0 && segment->p_memsz > 0 ==>
      layout->start < layout->end <= USER_LIMIT;
    ensures \result == 0 ==> layout->start % PAGE_SIZE == 0;
    ensures \result == 0 && layout->headers != 0 ==>
      layout->start <= layout->headers &&
      layout->headers + header->e_phnum * sizeof(Elf64_Phdr) <= layout->end; */
static int add_load(const Elf64_Ehdr *header, const Elf64_Phdr *segment, uint64_t file_size,
                    bool first, struct elf_layout *layout)
{
	uint64_t start = PAGE_ALIGN_DOWN(segment->p_vaddr);

	if (!segment_is_sound(segment, file_size))
		return -ENOEXEC;
	/* The table is sorted by address (ELF-64, Program Header), so one comparison finds
	 * overlaps. */
	if (!first && start < layout->end)
		return -ENOEXEC;
	if (first)
		layout->start = start;
	layout->end = PAGE_ALIGN_UP(segment->p_vaddr + segment->p_memsz);
	if (layout->headers == 0)
		layout->headers =
		        headers_in(segment, header->e_phoff, header->e_phnum * sizeof(Elf64_Phdr));
	return 0;
}

int elf_check_segments(const Elf64_Ehdr *header, const Elf64_Phdr *segments, unsigned int count,
                       uint64_t file_size, struct elf_layout *layout)
{
	bool loads = false;

	layout->relocatable = header->e_type == ET_DYN;
	layout->entry = header->e_entry;
	layout->start = layout->end = layout->headers = 0;
	layout->interpreter_offset = layout->interpreter_size = 0;
	/*@ loop invariant 0 <= i <= count;
	    loop invariant !loads ==> layout->headers == 0;
	    loop invariant loads ==> layout->start < layout->end <= USER_LIMIT;
	    loop invariant loads ==> layout->start % PAGE_SIZE == 0;
	    loop invariant loads && layout->headers != 0 ==>
	      layout->start <= layout->headers &&
	      layout->headers + header->e_phnum * sizeof(Elf64_Phdr) <= layout->end;
	    loop assigns i, loads, layout->start, layout->end, layout->headers,
	      layout->interpreter_offset, layout->interpreter_size;
	    loop variant count - i; */
	for (unsigned int i = 0; i < count; i++) {
		const Elf64_Phdr *segment = &segments[i];

		if (segment->p_type == PT_LOAD && segment->p_memsz > 0) {
			if (add_load(header, segment, file_size, !loads, layout) != 0)
				return -ENOEXEC;
			loads = true;
		} else if (segment->p_type == PT_INTERP && layout->interpreter_size == 0) {
			if (segment->p_filesz < 2 || segment->p_filesz > INTERPRETER_MAX ||
			    !lies_in_file(segment->p_offset, segment->p_filesz, file_size))
				return -ENOEXEC;
			layout->interpreter_offset = segment->p_offset;
			layout->interpreter_size = segment->p_filesz;
		}
	}
	if (!loads || layout->entry < layout->start || layout->entry >= layout->end)
		return -ENOEXEC;
	return 0;
}
