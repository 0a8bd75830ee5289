package io.continuo.server.transport.sip;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.Subscriber;

/// Who a request is from, beyond doubt.
///
/// @param asserted the address, among the subscriber's own, that others are shown
/// @param throughCore whether a trusted CSCF vouches for it: then the flow is the CSCF's, not the
///   device's
record Originator(Subscriber subscriber, AddressOfRecord asserted, boolean throughCore) {}
