/// SIP over sockets with Netty: UDP, TCP, TLS and WebSocket; framing, limits, keep-alive,
/// connections. Knows bytes and flows, not SIP's meaning. Start with [TcpTransport] and
/// [Pipelines].
@NullMarked
package io.continuo.sip.transport;

import org.jspecify.annotations.NullMarked;
