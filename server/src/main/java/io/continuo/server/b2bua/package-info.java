/// Legs and their SIP and SDP life: invite every device, keep all that answer, end by scope. Pure.
/// Start with [ChatSession].
@NullMarked
package io.continuo.server.b2bua;

import org.jspecify.annotations.NullMarked;
