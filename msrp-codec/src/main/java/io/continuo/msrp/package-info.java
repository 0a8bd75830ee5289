/// MSRP (RFC 4975) as values. No I/O and no threads.
///
/// Start with [MsrpMessage], which is an [MsrpRequest] or an [MsrpResponse]. The bytes are read and
/// written in `io.continuo.msrp.netty`; [Reassembly] joins the chunks of a message, [Chunker] cuts
/// one. What a message carries is in `io.continuo.msrp.cpim`, `.imdn` and `.iscomposing`.
@NullMarked
package io.continuo.msrp;

import org.jspecify.annotations.NullMarked;
