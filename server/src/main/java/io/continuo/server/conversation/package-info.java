/// A conversation as one append-only log with a cursor for each device. Pure: events in, effects
/// out. Start with [Conversation].
@NullMarked
package io.continuo.server.conversation;

import org.jspecify.annotations.NullMarked;
