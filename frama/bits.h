/* SPDX-License-Identifier: MIT
 *
 * What masks do to numbers, which WP's integers cannot prove. Believed here; each is proved over
 * bit vectors by z3 from the formula of the same name in frama/bits.smt2.
 */
#pragma once

#ifdef BITS_PAGE_MASK
/*@ axiomatic bits_of_pages {
      axiom page_mask: \forall integer x; 0 <= x <= 0xffffffffffffffff ==>
        (x & 0xfffffffffffff000) == x - x % 4096;
    } */
#endif

#ifdef BITS_NEWC
/*@ axiomatic bits_of_newc {
      axiom word_mask: \forall integer x; 0 <= x <= 0xffffffffffffffff ==>
        (x & 0xfffffffffffffffc) == x - x % 4;
      axiom shift_by_four: \forall integer x; 0 <= x < 0x10000000 ==> (x << 4) == x * 16;
      axiom nibble: \forall integer x, integer d; 0 <= x < 0x10000000 && 0 <= d < 16 ==>
        ((x << 4) | d) == x * 16 + d;
    } */
#endif
