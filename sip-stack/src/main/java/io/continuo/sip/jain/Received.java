package io.continuo.sip.jain;

import io.continuo.sip.Flow;
import io.continuo.sip.SipMessage;

/// A message as it came, which the stack carries beside its own reduced form.
///
/// @param flow where it came from
/// @param back where answers to it go (RFC 3261 §18.2.2, RFC 3581)
record Received(SipMessage message, Flow flow, Flow back) {}
