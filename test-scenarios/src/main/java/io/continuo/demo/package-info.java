/// The demonstration: a server of its own, five devices of three subscribers, the figures of seed
/// 003. Start with [DemoCommand].
@NullMarked
package io.continuo.demo;

import org.jspecify.annotations.NullMarked;
