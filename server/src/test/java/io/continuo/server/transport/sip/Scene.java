package io.continuo.server.transport.sip;

import io.continuo.server.b2bua.ByeReason;
import io.continuo.server.b2bua.ConversationHeaders;
import io.continuo.server.b2bua.InboundInvitation;
import io.continuo.server.b2bua.Invitation;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.SessionInterval;
import io.continuo.server.b2bua.SipEvents;
import io.continuo.server.configuration.AuthSettings;
import io.continuo.server.configuration.MsrpTransportSettings;
import io.continuo.server.configuration.RegistrarSettings;
import io.continuo.server.configuration.SessionSettings;
import io.continuo.server.configuration.SipSettings;
import io.continuo.server.conversation.Reply;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import io.continuo.server.identity.Subscriber;
import io.continuo.server.registrar.ChannelKind;
import io.continuo.server.registrar.Device;
import io.continuo.server.registrar.DeviceRoute;
import io.continuo.server.registrar.DeviceSource;
import io.continuo.server.registrar.DigestCredential;
import io.continuo.server.registrar.KnownDevice;
import io.continuo.server.registrar.Registration;
import io.continuo.server.registrar.Registrations;
import io.continuo.server.registrar.Subscribers;
import io.continuo.sip.Flow;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import io.continuo.sip.digest.DigestAlgorithm;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A gateway with everything around it: subscribers alice (with a tel alias), bob and carol, a
/// registrar that keeps what it is told, and a chat that keeps its events.
final class Scene implements Subscribers, Registrations, SipEvents {
  static final String CSCF = "192.0.2.9";
  static final AddressOfRecord ALICE = AddressOfRecord.of("sip:alice@continuo.test");
  static final AddressOfRecord BOB = AddressOfRecord.of("sip:bob@continuo.test");
  static final AddressOfRecord CAROL = AddressOfRecord.of("sip:carol@continuo.test");
  static final Flow ALICE_TCP = flow(Flow.Transport.TCP, "192.0.2.1", 7);
  static final Flow ALICE_UDP = flow(Flow.Transport.UDP, "192.0.2.1", 0);
  static final Flow CORE = flow(Flow.Transport.UDP, CSCF, 0);
  static final String PATH = "msrp://192.0.2.1:9000/peer1;tcp";
  static final byte[] KEY = new byte[32];
  static final String PASSWORD = "wonderland";

  Instant now = Instant.parse("2026-01-01T00:00:00Z");
  final FakeEndpoint endpoint = new FakeEndpoint();
  final List<String> refusals = new ArrayList<>();
  final List<Registration> registrations = new ArrayList<>();
  final List<String> seen = new ArrayList<>();
  final List<String> attempts = new ArrayList<>();
  final Map<String, AddressOfRecord> flowOwners = new HashMap<>();
  final List<InboundInvitation> invitations = new ArrayList<>();
  final List<String> told = new ArrayList<>();
  final List<Optional<SessionInterval>> timers = new ArrayList<>();
  final List<Reply> replies = new ArrayList<>();
  final List<String> failedFlows = new ArrayList<>();
  final Map<String, KnownDevice> known = new HashMap<>();
  boolean overHighWater;
  Registration.Outcome outcome = new Registration.Outcome.Bound(List.of());
  MsrpMedia answered;
  Optional<String> answeredOver = Optional.empty();
  final SipGateway gateway;

  Scene() {
    this(AuthSettings.DEFAULT, settings("multi-client", false, ""));
  }

  Scene(AuthSettings auth, SipSettings sip) {
    this(auth, sip, MsrpTransportSettings.DEFAULT, RegistrarSettings.DEFAULT);
  }

  Scene(AuthSettings auth, SipSettings sip, RegistrarSettings registrar) {
    this(auth, sip, MsrpTransportSettings.DEFAULT, registrar);
  }

  Scene(AuthSettings auth, SipSettings sip, MsrpTransportSettings msrp) {
    this(auth, sip, msrp, RegistrarSettings.DEFAULT);
  }

  private Scene(
      AuthSettings auth, SipSettings sip, MsrpTransportSettings msrp, RegistrarSettings registrar) {
    gateway =
        new SipGateway(
            sip,
            auth,
            msrp,
            SessionSettings.DEFAULT,
            registrar,
            this,
            this,
            this,
            () -> overHighWater,
            (reason, status) -> refusals.add(status + " " + reason),
            () -> now,
            new SecureRandom(),
            KEY);
    gateway.attach(endpoint);
    flowOwners.put(ALICE_TCP.toString(), ALICE);
  }

  static SipSettings settings(String tag, boolean sdpMark, String proxy) {
    return new SipSettings(
        "continuo.test",
        "127.0.0.1",
        0,
        Set.of("udp", "tcp"),
        5061,
        5080,
        5443,
        Set.of(),
        "chat",
        tag,
        sdpMark,
        Set.of(CSCF),
        proxy,
        65_000,
        1_300,
        10,
        Duration.ofMinutes(1),
        List.of(),
        Duration.ofSeconds(10));
  }

  static AuthSettings auth(AuthSettings.TrustFlow trust) {
    AuthSettings d = AuthSettings.DEFAULT;
    return new AuthSettings(
        d.realm(), d.algorithms(), d.nonceLifetime(), 3, d.failureWindow(), trust);
  }

  static Flow flow(Flow.Transport transport, String host, long connection) {
    return new Flow(transport, new InetSocketAddress(host, 6000), connection);
  }

  // ---- requests

  static SipHeaders from(String user) {
    return SipHeaders.of(
        "From", "<sip:" + user + "@continuo.test>;tag=1", "Call-ID", "c1", "CSeq", "1 X");
  }

  static SipHeaders chatHeaders(String to) {
    return from("alice")
        .with("To", "<sip:" + to + "@continuo.test>")
        .with("Contact", "<sip:alice@192.0.2.1:6000>;+sip.instance=\"<urn:uuid:phone>\"");
  }

  static String sdp(String... lines) {
    return "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
        + String.join("\r\n", lines)
        + "\r\n";
  }

  static String chatSdp() {
    return sdp(
        "m=message 9000 TCP/MSRP *", "a=accept-types:message/cpim text/plain", "a=path:" + PATH);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  FakeEndpoint.Invite invite(String uri, SipHeaders headers, String type, String body, Flow flow) {
    SipHeaders all = body.isEmpty() ? headers : headers.with("Content-Type", type);
    FakeEndpoint.Invite invite =
        new FakeEndpoint.Invite(new SipRequest("INVITE", uri, all, bytes(body)), flow);
    gateway.invited(invite);
    return invite;
  }

  FakeEndpoint.Invite aliceInvites(String user) {
    return invite(
        "sip:" + user + "@continuo.test",
        chatHeaders(user),
        "application/sdp",
        chatSdp(),
        ALICE_TCP);
  }

  FakeEndpoint.Request request(
      String method, String uri, SipHeaders headers, String body, Flow flow) {
    FakeEndpoint.Request request =
        new FakeEndpoint.Request(new SipRequest(method, uri, headers, bytes(body)), flow);
    gateway.requested(request);
    return request;
  }

  /// Sends a request, and again with credentials for the first challenge.
  FakeEndpoint.Request withDigest(
      String method, String uri, SipHeaders headers, Flow flow, String user, String password) {
    SipResponse challenge = request(method, uri, headers, "", flow).answer();
    refusals.clear();
    return request(
        method,
        uri,
        headers.with("Authorization", credentials(challenge, method, uri, user, password, 1)),
        "",
        flow);
  }

  static String credentials(
      SipResponse challenge, String method, String uri, String user, String password, int count) {
    String offered = challenge.headers().lines("WWW-Authenticate").getFirst();
    Matcher m = Pattern.compile("nonce=\"([^\"]+)\".*algorithm=([\\w-]+)").matcher(offered);
    if (!m.find()) {
      throw new AssertionError(offered);
    }
    DigestAlgorithm a = DigestAlgorithm.of(m.group(2)).orElseThrow();
    String nc = String.format("%08x", count);
    String response =
        a.hash(
            a.ha1(user, "continuo.test", password)
                + ":"
                + m.group(1)
                + ":"
                + nc
                + ":xyz:auth:"
                + a.hash(method + ":" + uri));
    return "Digest username=\"%s\", realm=\"continuo.test\", nonce=\"%s\", uri=\"%s\", qop=auth, nc=%s, cnonce=\"xyz\", response=\"%s\", algorithm=%s"
        .formatted(user, m.group(1), uri, nc, response, a.token());
  }

  static Device device(String instance, String contact, Optional<Flow> flow, String... path) {
    return new Device(
        new DeviceId(BOB, instance),
        DeviceSource.REGISTER,
        ChannelKind.SESSION,
        List.of(
            new DeviceRoute(
                contact,
                List.of(path),
                flow.map(Flow::toString),
                0,
                Map.of(),
                Instant.parse("2027-01-01T00:00:00Z"))));
  }

  static MsrpMedia ourMedia() {
    return new MsrpMedia(
        List.of("msrp://127.0.0.1:2855/leg1;tcp"),
        MsrpMedia.Setup.ACTPASS,
        2855,
        List.of("message/cpim", "text/plain"),
        List.of("text/plain"),
        1 << 20,
        true);
  }

  static Invitation invitation(Device device) {
    return new Invitation(
        device,
        ALICE,
        BOB.uri(),
        Optional.empty(),
        ourMedia(),
        new ConversationHeaders(Optional.of("conv"), Optional.of("contrib"), Optional.empty()),
        Duration.ofSeconds(180));
  }

  static SipResponse ok(String sdp) {
    return new SipResponse(200, "", SipHeaders.of("Content-Type", "application/sdp"), bytes(sdp));
  }

  // ---- Subscribers

  @Override
  public Optional<Subscriber> find(AddressOfRecord address) {
    AddressOfRecord tel = AddressOfRecord.of("tel:+15551000");
    return List.of(
            new Subscriber(ALICE, Set.of(tel)),
            new Subscriber(BOB, Set.of()),
            new Subscriber(CAROL, Set.of()))
        .stream()
        .filter(s -> s.owns(address))
        .findFirst();
  }

  @Override
  public Optional<DigestCredential> credential(String username) {
    return username.equals("alice")
        ? Optional.of(
            new DigestCredential(
                ALICE,
                "alice",
                Map.of(
                    "SHA-256",
                    DigestAlgorithm.SHA_256.ha1("alice", "continuo.test", PASSWORD),
                    "MD5",
                    DigestAlgorithm.MD5.ha1("alice", "continuo.test", PASSWORD))))
        : Optional.empty();
  }

  // ---- Registrations

  @Override
  public void register(Registration registration, Consumer<Registration.Outcome> then) {
    registrations.add(registration);
    then.accept(outcome);
  }

  @Override
  public Device seen(
      AddressOfRecord subscriber,
      Registration.Contact contact,
      List<String> path,
      Optional<String> flow) {
    seen.add(subscriber + " " + contact.uri() + " " + flow.orElse("-"));
    return new Device(
        new DeviceId(subscriber, contact.parameters().getOrDefault("+sip.instance", contact.uri())),
        DeviceSource.LEARNED,
        ChannelKind.SESSION,
        List.of(new DeviceRoute(contact.uri(), path, flow, 0, Map.of(), now)));
  }

  @Override
  public void attempted(DeviceId device, int status) {
    attempts.add(device.instance() + " " + status);
  }

  @Override
  public Optional<KnownDevice> known(AddressOfRecord subscriber, String instance) {
    return Optional.ofNullable(known.get(subscriber + " " + instance));
  }

  @Override
  public void leaveAlone(DeviceId device, Duration time) {
    attempts.add(device.instance() + " left alone " + time.toSeconds());
  }

  @Override
  public void flowFailed(DeviceId device, String contact, List<String> path) {
    failedFlows.add(device.instance() + " " + contact + " " + path);
  }

  @Override
  public Optional<AddressOfRecord> ownerOfFlow(String flow) {
    return Optional.ofNullable(flowOwners.get(flow));
  }

  @Override
  public void flowClosed(String flow) {
    flowOwners.remove(flow);
  }

  // ---- SipEvents

  @Override
  public void invited(InboundInvitation invitation) {
    invitations.add(invitation);
  }

  @Override
  public void ringing(LegId leg) {
    told.add("ringing " + leg);
  }

  @Override
  public void accepted(LegId leg, MsrpMedia answer, Optional<String> over) {
    answered = answer;
    answeredOver = over;
    told.add("accepted " + leg);
  }

  @Override
  public void refused(LegId leg, int status, boolean takesMessage, Duration leaveAlone) {
    String wait = leaveAlone.isZero() ? "" : " after " + leaveAlone.toSeconds();
    told.add("refused " + leg + " " + status + (takesMessage ? " takes MESSAGE" : "") + wait);
  }

  @Override
  public void acknowledged(LegId leg) {
    told.add("acknowledged");
  }

  @Override
  public void answered(LegId leg, MsrpMedia answer) {
    answered = answer;
    told.add("answered");
  }

  @Override
  public void mayConnect(LegId leg, boolean weConnect) {
    told.add("may connect " + weConnect);
  }

  @Override
  public void cancelled(LegId leg) {
    told.add("cancelled");
  }

  @Override
  public void bye(LegId leg, ByeReason reason) {
    told.add("bye " + reason);
  }

  @Override
  public void lost(LegId leg) {
    told.add("lost");
  }

  @Override
  public void refreshed(LegId leg, Optional<SessionInterval> interval) {
    timers.add(interval);
  }

  @Override
  public void refreshUnsent(LegId leg) {
    told.add("refresh-unsent");
  }

  @Override
  public void directed(LegId leg, boolean receives) {
    told.add("directed " + receives);
  }

  @Override
  public void unrefreshed(LegId leg) {
    told.add("unrefreshed");
  }

  @Override
  public void message(
      Device from,
      Addressee to,
      ConversationHeaders headers,
      boolean anonymous,
      boolean noFork,
      int maxForwards,
      String callId,
      String contentType,
      byte[] body,
      Reply reply) {
    told.add(
        (noFork ? "no-fork " : "")
            + (anonymous ? "anonymous message " : "message ")
            + from.id().owner()
            + " to "
            + whom(to)
            + " "
            + contentType
            + " "
            + new String(body, StandardCharsets.UTF_8));
    replies.add(reply);
  }

  private static String whom(Addressee to) {
    return switch (to) {
      case Addressee.One one ->
          one.device().map(DeviceId::toString).orElse(one.subscriber().toString());
      case Addressee.Group(String focus) -> focus;
    };
  }

  @Override
  public void paged(LegId leg, long sequence, int status) {
    told.add("paged " + leg + " " + sequence + " " + status);
  }
}
