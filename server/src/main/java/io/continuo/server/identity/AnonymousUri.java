package io.continuo.server.identity;

/// The URI that stands for somebody whom others must not be told of (RFC 3323 §4.1.1.3).
public final class AnonymousUri {
  /// Clients write other user parts before it, too.
  public static final String HOST = "anonymous.invalid";

  public static final String TEXT = "sip:anonymous@" + HOST;

  private AnonymousUri() {}
}
