/// Finds the servers that a SIP URI leads to, by NAPTR, SRV and addresses (RFC 3263). Knows nothing
/// of transactions. Start with [ServerLocator].
@NullMarked
package io.continuo.sip.dns;

import org.jspecify.annotations.NullMarked;
