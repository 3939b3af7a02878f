/* SPDX-License-Identifier: MIT
 *
 * What is proved of the ELF checks, for any contents: no read outside of what the caller gave, and
 * a file that passes has only what the predicates say.
 */
#define BITS_PAGE_MASK
#include "bits.h"
#include <arch/page.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/elf.h>
#include <kernel/mm/user_range.h>

/*@ logic integer page_down(integer x) = x - x % 4096;
    logic integer page_up(integer x) = page_down(x + 4095);
    logic integer segment_start(Elf64_Phdr *segment) = page_down(segment->p_vaddr);
    logic integer segment_end(Elf64_Phdr *segment) =
      page_up(segment->p_vaddr + segment->p_memsz);

    predicate elf_header_sound(Elf64_Ehdr *header, integer file_size) =
      header->e_ident[0] == 0x7f && header->e_ident[1] == 'E' && header->e_ident[2] == 'L' &&
      header->e_ident[3] == 'F' && header->e_ident[EI_CLASS] == ELFCLASS64 &&
      header->e_ident[EI_DATA] == ELFDATA2LSB && header->e_ident[EI_VERSION] == EV_CURRENT &&
      (header->e_type == ET_EXEC || header->e_type == ET_DYN) &&
      header->e_machine == EM_X86_64 && header->e_phentsize == sizeof(Elf64_Phdr) &&
      1 <= header->e_phnum <= ELF_SEGMENTS_MAX &&
      header->e_phoff + header->e_phnum * sizeof(Elf64_Phdr) <= file_size;

    predicate elf_loads(Elf64_Phdr *segment) =
      segment->p_type == PT_LOAD && segment->p_memsz > 0;

    predicate elf_segment_sound(Elf64_Phdr *segment, integer file_size) =
      segment->p_filesz <= segment->p_memsz &&
      segment->p_offset + segment->p_filesz <= file_size &&
      segment->p_vaddr + segment->p_memsz <= USER_LIMIT &&
      segment->p_vaddr % PAGE_SIZE == segment->p_offset % PAGE_SIZE;
 */

/* Not called here. */
/*@ assigns \result \from pa; */
static inline void *phys_to_virt(paddr_t pa);
/*@ assigns \nothing; */
static inline paddr_t virt_to_phys(const void *va);

/* Of a header that is not there in full nothing is read. */
/*@ requires available >= sizeof(*header) ==> \valid_read(header);
    assigns \nothing;
    ensures \result == 0 || \result == -ENOEXEC;
    ensures \result == 0 <==>
      available >= sizeof(*header) && elf_header_sound(header, file_size); */
int elf_check_header(const Elf64_Ehdr *header, uint64_t available, uint64_t file_size);

/* Of a program that passes each loadable segment is sound, they lie apart and in order within the
 * page-aligned span, which lies in user space, the entry and the header table lie in the span, and
 * the interpreter's name lies in the file. */
/*@ requires \valid_read(header) && \valid(layout);
    requires count == header->e_phnum && count <= ELF_SEGMENTS_MAX;
    requires \valid_read(segments + (0 .. count - 1));
    requires \separated(layout, header);
    requires \separated(layout, segments + (0 .. count - 1));
    assigns *layout;
    ensures \result == 0 || \result == -ENOEXEC;
    ensures \result == 0 ==>
      layout->start <= layout->entry < layout->end <= USER_LIMIT &&
      layout->start % PAGE_SIZE == 0;
    ensures \result == 0 ==> \forall integer k; 0 <= k < count && elf_loads{Pre}(segments + k) ==>
      elf_segment_sound{Pre}(segments + k, file_size) &&
      layout->start <= segment_start{Pre}(segments + k) &&
      segment_end{Pre}(segments + k) <= layout->end;
    ensures \result == 0 ==> \forall integer j, integer k; 0 <= j < k < count &&
      elf_loads{Pre}(segments + j) && elf_loads{Pre}(segments + k) ==>
      segment_end{Pre}(segments + j) <= segment_start{Pre}(segments + k);
    ensures \result == 0 && layout->headers != 0 ==>
      layout->start <= layout->headers &&
      layout->headers + count * sizeof(Elf64_Phdr) <= layout->end;
    ensures \result == 0 && layout->interpreter_size != 0 ==>
      2 <= layout->interpreter_size <= INTERPRETER_MAX &&
      layout->interpreter_offset + layout->interpreter_size <= file_size; */
int elf_check_segments(const Elf64_Ehdr *header, const Elf64_Phdr *segments, unsigned int count,
                       uint64_t file_size, struct elf_layout *layout);
