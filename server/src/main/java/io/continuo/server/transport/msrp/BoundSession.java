package io.continuo.server.transport.msrp;

import io.continuo.msrp.MsrpBody;
import io.continuo.msrp.MsrpRequest;
import io.continuo.msrp.MsrpUri;
import io.continuo.server.b2bua.MsrpEvents;
import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.conversation.Body;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.identity.LegId;
import java.util.List;
import java.util.OptionalLong;

/// A leg on the connection that it is bound to. Lives as long as that binding; a leg that binds
/// again gets a new one, and unfinished messages of the old one are gone.
///
/// Threading: the connection's event loop.
final class BoundSession {
  /// What a request without body costs in the account of bytes that came and were not answered.
  static final int HEAD_BYTES = 512;

  private final MsrpSession session;
  private final MsrpConnection connection;
  private final List<MsrpUri> peerPath;
  private final MsrpEvents events;
  private final SessionInbox inbox;
  private final SessionOutbox outbox;
  private boolean boundByUs;
  private boolean over;

  /// Where what comes goes.
  record Inbound(MsrpEvents events, MsrpSettings settings, Uploads uploads) {}

  BoundSession(
      MsrpSession session, MsrpConnection connection, List<MsrpUri> peerPath, Inbound inbound) {
    this.session = session;
    this.connection = connection;
    this.peerPath = peerPath;
    this.events = inbound.events();
    this.inbox = new SessionInbox(this, connection, inbound);
    this.outbox = new SessionOutbox(this, events);
  }

  /// What a request costs in that account.
  static long bytes(MsrpRequest request) {
    return switch (request.body()) {
      case MsrpBody.Bytes body -> HEAD_BYTES + (long) body.bytes().length;
      case MsrpBody.Piece piece -> HEAD_BYTES + (long) piece.bytes().length;
      case MsrpBody.None none -> HEAD_BYTES;
      case MsrpBody.TooLarge tooLarge -> HEAD_BYTES;
    };
  }

  LegId leg() {
    return session.leg();
  }

  MsrpUri own() {
    return session.own();
  }

  MsrpSession session() {
    return session;
  }

  MsrpConnection connection() {
    return connection;
  }

  Chunks chunks(String messageId, String contentType, Body body) {
    return switch (body) {
      case Body.Inline inline ->
          Chunks.of(
              connection.chunker().chunks(peerPath, own(), messageId, contentType, inline.head()));
      case Body.Staged staged ->
          new StagedChunks(
              staged,
              connection.chunker().maxChunk(),
              connection::post,
              bytes ->
                  connection
                      .chunker()
                      .chunks(
                          peerPath,
                          own(),
                          messageId,
                          contentType,
                          bytes,
                          OptionalLong.of(staged.length())));
    };
  }

  MsrpRequest bodiless() {
    return connection.chunker().bodiless(peerPath, own(), connection.freshId());
  }

  void take(MsrpRequest request) {
    inbox.take(request);
  }

  void send(ConversationEffect.Deliver delivery) {
    if (over) {
      session.notReached(delivery);
    } else {
      outbox.send(delivery);
    }
  }

  void relay(ConversationEffect.Relay relay) {
    if (!over) {
      outbox.relay(relay);
    }
  }

  /// It was a bodiless SEND of ours that bound it here.
  void boundByUs() {
    boundByUs = true;
  }

  /// Figure 3's bodiless SEND; whatever is answered is ignored.
  void bind() {
    if (!over && !boundByUs) {
      connection.write(bodiless());
    }
  }

  /// The connection is of no use to this leg any more: tells what did not reach the device, then
  /// that the leg is unbound.
  void lose(String reason) {
    if (over) {
      return;
    }
    over = true;
    inbox.end();
    connection.forget(this);
    session.released(
        this,
        () -> {
          outbox.end();
          events.unbound(leg(), reason);
        });
    connection.closeWhenUnused();
  }

  /// The session was ended by us: nothing more is told.
  void close() {
    if (!over) {
      over = true;
      inbox.end();
      connection.forget(this);
      connection.closeWhenUnused();
    }
  }
}
