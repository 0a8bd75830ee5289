package io.continuo.sip.sdp;

/// Text that is no session description.
public final class MalformedSdp extends Exception {
  private final int line;

  /// @param line counted from 1; 0 when the whole lacks something
  /// @param expected what should have been there; carries nothing of the text
  public MalformedSdp(int line, String expected) {
    super("line " + line + ": expected " + expected);
    this.line = line;
  }

  public int line() {
    return line;
  }
}
