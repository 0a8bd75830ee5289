/// The server as a child process, for the demonstration and the load generator. Start with
/// [ServerChild].
@NullMarked
package io.continuo.child;

import org.jspecify.annotations.NullMarked;
