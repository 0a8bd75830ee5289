/// Which devices a subscriber has, from every source that can tell. Pure. Start with [Registrar].
@NullMarked
package io.continuo.server.registrar;

import org.jspecify.annotations.NullMarked;
