package io.continuo.server.conversation;

/// What an entry becomes for one device on one leg.
sealed interface Rendered {

  /// These bytes, the same ones each time.
  ///
  /// @param body shared with the entry where nothing had to change
  record Copy(String contentType, Body body) implements Rendered {}

  /// Nothing that this leg takes: the entry is passed over, as if the device had refused it.
  ///
  /// @param status the status that the device would have answered
  /// @param expected whether nobody needs to know (a receipt for a device that takes none)
  record Unfit(int status, boolean expected) implements Rendered {}
}
