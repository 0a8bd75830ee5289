/// The conversation logs: segment files in one global order, with group commit. Start with
/// [SegmentLog].
@NullMarked
package io.continuo.server.storage.segments;

import org.jspecify.annotations.NullMarked;
