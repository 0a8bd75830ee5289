/// SIP requests in, SIP requests out. Implements [io.continuo.server.b2bua.SipSignalling]. Start
/// with [SipGateway].
@NullMarked
package io.continuo.server.transport.sip;

import org.jspecify.annotations.NullMarked;
