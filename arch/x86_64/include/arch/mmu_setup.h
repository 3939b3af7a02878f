/* SPDX-License-Identifier: MIT
 *
 * Building and loading the kernel's own page tables. Boot CPU, once, after the
 * page allocator is up.
 */
#pragma once

void mmu_init(void);

/* Answer another CPU's request to forget translations (interrupt context). */
void mmu_shootdown_interrupt(void);
