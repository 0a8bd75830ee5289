package io.continuo.server.storage.segments;

import io.continuo.server.identity.ConversationId;

/// The beginning of a record's body: as much as the index needs.
///
/// @param sequence the entry's own, or the one an answer speaks of; 0 when it speaks of none
/// @param body the number of the [StagedBodies] file it refers to, 0 when it refers to none
/// @param key what it is looked up by ([Keys]): the Message-ID of a message, the device that is
///   settled or forgotten; 0 for other records
record RecordHead(
    ConversationId conversation, RecordKind kind, long sequence, long body, long key) {}
