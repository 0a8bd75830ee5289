package io.continuo.server.transport.msrp;

import io.continuo.msrp.ByteRange;
import io.continuo.msrp.MsrpBody;
import io.continuo.msrp.MsrpHeader;
import io.continuo.msrp.MsrpRequest;
import io.continuo.msrp.MsrpUri;
import io.continuo.server.b2bua.MsrpEvents;
import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.conversation.Body;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.identity.LegId;
import java.util.ArrayList;
import java.util.Iterator;
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

  /// Whether what we send passes relays, ours or the peer's (RFC 4976).
  boolean isThroughRelays() {
    return peerPath.size() > 1;
  }

  /// A message of the conversation: through relays the device is asked to report it.
  Chunks chunks(String messageId, String contentType, Body body) {
    return chunks(messageId, contentType, body, isThroughRelays());
  }

  /// One that nobody waits for.
  Chunks unreported(String messageId, String contentType, Body body) {
    return chunks(messageId, contentType, body, false);
  }

  private Chunks chunks(String messageId, String contentType, Body body, boolean reported) {
    return switch (body) {
      case Body.Inline inline ->
          Chunks.of(
              asking(
                  reported,
                  connection
                      .chunker()
                      .chunks(peerPath, own(), messageId, contentType, inline.head())));
      case Body.Staged staged ->
          new StagedChunks(
              staged,
              connection.chunker().maxChunk(),
              connection::post,
              bytes ->
                  asking(
                      reported,
                      connection
                          .chunker()
                          .chunks(
                              peerPath,
                              own(),
                              messageId,
                              contentType,
                              bytes,
                              OptionalLong.of(staged.length()))));
    };
  }

  private static Iterator<MsrpRequest> asking(boolean report, Iterator<MsrpRequest> chunks) {
    return report ? new AskingForReports(chunks) : chunks;
  }

  /// The same chunks with `Success-Report: yes` (RFC 4975 §7.1.2).
  private record AskingForReports(Iterator<MsrpRequest> chunks) implements Iterator<MsrpRequest> {
    private static final MsrpHeader YES = new MsrpHeader(MsrpHeader.SUCCESS_REPORT, "yes");

    @Override
    public boolean hasNext() {
      return chunks.hasNext();
    }

    @Override
    public MsrpRequest next() {
      MsrpRequest c = chunks.next();
      List<MsrpHeader> headers = new ArrayList<>(c.headers());
      headers.addFirst(YES); // Content-Type stays the last one (RFC 4975 §9).
      return new MsrpRequest(
          c.transactionId(),
          c.method(),
          c.toPath(),
          c.fromPath(),
          headers,
          c.body(),
          c.continuation());
    }
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

  /// A REPORT about what we sent came. Whom nothing stands between answers instead.
  void reported(MsrpRequest report, int status) {
    if (!over && isThroughRelays()) {
      outbox.reported(
          report.header(MsrpHeader.MESSAGE_ID).orElse(""),
          status,
          report.header(MsrpHeader.BYTE_RANGE).flatMap(ByteRange::parse));
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
      outbox.forget();
      connection.forget(this);
      connection.closeWhenUnused();
    }
  }
}
