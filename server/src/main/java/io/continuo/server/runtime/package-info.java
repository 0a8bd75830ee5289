/// Loops, timers and the effect runner: the only place that makes threads. Start with
/// [ConversationProcess].
@NullMarked
package io.continuo.server.runtime;

import org.jspecify.annotations.NullMarked;
