/// MSRP (RFC 4975) as values: URIs, ranges, statuses, messages, joining and cutting of chunks. No
/// I/O and no threads. Start with [MsrpMessage]; the bytes are read and written in
/// `io.continuo.msrp.netty`.
@NullMarked
package io.continuo.msrp;

import org.jspecify.annotations.NullMarked;
