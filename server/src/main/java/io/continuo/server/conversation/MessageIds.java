package io.continuo.server.conversation;

/// Port: fresh ids for messages that came without one. RFC 4122 UUIDs, because shipped clients
/// parse them as such. Called on the conversation's loop.
@FunctionalInterface
public interface MessageIds {
  String next();
}
