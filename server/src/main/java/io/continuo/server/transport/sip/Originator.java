package io.continuo.server.transport.sip;

import io.continuo.server.identity.Subscriber;

/// Who a request is from, beyond doubt.
///
/// @param subscriber whom others see by its primary address, whichever of its own it claimed
/// @param throughCore whether a trusted CSCF vouches for it: then the flow is the CSCF's, not the
///   device's
record Originator(Subscriber subscriber, boolean throughCore) {}
