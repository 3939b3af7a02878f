/* SPDX-License-Identifier: MIT
 *
 * execve(2) of what is no good program: ENOEXEC, or another clear error, or a killed child;
 * never a kernel fault, and the caller's own image stays whole on an error.
 */
#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include "expect.h"

#define NAME "/tmp/program"

static char image[4 << 20];
static size_t image_size;

static void write_program(const void *content, size_t size)
{
	int fd = open(NAME, O_WRONLY | O_CREAT | O_TRUNC, 0700);

	EXPECT(fd >= 0 && write(fd, content, size) == (ssize_t)size);
	close(fd);
}

/* execve's error, or 0 when the program ran (whatever became of it). */
static int try_program(void)
{
	char *const arguments[] = {NAME, "ran", NULL};
	int status;
	pid_t child = fork();

	if (child == 0) {
		execve(NAME, arguments, NULL);
		_exit(errno);
	}
	EXPECT(waitpid(child, &status, 0) == child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

static void test_headers(void)
{
	static const size_t lengths[] = {0, 1, 3, 4, 16, 40, 63};
	Elf64_Ehdr *header = (Elf64_Ehdr *)image, kept = *header;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		write_program(image, lengths[i]);
		EXPECT(try_program() == ENOEXEC);
	}
	header->e_machine = EM_AARCH64;
	write_program(image, image_size);
	EXPECT(try_program() == ENOEXEC);
	*header = kept;
	header->e_ident[EI_CLASS] = ELFCLASS32;
	header->e_machine = EM_SPARC;
	write_program(image, image_size);
	EXPECT(try_program() == ENOEXEC);
	*header = kept;
	header->e_type = ET_REL;
	write_program(image, image_size);
	EXPECT(try_program() == ENOEXEC);
	*header = kept;
	header->e_phentsize = 7;
	write_program(image, image_size);
	EXPECT(try_program() == ENOEXEC);
	*header = kept;
	header->e_phnum = 0;
	write_program(image, image_size);
	EXPECT(try_program() == ENOEXEC);
	*header = kept;
	/* The table lies beyond the end of the file, or its offset overflows. */
	header->e_phoff = image_size + 100;
	write_program(image, image_size);
	EXPECT(try_program() != 0);
	header->e_phoff = ~0UL - 50;
	write_program(image, image_size);
	EXPECT(try_program() != 0);
	*header = kept;
}

/* Each field of the first loaded segment, in turn, becomes nonsense. */
static void test_segments(void)
{
	static const uint64_t nonsense[] = {0xffffffff80000000, ~0UL - 0xfff, 1UL << 47,
	                                    1UL << 63,          ~0UL,         0x123456789};
	Elf64_Ehdr *header = (Elf64_Ehdr *)image;
	Elf64_Phdr *segments = (Elf64_Phdr *)(image + header->e_phoff), *load = segments, kept;

	while (load->p_type != PT_LOAD)
		load++;
	kept = *load;
	for (size_t i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++) {
		uint64_t *const fields[] = {&load->p_offset, &load->p_vaddr, &load->p_filesz,
		                            &load->p_memsz};

		for (size_t f = 0; f < sizeof(fields) / sizeof(fields[0]); f++) {
			*fields[f] = nonsense[i];
			write_program(image, image_size);
			/* Any error will do, and so does a killed child: the kernel goes on. */
			try_program();
			*load = kept;
		}
	}
	load->p_filesz = load->p_memsz + 1;
	write_program(image, image_size);
	try_program();
	*load = kept;
	header->e_entry = 0xffffffff80000000;
	write_program(image, image_size);
	try_program();
}

static void test_truncation(void)
{
	for (size_t size = 64; size < image_size; size += image_size / 17) {
		write_program(image, size);
		try_program();
	}
}

static void test_other_errors(void)
{
	char *arguments[] = {NAME, NULL}, *many[3000], *huge;

	EXPECT_ERROR(ENOENT, execve("/tmp/none", arguments, NULL));
	EXPECT_ERROR(EACCES, execve("/tmp", arguments, NULL));
	EXPECT_ERROR(EACCES, execve("/etc/motd", arguments, NULL));
	EXPECT_ERROR(ENOTDIR, execve("/etc/motd/x", arguments, NULL));
	write_program("#!/none/interpreter\n", 20);
	EXPECT(try_program() == ENOENT);
	write_program("plain text\n", 11);
	EXPECT(try_program() == ENOEXEC);
	write_program("#!/bin/sh\nexit 9\n", 17);
	EXPECT(try_program() == 9);
	/* Arguments beyond ARG_MAX: 3,000 of 8 KiB are more than any kernel takes here. */
	huge = malloc(8192);
	memset(huge, 'a', 8191);
	huge[8191] = 0;
	for (int i = 0; i < 2999; i++)
		many[i] = huge;
	many[2999] = NULL;
	EXPECT_ERROR(E2BIG, execve("/bin/true", many, NULL));
	free(huge);
}

int main(int argc, char **argv)
{
	ssize_t got;
	int fd;

	/* The damaged programs are copies of this one: where the damage is harmless, it ran. */
	if (argc > 1)
		return strcmp(argv[1], "ran");
	fd = open("/proc/self/exe", O_RDONLY);

	while ((got = read(fd, image + image_size, sizeof(image) - image_size)) > 0)
		image_size += (size_t)got;
	close(fd);
	EXPECT(image_size > 1000);
	if (expect_failures)
		return expect_result();
	test_headers();
	test_segments();
	test_truncation();
	test_other_errors();
	unlink(NAME);
	return expect_result();
}
