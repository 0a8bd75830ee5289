/// JAIN-SIP behind [io.continuo.sip.SipEndpoint]: the only package that knows `javax.sip`.
@NullMarked
package io.continuo.sip.jain;

import org.jspecify.annotations.NullMarked;
