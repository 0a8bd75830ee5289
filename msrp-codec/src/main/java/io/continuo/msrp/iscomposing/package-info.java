/// Indication of message composition (RFC 3994). Start with [IsComposing].
@NullMarked
package io.continuo.msrp.iscomposing;

import org.jspecify.annotations.NullMarked;
