package io.continuo.server.transport.sip;

import io.continuo.server.b2bua.SessionInterval;
import io.continuo.server.b2bua.SipEvents;
import io.continuo.server.identity.LegId;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import io.continuo.sip.sdp.SdpReading;
import java.time.Duration;
import java.util.Optional;

/// Our refreshes of established sessions (RFC 4028 §7.4, §10): UPDATE where the device allows it,
/// else a re-INVITE with the SDP that it has. Whatever it answers it is there, unless it knows no
/// such dialog (481, which the dialog tells itself); shipped clients answer 405.
///
/// Threading: any thread.
final class SessionRefreshes {
  private static final int REQUEST_TIMEOUT = 408;
  private static final int NO_SUCH_CALL = 481;
  private static final byte[] NO_BODY = new byte[0];

  private final SessionExpiry expiry;
  private final Legs legs;
  private final SipEvents events;

  SessionRefreshes(SessionExpiry expiry, Legs legs, SipEvents events) {
    this.expiry = expiry;
    this.legs = legs;
    this.events = events;
  }

  void refresh(LegId id, Duration interval) {
    refresh(id, interval, Duration.ZERO);
  }

  /// @param minimum what the device said is the least for it; zero when it said nothing
  private void refresh(LegId id, Duration interval, Duration minimum) {
    Optional<Leg> leg = legs.find(id);
    SipDialog dialog = leg.map(one -> one.dialog().get()).orElse(null);
    ChatDialog.Agreed agreed = leg.map(one -> one.agreed().get()).orElse(null);
    if (dialog == null || agreed == null) {
      return;
    }
    SipHeaders headers =
        expiry.asked(
            SipHeaders.of("Contact", agreed.party().contact(), "Allow", SipGateway.ALLOW),
            interval,
            minimum);
    boolean update = agreed.party().takesUpdate();
    dialog.request(
        update ? "UPDATE" : "INVITE",
        update ? headers : headers.with("Content-Type", MediaText.TYPE),
        update ? NO_BODY : agreed.said().text(),
        response -> answered(id, interval, response));
  }

  private void answered(LegId id, Duration interval, SipResponse response) {
    Optional<Duration> longer = SessionExpiry.longer(response, interval);
    if (longer.isPresent()) {
      refresh(id, longer.get(), longer.get());
    } else if (response.status() == REQUEST_TIMEOUT) {
      legs.remove(id).ifPresent(gone -> events.unrefreshed(id));
    } else if (isFromDevice(response) && response.status() != NO_SUCH_CALL) {
      SessionInterval same = new SessionInterval(interval, true);
      events.refreshed(id, Optional.of(expiry.agreed(response).orElse(same)));
      direct(id, response);
    } else if (response.status() != NO_SUCH_CALL) {
      events.refreshUnsent(id);
    }
  }

  /// The answer to a re-INVITE of ours may hold messages up, or take them again.
  private void direct(LegId id, SipResponse response) {
    Leg leg = legs.find(id).orElse(null);
    ChatDialog.Agreed agreed = leg == null ? null : leg.agreed().get();
    if (leg == null
        || agreed == null
        || response.status() / 100 != 2
        || !(MediaText.readAnswer(response.body(), agreed.said().media())
            instanceof SdpReading.Usable answer)) {
      return;
    }
    boolean receives = MediaText.receives(answer.message());
    if (receives != agreed.media().receives()) {
      leg.agreed().set(agreed.saying(agreed.said(), receives));
      events.directed(id, receives);
    }
  }

  /// The endpoint answers 503 itself when it could not send: that says nothing of the device, which
  /// may come back over another connection before the session expires.
  private static boolean isFromDevice(SipResponse response) {
    return response.headers().has("CSeq");
  }
}
