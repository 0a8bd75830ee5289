/// The reference device: a scripted SIP and MSRP user agent with several ways to be, used by the
/// ladder scenarios, by the demo and interactively. It depends on nothing but the JDK (and picocli
/// for its command). Start with [Device].
@NullMarked
package io.continuo.device;

import org.jspecify.annotations.NullMarked;
