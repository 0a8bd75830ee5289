package io.continuo.server.transport.msrp;

import io.continuo.server.b2bua.MsrpEvents;
import io.continuo.server.configuration.MsrpSettings;
import java.util.concurrent.ConcurrentMap;

/// What all connections of an endpoint use.
///
/// @param sessions by our session id
/// @param uploads messages that are too large for memory
record Shared(
    MsrpSettings settings,
    MsrpEvents events,
    Refusals refusals,
    ConcurrentMap<String, MsrpSession> sessions,
    Uploads uploads) {}
