/// Common Presence and Instant Messaging: message format (RFC 3862), read and written without
/// changing a byte that nobody asked to change. Start with [CpimMessage].
@NullMarked
package io.continuo.msrp.cpim;

import org.jspecify.annotations.NullMarked;
