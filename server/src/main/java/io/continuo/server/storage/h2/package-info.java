/// Subscribers, bindings and conversations in H2 tables, bindings through a journal of their own.
/// Start with [H2Store].
@NullMarked
package io.continuo.server.storage.h2;

import org.jspecify.annotations.NullMarked;
