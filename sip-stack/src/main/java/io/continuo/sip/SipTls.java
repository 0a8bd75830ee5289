package io.continuo.sip;

import io.netty.handler.ssl.SslContext;
import io.netty.util.Mapping;
import java.util.function.Supplier;

/// What an endpoint speaks TLS with. Asked for each connection, so that a renewed certificate is
/// used for the next one. Called on event loops: must not block.
///
/// @param servers by the name that the client asks for (RFC 6066 §3), which may be null
/// @param client for connections that we make: checks the peer's chain and host (RFC 5922 §7.3)
public record SipTls(Mapping<String, SslContext> servers, Supplier<SslContext> client) {}
