/// MSRP sessions over TCP, TLS and WebSocket: listeners, dialler, binding, chunks. Implements
/// [io.continuo.server.b2bua.MsrpSessions]. Start with [MsrpEndpoint].
@NullMarked
package io.continuo.server.transport.msrp;

import org.jspecify.annotations.NullMarked;
