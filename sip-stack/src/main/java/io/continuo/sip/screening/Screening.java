package io.continuo.sip.screening;

import io.continuo.sip.Digits;
import io.continuo.sip.NameAddr;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipMessage;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Looks at every message before the SIP stack does. Every refusal has a fixed phrase, so nothing
/// of a hostile message is echoed but the header fields that an answer must copy.
///
/// Threading: immutable; any thread.
public final class Screening {
  /// Methods of the IANA registry: a method outside is 501, one inside that is not allowed 405.
  static final Set<String> REGISTERED_METHODS =
      Set.of(
          "ACK",
          "BYE",
          "CANCEL",
          "INFO",
          "INVITE",
          "MESSAGE",
          "NOTIFY",
          "OPTIONS",
          "PRACK",
          "PUBLISH",
          "REFER",
          "REGISTER",
          "SUBSCRIBE",
          "UPDATE");

  /// Option tags that a peer may require of us; others are 420 (RFC 3261 §8.2.2.3).
  static final Set<String> KNOWN_EXTENSIONS =
      Set.of(
          "multi-client", "path", "outbound", "gruu", "timer", "100rel", "recipient-list-invite");

  /// Methods that need no permission: the stack lives on them.
  private static final Set<String> ALWAYS_ALLOWED = Set.of("ACK", "BYE", "CANCEL");

  private static final List<String> SINGLE_FIELDS = List.of("From", "To", "Call-ID", "CSeq");

  /// Fields of one value (RFC 3261 §7.3.1) where a second would be a choice of whom to believe.
  private static final List<String> AT_MOST_ONCE =
      List.of("Max-Forwards", "Content-Type", "Expires", "Session-Expires", "Min-SE", "RAck");

  /// Fields that a dialog or a binding is reached by. Taken as they are, a malformed one would come
  /// to light when a request of ours cannot be written.
  private static final List<String> ROUTE_FIELDS = List.of("Record-Route", "Path");

  /// Methods whose Contact is the one place where the peer is reached (RFC 3261 §8.1.1.8, §12.2.2).
  private static final Set<String> ONE_CONTACT = Set.of("INVITE", "UPDATE");

  private static final Set<String> SCHEMES = Set.of("sip", "sips", "tel");
  private static final String VERSION = "SIP/2.0";
  private static final Pattern VERSION_FORM =
      Pattern.compile("SIP/[0-9]{1,4}\\.[0-9]{1,4}", Pattern.CASE_INSENSITIVE);
  private static final Pattern BLANKS = Pattern.compile("[ \t]+");

  /// RFC 3261 §8.1.1.5: less than 2^31.
  private static final long MAX_SEQUENCE = Integer.MAX_VALUE;

  /// Digits of a number with leading zeros, as `0009`; a longer one is malformed.
  private static final int MAX_DIGITS = 18;

  private static final int MAX_LENGTH_DIGITS = 9;

  /// Elements of Via; more are refused: with 70 hops at most nobody needs them.
  static final int MAX_VIAS = 100;

  private static final int MAX_HOPS = 255;

  private final Set<String> methods;

  public Screening(Set<String> methods) {
    this.methods = methods;
  }

  /// Judges one message.
  ///
  /// @param stream whether it came over TCP, where its length has been used already
  public Verdict judge(RawMessage raw, boolean stream) {
    return raw.isResponse() ? response(raw, stream) : request(raw, stream);
  }

  private Verdict response(RawMessage raw, boolean stream) {
    String[] line = raw.startLine().split(" ", 3);
    boolean wellFormed = line.length >= 2 && line[0].equalsIgnoreCase(VERSION) && isStatus(line[1]);
    Optional<byte[]> body = body(raw, stream);
    if (!wellFormed || !raw.defect().isEmpty() || fields(raw).isPresent() || body.isEmpty()) {
      return new Verdict.Drop("Malformed Response");
    }
    String reason = line.length == 3 ? line[2] : "";
    return new Verdict.Pass(
        new SipResponse(Integer.parseInt(line[1]), reason, raw.headers(), body.get()));
  }

  private Verdict request(RawMessage raw, boolean stream) {
    String[] line = raw.startLine().split(" ", -1);
    Optional<Verdict.Refuse> wrong = form(raw, line).or(() -> semantics(raw.headers(), line));
    Optional<byte[]> body = body(raw, stream);
    if (wrong.isEmpty() && body.isEmpty()) {
      wrong = Optional.of(Verdict.Refuse.badRequest("Bad Content-Length"));
    }
    if (wrong.isPresent()) {
      return line[0].equals("ACK") ? new Verdict.Drop(wrong.get().reason()) : wrong.get();
    }
    return new Verdict.Pass(pass(line, raw.headers(), body.orElseThrow()));
  }

  private static SipMessage pass(String[] line, SipHeaders headers, byte[] body) {
    return new SipRequest(line[0], line[1], headers, body);
  }

  /// The start line and the fields that every message has (RFC 3261 §8.1.1).
  private static Optional<Verdict.Refuse> form(RawMessage raw, String[] line) {
    boolean version = line.length == 3 && VERSION_FORM.matcher(line[2]).matches();
    if (!version || !RawMessage.isToken(line[0]) || !RequestUri.isWellFormed(line[1])) {
      return refuse("Malformed Request-Line");
    }
    if (!line[2].equalsIgnoreCase(VERSION)) {
      return Optional.of(new Verdict.Refuse(505, "Version Not Supported", SipHeaders.NONE));
    }
    if (!raw.defect().isEmpty()) {
      return refuse(raw.defect());
    }
    return fields(raw).or(() -> requestFields(raw.headers(), line[0]));
  }

  private static Optional<Verdict.Refuse> refuse(String reason) {
    return Optional.of(Verdict.Refuse.badRequest(reason));
  }

  private static Optional<Verdict.Refuse> fields(RawMessage raw) {
    for (String name : SINGLE_FIELDS) {
      int count = raw.headers().lines(name).size();
      if (count != 1) {
        return refuse((count == 0 ? "Missing " : "Repeated ") + name);
      }
    }
    if (!raw.headers().has("Via")) {
      return refuse("Missing Via");
    }
    if (isCrowded(raw.headers().lines("Via"))) {
      return refuse("Too Many Via");
    }
    if (!isCallId(raw.headers().first("Call-ID").orElse(""))) {
      return refuse("Malformed Call-ID");
    }
    if (!isSequence(raw.headers().first("CSeq").orElse(""))) {
      return refuse("Malformed CSeq");
    }
    return routes(raw.headers());
  }

  /// One word without white space; which characters it is of is not looked at closer (RFC 3261
  /// §25.1).
  private static boolean isCallId(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7F) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /// RFC 3261 §20.30, RFC 3327 §4: SIP URIs in angle brackets.
  private static Optional<Verdict.Refuse> routes(SipHeaders headers) {
    return ROUTE_FIELDS.stream()
        .filter(name -> !headers.elements(name).stream().allMatch(Screening::isRoute))
        .findFirst()
        .flatMap(name -> refuse("Malformed " + name));
  }

  private static boolean isRoute(String element) {
    return element.indexOf('<') >= 0
        && AddressField.isWellFormed(element)
        && NameAddr.parse(element)
            .map(NameAddr::uri)
            .filter(uri -> RequestUri.scheme(uri).startsWith("sip") && RequestUri.isWellFormed(uri))
            .isPresent();
  }

  private static boolean isSequence(String text) {
    String[] parts = BLANKS.split(text);
    return parts.length == 2 && isNumber(parts[0]) && RawMessage.isToken(parts[1]);
  }

  private static boolean isNumber(String text) {
    return Digits.only(text, MAX_DIGITS);
  }

  private static boolean isStatus(String text) {
    return text.length() == 3 && isNumber(text) && text.charAt(0) >= '1' && text.charAt(0) <= '6';
  }

  private static boolean isLength(String text) {
    return Digits.only(text, MAX_LENGTH_DIGITS);
  }

  private static Optional<Verdict.Refuse> requestFields(SipHeaders headers, String method) {
    for (String name : AT_MOST_ONCE) {
      if (headers.lines(name).size() > 1) {
        return refuse("Repeated " + name);
      }
    }
    if (ONE_CONTACT.contains(method) && headers.elements("Contact").size() > 1) {
      return refuse("Repeated Contact");
    }
    return addresses(headers).or(() -> hops(headers, method));
  }

  private static boolean isCrowded(List<String> vias) {
    int elements = vias.size();
    for (String via : vias) {
      elements += RawMessage.count(via, ',');
    }
    return elements > MAX_VIAS;
  }

  private static Optional<Verdict.Refuse> hops(SipHeaders headers, String method) {
    Optional<String> hops = headers.first("Max-Forwards");
    // An ACK without it is taken all the same: it cannot be answered, and dropping it ends a call.
    if (hops.isEmpty()) {
      return method.equals("ACK") ? Optional.empty() : refuse("Missing Max-Forwards");
    }
    boolean inRange = isNumber(hops.get()) && Long.parseLong(hops.get()) <= MAX_HOPS;
    return inRange ? Optional.empty() : refuse("Malformed Max-Forwards"); // RFC 3261 §20.22
  }

  /// The fields that say where to answer and who speaks to whom.
  private static Optional<Verdict.Refuse> addresses(SipHeaders headers) {
    if (!headers.lines("Via").stream().allMatch(ViaField::isListOf)) {
      return refuse("Malformed Via");
    }
    for (String name : List.of("From", "To")) {
      if (!headers.lines(name).stream().allMatch(AddressField::isWellFormed)) {
        return refuse("Malformed " + name);
      }
    }
    boolean contacts =
        headers.elements("Contact").stream()
            .allMatch(contact -> contact.equals("*") || AddressField.isWellFormed(contact));
    return contacts ? Optional.empty() : refuse("Malformed Contact");
  }

  /// Method, CSeq, scheme and Require (RFC 3261 §8.2.1, §8.1.1.5, §8.2.2.1, §8.2.2.3).
  private Optional<Verdict.Refuse> semantics(SipHeaders headers, String[] line) {
    String method = line[0];
    String[] sequence = BLANKS.split(headers.first("CSeq").orElse(""));
    if (!sequence[1].equals(method) || Long.parseLong(sequence[0]) > MAX_SEQUENCE) {
      return refuse("CSeq Does Not Match");
    }
    if (!REGISTERED_METHODS.contains(method)) {
      return Optional.of(
          new Verdict.Refuse(501, "Not Implemented", SipHeaders.of("Allow", allow())));
    }
    if (!methods.contains(method) && !ALWAYS_ALLOWED.contains(method)) {
      return Optional.of(
          new Verdict.Refuse(405, "Method Not Allowed", SipHeaders.of("Allow", allow())));
    }
    if (!SCHEMES.contains(RequestUri.scheme(line[1]))) {
      return Optional.of(new Verdict.Refuse(416, "Unsupported URI Scheme", SipHeaders.NONE));
    }
    if (method.equals("INVITE")
        && !headers.has("Contact")
        && !isTagged(headers.first("To").orElse(""))) {
      return refuse("Missing Contact"); // RFC 3261 §8.1.1.8
    }
    if (method.equals("REGISTER") && !namesAddressOfRecord(headers.first("To").orElse(""))) {
      return refuse("To Is No Address Of Record");
    }
    return method.equals("ACK") || method.equals("CANCEL") ? Optional.empty() : extensions(headers);
  }

  private static boolean isTagged(String to) {
    return NameAddr.parse(to).flatMap(address -> address.parameter("tag")).isPresent();
  }

  // RFC 3261 §10.2.
  private static boolean namesAddressOfRecord(String to) {
    return NameAddr.parse(to).map(NameAddr::uri).map(RequestUri::scheme).stream()
        .anyMatch(SCHEMES::contains);
  }

  private String allow() {
    return methods.stream().sorted().collect(Collectors.joining(", "));
  }

  private static Optional<Verdict.Refuse> extensions(SipHeaders headers) {
    String unknown =
        headers.elements("Require").stream()
            .filter(tag -> !KNOWN_EXTENSIONS.contains(tag.toLowerCase(Locale.ROOT)))
            .filter(RawMessage::isToken)
            .collect(Collectors.joining(", "));
    return unknown.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Verdict.Refuse(420, "Bad Extension", SipHeaders.of("Unsupported", unknown)));
  }

  /// The body by Content-Length; empty when that is wrong (RFC 3261 §18.3). Without the field a
  /// datagram's body goes to its end.
  private static Optional<byte[]> body(RawMessage raw, boolean stream) {
    List<String> lengths = raw.headers().lines("Content-Length");
    if (lengths.isEmpty()) {
      return Optional.of(raw.body());
    }
    if (lengths.size() > 1 || !isLength(lengths.getFirst())) {
      return Optional.empty();
    }
    int length = Integer.parseInt(lengths.getFirst());
    if (length > raw.body().length) {
      return Optional.empty();
    }
    return Optional.of(stream ? raw.body() : java.util.Arrays.copyOf(raw.body(), length));
  }
}
