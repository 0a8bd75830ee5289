/// Instant message disposition notifications (RFC 5438 §11). Start with [Imdn].
@NullMarked
package io.continuo.msrp.imdn;

import org.jspecify.annotations.NullMarked;
