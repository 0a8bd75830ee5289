/// What our SIP costs beside JAIN-SIP alone: the same calls and registrations, in turn, to two
/// processes whose CPU time is read. Start with [SipComparison].
@NullMarked
package io.continuo.sipcomparison;

import org.jspecify.annotations.NullMarked;
