/// Client of MSRP relays (RFC 4976): authorizes with a chain of them by AUTH, keeps what they
/// reserve for us, and says over which path sessions go. Start with [RelayClient].
@NullMarked
package io.continuo.server.transport.msrp.relay;

import org.jspecify.annotations.NullMarked;
