/// Digest authentication of the server's side (RFC 8760, RFC 7616, RFC 3261 §22). Values and small
/// caches, no SIP messages. Start with [DigestAuthentication].
@NullMarked
package io.continuo.sip.digest;

import org.jspecify.annotations.NullMarked;
