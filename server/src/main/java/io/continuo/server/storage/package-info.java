/// What the stores have in common: who may write to a directory, and what is said when a file
/// cannot be used. Start with [DirectoryLock].
@NullMarked
package io.continuo.server.storage;

import org.jspecify.annotations.NullMarked;
