/// MSRP on Netty: bytes to messages and back. Start with [MsrpDecoder].
@NullMarked
package io.continuo.msrp.netty;

import org.jspecify.annotations.NullMarked;
