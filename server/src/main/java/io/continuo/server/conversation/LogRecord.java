package io.continuo.server.conversation;

/// What a conversation's log holds: entries that somebody may see, and the answers of devices to
/// them.
public sealed interface LogRecord permits Entry, Answer {}
