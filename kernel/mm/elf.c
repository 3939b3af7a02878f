/* SPDX-License-Identifier: MIT */
#include <kernel/mm/elf.h>

#include <arch/page.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/user_range.h>

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

/* The pages that a sound segment covers: the first, and behind the last. */
/*@ requires \valid_read(segment);
    assigns \nothing;
    ensures \result == segment_start(segment);
    ensures \result % PAGE_SIZE == 0 && \result <= segment->p_vaddr; */
static uint64_t start_of(const Elf64_Phdr *segment)
{
	return PAGE_ALIGN_DOWN(segment->p_vaddr);
}

/*@ requires \valid_read(segment);
    requires segment->p_vaddr + segment->p_memsz <= USER_LIMIT;
    assigns \nothing;
    ensures \result == segment_end(segment);
    ensures segment->p_vaddr + segment->p_memsz <= \result <= USER_LIMIT; */
static uint64_t end_of(const Elf64_Phdr *segment)
{
	return PAGE_ALIGN_UP(segment->p_vaddr + segment->p_memsz);
}

/*@ requires \valid_read(segment);
    assigns \nothing;
    ensures \result <==> 2 <= segment->p_filesz <= INTERPRETER_MAX &&
      segment->p_offset + segment->p_filesz <= file_size; */
static bool may_name_interpreter(const Elf64_Phdr *segment, uint64_t file_size)
{
	return segment->p_filesz >= 2 && segment->p_filesz <= INTERPRETER_MAX &&
	       lies_in_file(segment->p_offset, segment->p_filesz, file_size);
}

int elf_check_segments(const Elf64_Ehdr *header, const Elf64_Phdr *segments, unsigned int count,
                       uint64_t file_size, struct elf_layout *layout)
{
	uint64_t start = 0, end = 0, headers = 0, interpreter_offset = 0, interpreter_size = 0;

	/*@ loop invariant 0 <= i <= count && start % PAGE_SIZE == 0;
	    loop invariant span: end == 0 || start < end <= USER_LIMIT;
	    loop invariant sound: \forall integer k; 0 <= k < i && elf_loads(segments + k) ==>
	      elf_segment_sound(segments + k, file_size);
	    loop invariant inside: \forall integer k; 0 <= k < i && elf_loads(segments + k) ==>
	      start <= segment_start(segments + k) && segment_end(segments + k) <= end;
	    loop invariant apart: \forall integer j, integer k; 0 <= j < k < i &&
	      elf_loads(segments + j) && elf_loads(segments + k) ==>
	      segment_end(segments + j) <= segment_start(segments + k);
	    loop invariant table: headers == 0 ||
	      (start <= headers && headers + header->e_phnum * sizeof(Elf64_Phdr) <= end);
	    loop invariant name: interpreter_size == 0 ||
	      (2 <= interpreter_size <= INTERPRETER_MAX &&
	       interpreter_offset + interpreter_size <= file_size);
	    loop assigns i, start, end, headers, interpreter_offset, interpreter_size;
	    loop variant count - i; */
	for (unsigned int i = 0; i < count; i++) {
		const Elf64_Phdr *segment = &segments[i];

		if (segment->p_type == PT_LOAD && segment->p_memsz > 0) {
			/* The table is sorted by address (ELF-64, Program Header), so one
			 * comparison finds overlaps. */
			if (!segment_is_sound(segment, file_size) || start_of(segment) < end)
				return -ENOEXEC;
			if (end == 0)
				start = start_of(segment);
			end = end_of(segment);
			if (headers == 0)
				headers = headers_in(segment, header->e_phoff,
				                     header->e_phnum * sizeof(Elf64_Phdr));
		} else if (segment->p_type == PT_INTERP && interpreter_size == 0) {
			if (!may_name_interpreter(segment, file_size))
				return -ENOEXEC;
			interpreter_offset = segment->p_offset;
			interpreter_size = segment->p_filesz;
		}
	}
	/* A program without segments has no room for its entry. */
	if (header->e_entry < start || header->e_entry >= end)
		return -ENOEXEC;
	layout->relocatable = header->e_type == ET_DYN;
	layout->entry = header->e_entry;
	layout->start = start;
	layout->end = end;
	layout->headers = headers;
	layout->interpreter_offset = interpreter_offset;
	layout->interpreter_size = interpreter_size;
	return 0;
}
