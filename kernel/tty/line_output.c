/* SPDX-License-Identifier: MIT
 *
 * Output processing: what a program writes and what the line gets (termios(3), c_oflag).
 */
#include <arch/serial.h>
#include <kernel/tty/terminal_state.h>

#define TAB_STOP 8

void output_flush(struct terminal_output *output)
{
	serial_write(output->bytes, output->size);
	output->size = 0;
}

static void put(struct terminal_output *output, char c)
{
	if (output->size == sizeof(output->bytes))
		output_flush(output);
	output->bytes[output->size++] = c;
}

static void put_tab(struct terminal *terminal, struct terminal_output *output)
{
	uint32_t spaces = TAB_STOP - terminal->column % TAB_STOP;

	terminal->column += spaces;
	if ((terminal->settings.c_oflag & TABDLY) != XTABS) {
		put(output, '\t');
		return;
	}
	while (spaces--)
		put(output, ' ');
}

void output_character(struct terminal *terminal, struct terminal_output *output, char c)
{
	tcflag_t flags = terminal->settings.c_oflag;

	if (!(flags & OPOST)) {
		put(output, c);
		return;
	}
	switch (c) {
	case '\n':
		if (flags & ONLCR)
			put(output, '\r');
		if (flags & (ONLCR | ONLRET))
			terminal->column = 0;
		put(output, '\n');
		break;
	case '\r':
		if ((flags & ONOCR) && terminal->column == 0)
			break;
		if (flags & OCRNL) {
			put(output, '\n');
			if (flags & ONLRET)
				terminal->column = 0;
			break;
		}
		terminal->column = 0;
		put(output, '\r');
		break;
	case '\t':
		put_tab(terminal, output);
		break;
	case '\b':
		if (terminal->column > 0)
			terminal->column--;
		put(output, '\b');
		break;
	default:
		/* Control characters and the later bytes of UTF-8 take no column. */
		if ((unsigned char)c >= ' ' && c != 0x7f && ((unsigned char)c & 0xc0) != 0x80)
			terminal->column++;
		put(output, c);
	}
}
