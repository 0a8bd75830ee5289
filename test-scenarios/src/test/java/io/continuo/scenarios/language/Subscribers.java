package io.continuo.scenarios.language;

import java.util.List;

/// The subscribers that scenarios play with.
public final class Subscribers {
  /// Their domain.
  public static final String DOMAIN = "continuo.test";

  /// Their user names; a password is the name followed by `-secret`.
  public static final List<String> NAMES = List.of("alice", "bob", "carol", "dave");

  private Subscribers() {}

  public static String address(String name) {
    return "sip:" + name + "@" + DOMAIN;
  }

  public static String password(String name) {
    return name + "-secret";
  }
}
