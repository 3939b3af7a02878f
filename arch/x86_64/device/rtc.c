/* SPDX-License-Identifier: MIT
 *
 * MC146818A, as QEMU sets it: UTC.
 */
#include <stdbool.h>

#include <arch/registers.h>
#include <arch/rtc.h>

enum {
	SECONDS = 0,
	MINUTES = 2,
	HOURS = 4,
	DAY = 7,
	MONTH = 8,
	YEAR = 9,
	STATUS_A = 10,
	STATUS_B = 11
};

#define STATUS_A_UPDATING 0x80
#define STATUS_B_BINARY   0x04
#define UPDATE_TRIES      10000

static uint8_t cmos_read(uint8_t reg)
{
	port_write8(0x70, reg);
	return port_read8(0x71);
}

static unsigned int field(uint8_t reg, bool binary)
{
	uint8_t value = cmos_read(reg);

	return binary ? value : (unsigned int)(value >> 4) * 10 + (value & 15);
}

/* Days from 1970-01-01 to a date of the years 2000 to 2099. */
static uint64_t days_to(unsigned int year, unsigned int month, unsigned int day)
{
	static const uint16_t before[12] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
	uint64_t days = 10957 + year * 365 + (year + 3) / 4 + before[(month - 1) % 12] + day - 1;

	return days + (month > 2 && year % 4 == 0);
}

uint64_t rtc_read(void)
{
	bool binary = cmos_read(STATUS_B) & STATUS_B_BINARY;
	unsigned int tries = 0;

	if (cmos_read(STATUS_A) == 0xff)
		return 0;
	while ((cmos_read(STATUS_A) & STATUS_A_UPDATING) && tries++ < UPDATE_TRIES)
		;
	return days_to(field(YEAR, binary), field(MONTH, binary), field(DAY, binary)) * 86400 +
	       field(HOURS, binary) * 3600 + field(MINUTES, binary) * 60 + field(SECONDS, binary);
}
