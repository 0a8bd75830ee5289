package io.continuo.server.conversation;

/// What a conversation's log holds: entries that somebody may see, and what became of them on each
/// device.
public sealed interface LogRecord permits Entry, CursorRecord {}
