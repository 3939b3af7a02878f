/* SPDX-License-Identifier: MIT
 *
 * ELF checking: this very program passes, and what is cut or bent does not harm.
 */
#include "cmocka_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kernel/mm/elf.h>
#include <kernel/mm/user_range.h>

static Elf64_Ehdr header;
static Elf64_Phdr segments[ELF_SEGMENTS_MAX];
static uint64_t file_size;

static int read_own_file(void **state)
{
	FILE *file = fopen("/proc/self/exe", "rb");

	(void)state;
	assert_non_null(file);
	assert_int_equal(fread(&header, sizeof(header), 1, file), 1);
	assert_int_equal(fseek(file, (long)header.e_phoff, SEEK_SET), 0);
	assert_int_equal(fread(segments, sizeof(segments[0]), header.e_phnum, file),
	                 header.e_phnum);
	fseek(file, 0, SEEK_END);
	file_size = (uint64_t)ftell(file);
	return fclose(file);
}

static int check(uint64_t size, struct elf_layout *layout)
{
	uint64_t available = size < sizeof(header) ? size : sizeof(header);

	if (elf_check_header(&header, available, size) != 0)
		return -ENOEXEC;
	/* Rows behind the last one must not be read: they are poisoned by being absent. */
	Elf64_Phdr *rows = malloc(header.e_phnum * sizeof(*rows));
	memcpy(rows, segments, header.e_phnum * sizeof(*rows));
	int result = elf_check_segments(&header, rows, header.e_phnum, size, layout);
	free(rows);
	return result;
}

static void a_real_program_passes_with_its_layout(void **state)
{
	struct elf_layout layout;

	(void)state;
	assert_int_equal(check(file_size, &layout), 0);
	assert_int_equal(layout.entry, header.e_entry);
	assert_true(layout.relocatable == (header.e_type == ET_DYN));
	assert_true(layout.interpreter_size > 1);
	assert_true(layout.headers != 0);
	assert_int_equal(layout.start % 4096, 0);
	assert_true(layout.end > layout.start);
}

static void a_program_cut_anywhere_in_what_is_loaded_is_refused(void **state)
{
	uint64_t needed = 0;
	struct elf_layout layout;

	(void)state;
	for (int i = 0; i < header.e_phnum; i++) {
		uint64_t end = segments[i].p_offset + segments[i].p_filesz;

		if (segments[i].p_type == PT_LOAD && end > needed)
			needed = end;
	}
	for (uint64_t size = 0; size < needed; size++)
		assert_int_equal(check(size, &layout), -ENOEXEC);
	assert_int_equal(check(needed, &layout), 0);
}

static void any_single_flipped_bit_is_accepted_only_with_a_layout_in_user_space(void **state)
{
	const Elf64_Ehdr good_header = header;
	struct elf_layout layout;

	(void)state;
	for (unsigned int bit = 0; bit < sizeof(header) * 8; bit++) {
		((unsigned char *)&header)[bit / 8] ^= (unsigned char)(1u << bit % 8);
		if (check(file_size, &layout) == 0)
			assert_true(layout.end <= USER_LIMIT && layout.entry < layout.end);
		header = good_header;
	}
	for (unsigned int bit = 0; bit < header.e_phnum * sizeof(segments[0]) * 8; bit++) {
		unsigned char *byte = (unsigned char *)segments + bit / 8;

		*byte ^= (unsigned char)(1u << bit % 8);
		if (check(file_size, &layout) == 0) {
			assert_true(layout.end <= USER_LIMIT && layout.start < layout.end);
			assert_true(layout.interpreter_offset + layout.interpreter_size <=
			            file_size);
		}
		*byte ^= (unsigned char)(1u << bit % 8);
	}
}

static void random_tables_never_harm(void **state)
{
	static Elf64_Phdr rows[ELF_SEGMENTS_MAX];
	struct elf_layout layout;

	(void)state;
	srandom(2);
	for (int round = 0; round < 200000; round++) {
		Elf64_Ehdr bent = header;

		bent.e_phnum = (Elf64_Half)(random() % 100);
		bent.e_phoff = (uint64_t)random() << (random() % 33);
		if (elf_check_header(&bent, sizeof(bent), file_size) != 0)
			continue;
		for (unsigned int i = 0; i < sizeof(rows); i += 4)
			*(uint32_t *)((char *)rows + i) = (uint32_t)random() >> (random() % 32);
		if (elf_check_segments(&bent, rows, bent.e_phnum, file_size, &layout) == 0)
			assert_true(layout.end <= USER_LIMIT);
	}
}

static void other_machines_and_objects_are_refused(void **state)
{
	static const struct {
		size_t offset;
		unsigned char value;
	} changes[] = {
	        {EI_MAG0, 'E'},
	        {EI_CLASS, ELFCLASS32},
	        {EI_DATA, ELFDATA2MSB},
	        {offsetof(Elf64_Ehdr, e_type), ET_REL},
	        {offsetof(Elf64_Ehdr, e_machine), 40},
	        {offsetof(Elf64_Ehdr, e_phentsize), 32},
	        {offsetof(Elf64_Ehdr, e_phnum), 0},
	};
	struct elf_layout layout;

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		const Elf64_Ehdr good = header;

		((unsigned char *)&header)[changes[i].offset] = changes[i].value;
		assert_int_equal(check(file_size, &layout), -ENOEXEC);
		header = good;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_real_program_passes_with_its_layout),
	        cmocka_unit_test(a_program_cut_anywhere_in_what_is_loaded_is_refused),
	        cmocka_unit_test(
	                any_single_flipped_bit_is_accepted_only_with_a_layout_in_user_space),
	        cmocka_unit_test(random_tables_never_harm),
	        cmocka_unit_test(other_machines_and_objects_are_refused),
	};

	return cmocka_run_group_tests(tests, read_own_file, NULL);
}
