/// What was seen on the wire: raw bytes for privacy tests, and call ladders for people. Start with
/// [Ladder].
@NullMarked
package io.continuo.device.ladder;

import org.jspecify.annotations.NullMarked;
