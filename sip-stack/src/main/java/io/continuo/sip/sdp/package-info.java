/// SDP for a chat: one `m=message` line among possibly several others, read strictly and written
/// conservatively (RFC 8866, RFC 3264, RFC 4975 §8). Values only. Start with [MessageSdp].
@NullMarked
package io.continuo.sip.sdp;

import org.jspecify.annotations.NullMarked;
