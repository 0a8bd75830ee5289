/// SIP for a server: requests, dialogs and flows as values and small interfaces. JAIN-SIP works
/// behind it and never shows. Start with [SipEndpoint].
@NullMarked
package io.continuo.sip;

import org.jspecify.annotations.NullMarked;
