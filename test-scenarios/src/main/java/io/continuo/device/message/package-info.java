/// What chat messages are made of: CPIM, IMDN, is-composing and multipart, as the device writes and
/// reads them. Start with [Cpim].
@NullMarked
package io.continuo.device.message;

import org.jspecify.annotations.NullMarked;
