/// The configuration: one record for each capability, and the loader that finds every error at
/// once. Start with [ServerConfiguration].
@NullMarked
package io.continuo.server.configuration;

import org.jspecify.annotations.NullMarked;
