/// Where a disposition notification goes, and where it must not. Pure. Start with
/// [DispositionRouting].
@NullMarked
package io.continuo.server.imdn;

import org.jspecify.annotations.NullMarked;
