// SPDX-License-Identifier: MIT
//
// A misuse to find in lwIP: what sends a frame makes up the right to the network.

@@ @@
 #include "netif/ethernet.h"
+#include <aramid/cap.h>

@@ @@
 ethernet_output(...) {
+struct cap_net_access forged = {};
+cap_wield(net_access, CAP_UNSAFE("a hatch to be listed", forged));
 ...
 }
