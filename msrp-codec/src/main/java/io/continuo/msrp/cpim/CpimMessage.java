package io.continuo.msrp.cpim;

import io.continuo.msrp.ContentType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A CPIM message (RFC 3862). Immutable; safe on any thread.
///
/// Every header keeps the bytes it was read with, and the MIME part is one block of bytes: writing
/// a message gives back exactly what was read, except for the headers that were changed on purpose.
/// So an encrypted or signed MIME part survives (RFC 3862 §2.4). Lines may end with LF alone; added
/// headers then do too.
///
/// A header of RFC 3862 §4 is found under its plain name, and under each prefix that the message
/// binds to their namespace (§3.4), see [Namespaces].
public final class CpimMessage {
  /// The namespace of IMDN headers (RFC 5438 §6.1).
  public static final String IMDN_NAMESPACE = "urn:ietf:params:imdn";

  /// The namespace of the headers of RFC 3862 §4, which is meant where no prefix stands.
  public static final String CORE_NAMESPACE = "urn:ietf:params:cpim-headers:";

  /// An intermediary's wish to see the notifications about a message (RFC 5438 §6.5).
  public static final String IMDN_RECORD_ROUTE = "IMDN-Record-Route";

  /// Through whom a notification goes: the IMDN-Record-Routes of the message that it is about, in
  /// the same order (RFC 5438 §6.6).
  public static final String IMDN_ROUTE = "IMDN-Route";

  private final List<Field> fields;
  private final Rest rest;
  private final String contentType;
  private final Namespaces namespaces;

  private CpimMessage(List<Field> fields, Rest rest, String contentType) {
    this.fields = List.copyOf(fields);
    this.namespaces = new Namespaces(this.fields);
    this.rest = rest;
    this.contentType = contentType;
  }

  /// Everything behind the CPIM headers: the blank line that ends them, and the MIME part.
  ///
  /// @param bytes never written to
  /// @param from where the blank line stands in them
  /// @param mime where the MIME part begins
  /// @param content where its body begins
  private record Rest(byte[] bytes, int from, int mime, int content) {
    int size() {
      return bytes.length - from;
    }

    String lineEnd() {
      return mime - from == 1 ? "\n" : "\r\n";
    }
  }

  /// Reads a message; a missing header of RFC 3862 §2.2 (From, To …) is no error here.
  ///
  /// @param bytes kept, so they must not change any more
  public static CpimMessage parse(byte[] bytes) throws MalformedCpimException {
    return parse(bytes, true);
  }

  /// Reads a message of which only the first bytes are here. The headers of its MIME part must end
  /// in them: what is cut off might be the header that says what the content is.
  ///
  /// @param bytes kept, so they must not change any more
  public static CpimMessage parseBeginning(byte[] bytes) throws MalformedCpimException {
    return parse(bytes, false);
  }

  private static CpimMessage parse(byte[] bytes, boolean whole) throws MalformedCpimException {
    HeaderBlock head = HeaderBlock.parse(bytes, 0, false);
    if (head.fields().isEmpty()) {
      throw new MalformedCpimException("offset 0: expected a CPIM header, found a blank line");
    }
    HeaderBlock part = HeaderBlock.parse(bytes, head.end(), whole);
    var rest = new Rest(bytes, head.blankAt(), head.end(), part.end());
    return new CpimMessage(head.fields(), rest, contentType(part));
  }

  /// Readers differ in which of several they take, so several different ones are an error.
  private static String contentType(HeaderBlock part) throws MalformedCpimException {
    String found = "";
    for (Field field : part.fields()) {
      if (field.named("Content-Type") && !field.header().value().isEmpty()) {
        String value = field.header().value();
        if (!found.isEmpty() && !found.equalsIgnoreCase(value)) {
          throw new MalformedCpimException("expected one Content-Type, found " + value);
        }
        found = value;
      }
    }
    return found.isEmpty() ? ContentType.TEXT_PLAIN : found;
  }

  /// The CPIM headers in order, unknown ones included.
  public List<CpimHeader> headers() {
    return fields.stream().map(Field::header).toList();
  }

  /// The URI of From (RFC 3862 §4.1).
  public Optional<String> fromUri() {
    return first("From").flatMap(Field::uri);
  }

  /// What each From names, in order; empty for one that no reader should guess at. More than one is
  /// an error of the sender, and readers differ in which they believe.
  public List<Optional<String>> fromUris() {
    return fields.stream()
        .filter(f -> namespaces.isCore(f, "From"))
        .map(Field::unambiguousUri)
        .toList();
  }

  private Optional<Field> first(String name) {
    for (Field field : fields) {
      if (namespaces.isCore(field, name)) {
        return Optional.of(field);
      }
    }
    return Optional.empty();
  }

  /// The URIs of every To, in order (RFC 3862 §4.2).
  public List<String> toUris() {
    return fields.stream()
        .filter(f -> namespaces.isCore(f, "To"))
        .flatMap(f -> f.uri().stream())
        .toList();
  }

  /// The value of the first header of that name, as written with its prefix; case does not matter.
  public Optional<String> header(String name) {
    return first(name).map(field -> field.header().value());
  }

  /// The value of the first IMDN header of that name, whatever prefixes this message gives them
  /// (RFC 3862 §3.4).
  public Optional<String> imdnHeader(String localName) {
    return namespaces.imdn(localName).map(field -> field.header().value()).findFirst();
  }

  /// Every value of an IMDN header, each once: under any prefix declared for IMDN, and under the
  /// conventional one, which some readers look for whatever is declared.
  public Set<String> imdnHeaders(String localName) {
    return namespaces
        .imdnToAnyReader(localName)
        .map(field -> field.header().value())
        .collect(Collectors.toUnmodifiableSet());
  }

  /// The URIs of every IMDN header of that name, in order: of IMDN-Record-Route through whom
  /// notifications about this message shall go, of IMDN-Route through whom this notification goes
  /// on, next hop first (RFC 5438 §6.5, §6.6).
  public List<String> imdnUris(String localName) {
    return namespaces.imdn(localName).flatMap(field -> field.uri().stream()).toList();
  }

  /// Content-Type of the MIME part with parameters; `text/plain` when it says none.
  public String contentType() {
    return contentType;
  }

  /// The body of the MIME part.
  public byte[] content() {
    return Arrays.copyOfRange(rest.bytes(), rest.content(), rest.bytes().length);
  }

  /// The same message with another URI in From, at its old place; in front when it had none.
  public CpimMessage withFrom(String uri) {
    return withUri("From", uri);
  }

  /// The same message with another URI in (the first) To.
  public CpimMessage withTo(String uri) {
    return withUri("To", uri);
  }

  private CpimMessage withUri(String name, String uri) {
    if (uri.chars().anyMatch(c -> c <= ' ' || c == '<' || c == '>')) {
      throw new IllegalArgumentException("not a URI: " + uri);
    }
    List<Field> changed = new ArrayList<>(fields);
    for (int i = 0; i < changed.size(); i++) {
      if (namespaces.isCore(changed.get(i), name)) {
        changed.set(i, changed.get(i).withUri(uri, rest.lineEnd()));
        return with(changed);
      }
    }
    changed.addFirst(Field.of(name, "<" + uri + ">", rest.lineEnd()));
    return with(changed);
  }

  /// The same message with one more IMDN header behind the last CPIM header, and an NS header
  /// before it when the message has none for IMDN.
  public CpimMessage withImdnHeader(String localName, String value) {
    List<Field> changed = new ArrayList<>(fields);
    String prefix =
        namespaces
            .imdnPrefix()
            .orElseGet(() -> {
              String free = namespaces.freePrefix();
              changed.add(Field.of("NS", free + " <" + IMDN_NAMESPACE + ">", rest.lineEnd()));
              return free;
            });
    changed.add(Field.of(Namespaces.prefixed(prefix, localName), value, rest.lineEnd()));
    return with(changed);
  }

  /// The same message, whose notifications shall also go through `uri`: an IMDN-Record-Route in
  /// front of those of earlier intermediaries (RFC 5438 §6.5).
  public CpimMessage withImdnRecordRoute(String uri) {
    CpimMessage added = withImdnHeader(IMDN_RECORD_ROUTE, "<" + uri + ">");
    List<Field> changed = new ArrayList<>(added.fields);
    Field own = changed.getLast();
    for (int i = 0; i < changed.size(); i++) {
      if (changed.get(i).named(own.header().name())) {
        changed.add(i, changed.removeLast());
        break;
      }
    }
    return with(changed);
  }

  /// The same notification without its first IMDN-Route, which named us: it goes on to the next of
  /// them, or to its To when none is left (RFC 5438 §6.6).
  public CpimMessage withoutFirstImdnRoute() {
    List<Field> changed = new ArrayList<>(fields);
    namespaces.imdn(IMDN_ROUTE).findFirst().ifPresent(changed::remove);
    return with(changed);
  }

  /// The bytes: what was read, when nothing was changed.
  public byte[] toBytes() {
    int head = 0;
    for (Field field : fields) {
      head += field.size();
    }
    byte[] out = new byte[head + rest.size()];
    int at = 0;
    for (Field field : fields) {
      at = field.copyTo(out, at);
    }
    System.arraycopy(rest.bytes(), rest.from(), out, at, rest.size());
    return out;
  }

  /// Never prints the content.
  @Override
  public String toString() {
    int length = rest.bytes().length - rest.content();
    return "CpimMessage[" + contentType + ", " + length + " bytes]";
  }

  private CpimMessage with(List<Field> changed) {
    return new CpimMessage(changed, rest, contentType);
  }

  public static Builder builder() {
    return new Builder();
  }

  /// Writes a message of our own, with CRLF and the headers in the order of calls.
  public static final class Builder {
    private static final String CRLF = "\r\n";

    private final List<Field> fields = new ArrayList<>();
    private final List<Field> imdn = new ArrayList<>();
    private String contentType = ContentType.TEXT_PLAIN;
    private byte[] content = new byte[0];

    private Builder() {}

    public Builder from(String uri) {
      return header("From", "<" + uri + ">");
    }

    public Builder to(String uri) {
      return header("To", "<" + uri + ">");
    }

    /// To the millisecond, in UTC (RFC 3339).
    public Builder dateTime(Instant at) {
      return header("DateTime", at.truncatedTo(ChronoUnit.MILLIS).toString());
    }

    public Builder header(String name, String value) {
      fields.add(Field.of(name, value, CRLF));
      return this;
    }

    public Builder imdn(String localName, String value) {
      imdn.add(Field.of(Namespaces.prefixed(Namespaces.IMDN, localName), value, CRLF));
      return this;
    }

    /// The IMDN-Route headers of a notification about `message` (RFC 5438 §6.6).
    public Builder routedLike(CpimMessage message) {
      message.imdnUris(IMDN_RECORD_ROUTE).forEach(uri -> imdn(IMDN_ROUTE, "<" + uri + ">"));
      return this;
    }

    public Builder content(String type, byte[] bytes) {
      contentType = type;
      content = bytes.clone();
      return this;
    }

    public CpimMessage build() {
      List<Field> all = new ArrayList<>(fields);
      if (!imdn.isEmpty()) {
        String namespace = Namespaces.IMDN + " <" + IMDN_NAMESPACE + ">";
        all.add(Field.of("NS", namespace, CRLF));
        all.addAll(imdn);
      }
      Field type = Field.of("Content-Type", contentType, CRLF + CRLF);
      byte[] rest = new byte[CRLF.length() + type.size() + content.length];
      rest[0] = '\r';
      rest[1] = '\n';
      int contentAt = type.copyTo(rest, CRLF.length());
      System.arraycopy(content, 0, rest, contentAt, content.length);
      return new CpimMessage(all, new Rest(rest, 0, CRLF.length(), contentAt), contentType);
    }
  }
}
