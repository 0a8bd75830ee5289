/// What is checked before the SIP stack sees a message, and what a bad one is answered. Start with
/// [Screening].
@NullMarked
package io.continuo.sip.screening;

import org.jspecify.annotations.NullMarked;
