/* SPDX-License-Identifier: MIT
 *
 * What is proved of the page allocator's run-time check: that it says yes exactly when buddy_sound
 * holds, where the memory is there and the tree's words are not the buddy itself.
 */
#pragma once

#include "buddy_spec.h"
#include "bit_tree_check_spec.h"
#include <kernel/mm/buddy_check.h>

/*@ // No page of the run is in a larger free one.
    predicate run_alone(struct buddy *b, integer order, integer run) =
      \forall integer p, integer o;
        0 <= p < b->page_count && (p >> order) == run && order < o <= BUDDY_ORDER_MAX ==>
        !free_run(b, o, p >> o); */

/*@ requires \valid_read(buddy) && tree_memory(&buddy->free);
    requires \separated(buddy, buddy->free.words + (0 .. buddy->free.start[BIT_TREE_LEVELS] - 1));
    assigns \nothing;
    ensures \result <==> buddy_sound(buddy); */
bool buddy_is_sound(const struct buddy *buddy);
