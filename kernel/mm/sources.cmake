# SPDX-License-Identifier: MIT
list(APPEND ARAMID_KERNEL_SOURCES
  kernel/mm/bit_tree.c
  kernel/mm/bit_tree_init.c
  kernel/mm/brk.c
  kernel/mm/buddy.c
  kernel/mm/buddy_init.c
  kernel/mm/elf.c
  kernel/mm/elf_file.c
  kernel/mm/exec.c
  kernel/mm/exec_arguments.c
  kernel/mm/exec_open.c
  kernel/mm/exec_stack.c
  kernel/mm/fault.c
  kernel/mm/heap.c
  kernel/mm/mapping.c
  kernel/mm/mmap.c
  kernel/mm/page_alloc.c
  kernel/mm/region.c
  kernel/mm/remap.c
  kernel/mm/script.c
  kernel/mm/shared_memory.c
  kernel/mm/space_writer.c
  kernel/mm/stack_area.c
  kernel/mm/user_copy.c
  kernel/mm/user_word.c
  kernel/mm/vmspace.c
)
