package io.continuo.server.transport.msrp;

import io.continuo.server.b2bua.MsrpEvents;
import io.continuo.server.configuration.MsrpSettings;
import java.time.Duration;
import java.util.concurrent.ConcurrentMap;

/// What all connections of an endpoint use.
///
/// @param sessions by our session id
/// @param uploads messages that are too large for memory
/// @param probe how long a connection that was open before has to show that it is alive
record Shared(
    MsrpSettings settings,
    MsrpEvents events,
    Refusals refusals,
    ConcurrentMap<String, MsrpSession> sessions,
    Uploads uploads,
    Duration probe) {}
