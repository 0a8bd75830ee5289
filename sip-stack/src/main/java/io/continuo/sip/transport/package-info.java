/// SIP over sockets with Netty: framing, limits, keep-alive, connections. Knows bytes and flows,
/// not SIP's meaning. Start with [TcpTransport].
@NullMarked
package io.continuo.sip.transport;

import org.jspecify.annotations.NullMarked;
