/* SPDX-License-Identifier: MIT
 *
 * printf for the kernel (C17 7.21.6.1), without floating point.
 */
#include <stdbool.h>
#include <stdint.h>

#include <kernel/lib/string.h>

struct output {
	char *at;
	size_t room, written;
};

struct directive {
	bool left, zero;
	unsigned int width, precision;
	bool has_precision;
	unsigned int longs; /* l, ll, z */
};

static void put(struct output *out, char c)
{
	if (out->written + 1 < out->room)
		out->at[out->written] = c;
	out->written++;
}

static void put_padded(struct output *out, const struct directive *d, const char *text,
                       size_t length, bool numeric)
{
	size_t padding = d->width > length ? d->width - length : 0;
	bool zeroes = d->zero && numeric && !d->left;

	if (zeroes && length && *text == '-') {
		put(out, *text++);
		length--;
	}
	while (!d->left && padding) {
		put(out, zeroes ? '0' : ' ');
		padding--;
	}
	for (size_t i = 0; i < length; i++)
		put(out, text[i]);
	for (; padding; padding--)
		put(out, ' ');
}

static void put_number(struct output *out, const struct directive *d, uint64_t value, bool negative,
                       unsigned int base)
{
	char digits[24];
	size_t at = sizeof(digits);

	do {
		digits[--at] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	if (negative)
		digits[--at] = '-';
	put_padded(out, d, digits + at, sizeof(digits) - at, true);
}

static const char *parse(const char *fmt, struct directive *d)
{
	for (;; fmt++) {
		if (*fmt == '-')
			d->left = true;
		else if (*fmt == '0')
			d->zero = true;
		else
			break;
	}
	for (; *fmt >= '0' && *fmt <= '9'; fmt++)
		d->width = d->width * 10 + (unsigned int)(*fmt - '0');
	if (*fmt == '.') {
		d->has_precision = true;
		for (fmt++; *fmt >= '0' && *fmt <= '9'; fmt++)
			d->precision = d->precision * 10 + (unsigned int)(*fmt - '0');
	}
	for (; *fmt == 'l' || *fmt == 'z'; fmt++)
		d->longs++;
	return fmt;
}

int format_list(char *to, size_t size, const char *fmt, va_list args)
{
	struct output out = {to, size, 0};

	for (; *fmt; fmt++) {
		struct directive d = {.width = 0};

		if (*fmt != '%') {
			put(&out, *fmt);
			continue;
		}
		fmt = parse(fmt + 1, &d);
		if (*fmt == 'd' || *fmt == 'i') {
			int64_t value = d.longs ? va_arg(args, int64_t) : va_arg(args, int);

			put_number(&out, &d, value < 0 ? 0 - (uint64_t)value : (uint64_t)value,
			           value < 0, 10);
		} else if (*fmt == 'u' || *fmt == 'x' || *fmt == 'o') {
			uint64_t value = d.longs ? va_arg(args, uint64_t) : va_arg(args, unsigned);

			put_number(&out, &d, value, false, *fmt == 'u' ? 10 : *fmt == 'x' ? 16 : 8);
		} else if (*fmt == 'p') {
			put_number(&out, &d, (uint64_t)va_arg(args, void *), false, 16);
		} else if (*fmt == 'c') {
			char c = (char)va_arg(args, int);

			put_padded(&out, &d, &c, 1, false);
		} else if (*fmt == 's') {
			const char *s = va_arg(args, const char *);

			put_padded(&out, &d, s,
			           d.has_precision ? strnlen(s, d.precision) : strlen(s), false);
		} else if (*fmt == '\0') {
			break;
		} else {
			put(&out, *fmt);
		}
	}
	if (size)
		to[out.written < size ? out.written : size - 1] = '\0';
	return (int)out.written;
}

int format(char *to, size_t size, const char *fmt, ...)
{
	va_list args;
	int length;

	va_start(args, fmt);
	length = format_list(to, size, fmt, args);
	va_end(args);
	return length;
}
