package io.continuo.server.identity;

/// One device's place in one chat session, from its INVITE to its BYE (a pager device's: from
/// attach to detach).
///
/// The value is also our MSRP session id on that leg, so it carries 128 random bits (RFC 4975 §14.1
/// asks for 80), and nobody but this device may ever see it. It also tells the device's earlier leg
/// from this one: an answer that names an older leg is ignored.
public record LegId(String value) {

  @Override
  public String toString() {
    return value;
  }
}
