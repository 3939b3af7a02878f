/* SPDX-License-Identifier: MIT
 *
 * The ELF checks as kernel/mm/elf_file.c calls them, on headers that may hold anything.
 */
#include <kernel/mm/elf.h>

int check_a_program(Elf64_Ehdr header, uint64_t available, uint64_t file_size);

extern Elf64_Phdr model_segments[ELF_SEGMENTS_MAX];

/*@ assigns \nothing; */
int check_a_program(Elf64_Ehdr header, uint64_t available, uint64_t file_size)
{
	struct elf_layout layout;
	int error = elf_check_header(&header, available, file_size);

	if (error != 0)
		return error;
	error = elf_check_segments(&header, model_segments, header.e_phnum, file_size, &layout);
	/*@ assert error == 0 ==> layout.entry < USER_LIMIT; */
	return error;
}
