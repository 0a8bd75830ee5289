/// Subscribers written by hand in a YAML file. Start with [SubscribersFile].
@NullMarked
package io.continuo.server.storage.file;

import org.jspecify.annotations.NullMarked;
