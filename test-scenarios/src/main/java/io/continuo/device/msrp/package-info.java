/// The device's own MSRP (RFC 4975): text in and out, one session a chat. It shares nothing with
/// the server's codec. Start with [MsrpSession].
@NullMarked
package io.continuo.device.msrp;

import org.jspecify.annotations.NullMarked;
