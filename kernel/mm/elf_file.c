/* SPDX-License-Identifier: MIT */
#include <kernel/mm/elf_file.h>

#include <arch/page.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/space_writer.h>
#include <kernel/mm/vmspace.h>
#include <kernel/vfs/vnode.h>
#include <linux/mman.h>

static int read_headers(struct elf_file *file)
{
	uint64_t table_size;
	long length = vnode_read(file->vnode, 0, &file->header, sizeof(file->header));
	int error;

	if (length < 0)
		return (int)length;
	error = elf_check_header(&file->header, (uint64_t)length, file->size);
	if (error != 0)
		return error;
	table_size = file->header.e_phnum * sizeof(file->segments[0]);
	length = vnode_read(file->vnode, file->header.e_phoff, file->segments, table_size);
	if (length < 0)
		return (int)length;
	if ((uint64_t)length != table_size)
		return -ENOEXEC;
	return elf_check_segments(&file->header, file->segments, file->header.e_phnum, file->size,
	                          &file->layout);
}

int elf_open(struct vnode *vnode, uint64_t size, struct elf_file **result)
{
	struct elf_file *file = heap_alloc(&core_heap, sizeof(*file));
	int error;

	if (file == NULL)
		return -ENOMEM;
	file->vnode = vnode;
	file->size = size;
	error = read_headers(file);
	if (error != 0) {
		elf_close(file);
		return error;
	}
	*result = file;
	return 0;
}

void elf_close(struct elf_file *file)
{
	heap_free(&core_heap, file);
}

static int protection_of(const Elf64_Phdr *segment)
{
	return (segment->p_flags & PF_R ? PROT_READ : 0) |
	       (segment->p_flags & PF_W ? PROT_WRITE : 0) |
	       (segment->p_flags & PF_X ? PROT_EXEC : 0);
}

/* A fixed mapping: 0 or a negative errno. */
static int map_at(struct vmspace *space, uint64_t start, uint64_t end, int protection,
                  struct vnode *vnode, uint64_t offset)
{
	int flags = MAP_PRIVATE | MAP_FIXED | (vnode == NULL ? MAP_ANONYMOUS : 0);
	long result;

	if (start == end)
		return 0;
	result = vmspace_map(space, start, end - start, protection, flags, vnode, offset);
	if (result >= 0)
		return 0;
	return result == -ENOMEM ? -ENOMEM : -ENOEXEC;
}

static int map_segment(struct vmspace *space, const struct elf_file *file,
                       const Elf64_Phdr *segment)
{
	uint64_t address = file->bias + segment->p_vaddr, start = PAGE_ALIGN_DOWN(address);
	uint64_t file_end = address + segment->p_filesz;
	uint64_t mapped_end = segment->p_filesz == 0 ? start : PAGE_ALIGN_UP(file_end);
	uint64_t end = PAGE_ALIGN_UP(address + segment->p_memsz);
	int protection = protection_of(segment);
	struct space_writer writer;
	int error = map_at(space, start, mapped_end, protection, file->vnode,
	                   PAGE_ALIGN_DOWN(segment->p_offset));

	if (error == 0)
		error = map_at(space, mapped_end, end, protection, NULL, 0);
	if (error != 0 || segment->p_memsz == segment->p_filesz || file_end >= mapped_end ||
	    !(protection & PROT_WRITE))
		return error;
	/* Zeroed data starts within the last page of the file's data. */
	writer_start(&writer, space, file_end);
	writer_clear(&writer, mapped_end - file_end);
	return writer_finish(&writer);
}

int elf_map(struct elf_file *file, struct vmspace *space, uint64_t hint)
{
	const struct elf_layout *layout = &file->layout;
	int error = 0;

	file->bias = 0;
	if (layout->relocatable) {
		/* One reservation for the whole span keeps the segments together. */
		long base = vmspace_map(space, hint, layout->end - layout->start, PROT_NONE,
		                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, NULL, 0);

		if (base < 0)
			return -ENOMEM;
		file->bias = (uint64_t)base - layout->start;
	}
	for (unsigned int i = 0; i < file->header.e_phnum && error == 0; i++) {
		if (file->segments[i].p_type == PT_LOAD && file->segments[i].p_memsz > 0)
			error = map_segment(space, file, &file->segments[i]);
	}
	return error;
}
