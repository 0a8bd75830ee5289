/// The device's own SIP: text in and out, transactions and dialogs as far as a chat client needs
/// them. It shares nothing with the server's, so that a bug cannot sit on both sides. Start with
/// [SipAgent].
@NullMarked
package io.continuo.device.sip;

import org.jspecify.annotations.NullMarked;
