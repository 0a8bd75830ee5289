/// Who somebody is: addresses-of-record, devices, subscribers, conversations, legs. Values only.
/// Start with [AddressOfRecord].
@NullMarked
package io.continuo.server.identity;

import org.jspecify.annotations.NullMarked;
