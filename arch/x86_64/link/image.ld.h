/* SPDX-License-Identifier: MIT
 *
 * The layout of the image, shared by the two linker scripts (run through the C
 * preprocessor). Each service's code, constants and data lie in pages of their own,
 * from the manifest's rows. KEEP_UNWIND_TABLES is the only difference between them.
 */
#include <services/manifest.h>

#define BASE 0xffffffff80000000
#define PAGE 4096
#define LOAD(section) AT(ADDR(section) - BASE)

#define SERVICE_PART_(part, name, ...) SERVICE_PART_2_(part, name)
#define SERVICE_PART_2_(part, name)    SERVICE_##part##_(name)
#define SERVICE_text_(name)                                                                        \
	. = ALIGN(PAGE);                                                                           \
	name##_text_start = .;                                                                     \
	*service_##name.dir*(.text .text.*)                                                        \
	. = ALIGN(PAGE);                                                                           \
	name##_text_end = .;
#define SERVICE_rodata_(name)                                                                      \
	. = ALIGN(PAGE);                                                                           \
	*service_##name.dir*(.rodata .rodata.*)                                                    \
	. = ALIGN(PAGE);
#define SERVICE_data_(name)                                                                        \
	. = ALIGN(PAGE);                                                                           \
	name##_data_start = .;                                                                     \
	*service_##name.dir*(.data .data.* .bss .bss.* COMMON)                                     \
	. = ALIGN(PAGE);                                                                           \
	name##_data_end = .;

ENTRY(pvh_entry)

PHDRS
{
	note PT_NOTE FLAGS(4);
	boot_text PT_LOAD FLAGS(5);
	boot_data PT_LOAD FLAGS(6);
	text PT_LOAD FLAGS(5);
	rodata PT_LOAD FLAGS(4);
	data PT_LOAD FLAGS(6);
	symbols PT_LOAD FLAGS(4);
}

SECTIONS
{
	. = 0x100000;
	image_begin = . + BASE;
	.boot.text : { *(.boot.text) . = ALIGN(PAGE); } :boot_text
	.boot.data : { *(.boot.data) *(.boot.bss) . = ALIGN(PAGE); } :boot_data
	boot_end = . + BASE;

	. += BASE;
	.text : LOAD(.text) {
		text_start = .;
		FS_SERVICES(SERVICE_PART_, text)
		*(.text .text.*)
		. = ALIGN(PAGE);
		text_end = .;
	} :text

	rodata_start = .;
	.note.pvh : LOAD(.note.pvh) { KEEP(*(.note.pvh)) } :rodata :note
	.rodata : LOAD(.rodata) {
		FS_SERVICES(SERVICE_PART_, rodata)
		*(.rodata .rodata.*)
		. = ALIGN(16);
		exception_table_start = .;
		KEEP(*(.exception_table))
		exception_table_end = .;
	} :rodata
#ifdef KEEP_UNWIND_TABLES
	.eh_frame_hdr : LOAD(.eh_frame_hdr) {
		eh_frame_hdr_start = .;
		KEEP(*(.eh_frame_hdr))
		eh_frame_hdr_end = .;
	} :rodata
	.eh_frame : LOAD(.eh_frame) { KEEP(*(.eh_frame)) } :rodata
	.gcc_except_table : LOAD(.gcc_except_table) { KEEP(*(.gcc_except_table .gcc_except_table.*)) } :rodata
#endif
	. = ALIGN(PAGE);
	rodata_end = .;

	.data : LOAD(.data) {
		data_start = .;
		FS_SERVICES(SERVICE_PART_, data)
		*(.data .data.*)
	} :data
	.bss : LOAD(.bss) {
		*(.bss.boot_stack)
		*(.bss .bss.* COMMON)
		. = ALIGN(PAGE);
		data_end = .;
	} :data

	/* Last, so that filling it in (make-symbols) moves nothing. */
	.symbols : LOAD(.symbols) {
		symbols_start = .;
		KEEP(*(.symbols))
		. = ALIGN(PAGE);
		symbols_end = .;
		image_end = .;
	} :symbols

	/DISCARD/ : {
		*(.comment) *(.note.GNU-stack) *(.note.gnu.*)
#ifndef KEEP_UNWIND_TABLES
		*(.eh_frame) *(.eh_frame_hdr) *(.gcc_except_table .gcc_except_table.*)
#endif
	}
}
