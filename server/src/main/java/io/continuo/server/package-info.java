/// The application server as a program: the command line and the wiring. Start with [Main], then
/// [Wiring].
@NullMarked
package io.continuo.server;

import org.jspecify.annotations.NullMarked;
