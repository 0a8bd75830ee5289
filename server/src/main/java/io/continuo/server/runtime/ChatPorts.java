package io.continuo.server.runtime;

import io.continuo.server.b2bua.LegIds;
import io.continuo.server.b2bua.MediaTerms;
import io.continuo.server.b2bua.MsrpSessions;
import io.continuo.server.b2bua.SipSignalling;
import io.continuo.server.configuration.ServerConfiguration;
import io.continuo.server.conversation.ConversationDirectory;
import io.continuo.server.conversation.ConversationLog;
import io.continuo.server.registrar.Devices;
import io.continuo.server.registrar.Subscribers;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/// Everything that conversations reach the world through.
///
/// @param uuids random ones: ids of groups, and of messages and chats that came without
/// @param blocking runs work that blocks: one virtual thread for each piece
public record ChatPorts(
    ServerConfiguration configuration,
    SipSignalling sip,
    MsrpSessions msrp,
    MediaTerms media,
    ConversationLog log,
    ConversationDirectory directory,
    Devices devices,
    Subscribers subscribers,
    LegIds legIds,
    Supplier<UUID> uuids,
    ChatObserver observer,
    Executor blocking,
    InstantSource clock) {}
