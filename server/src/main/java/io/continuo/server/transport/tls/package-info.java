/// Certificates for SIP and MSRP over TLS: loads them, follows their files, makes one when there is
/// none, and gives Netty the contexts to speak TLS with. Start with [TlsMaterial].
@NullMarked
package io.continuo.server.transport.tls;

import org.jspecify.annotations.NullMarked;
