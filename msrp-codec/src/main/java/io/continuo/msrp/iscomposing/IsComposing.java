package io.continuo.msrp.iscomposing;

import io.continuo.msrp.ContentType;
import io.continuo.msrp.xml.SafeXml;
import java.util.Optional;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;

/// Whether somebody is typing (RFC 3994). Immutable; safe on any thread.
///
/// @param state `active` or `idle`; other words mean `idle` to the reader (RFC 3994 §3.3)
/// @param lastActive when the user was last seen active, as written (an idle state has it)
/// @param contentType what is being composed, `text/plain` or `video` …, as written
/// @param refreshSeconds how long an active state lasts unless it is said again, in seconds
public record IsComposing(
    String state,
    Optional<String> lastActive,
    Optional<String> contentType,
    Optional<Integer> refreshSeconds) {
  /// Somebody is typing.
  public static final String ACTIVE = "active";

  /// Nobody is, or not any more.
  public static final String IDLE = "idle";

  private static final String NAMESPACE = "urn:ietf:params:xml:ns:im-iscomposing";
  private static final int MAX_DIGITS = 9;

  /// @throws IllegalArgumentException when the state is empty
  public IsComposing {
    if (state.isEmpty()) {
      throw new IllegalArgumentException("no state");
    }
  }

  /// Says nothing of what is composed, and when.
  public IsComposing(String state, Optional<Integer> refreshSeconds) {
    this(state, Optional.empty(), Optional.empty(), refreshSeconds);
  }

  /// Whether somebody is typing now: any other state than `active` is idle (RFC 3994 §3.3).
  public boolean isActive() {
    return state.equals(ACTIVE);
  }

  /// Whether this is `application/im-iscomposing+xml`, whatever its parameters.
  public static boolean isIsComposing(String contentType) {
    return ContentType.same(contentType, ContentType.IS_COMPOSING);
  }

  /// Reads a document: any namespace prefix, unknown elements passed over.
  public static IsComposing parse(byte[] xml) throws MalformedIsComposingException {
    try {
      return document(SafeXml.read(xml));
    } catch (XMLStreamException e) {
      throw new MalformedIsComposingException("not XML that we read: " + e.getMessage(), e);
    }
  }

  private static IsComposing document(XMLStreamReader reader)
      throws XMLStreamException, MalformedIsComposingException {
    if (!reader.getLocalName().equals("isComposing")) {
      throw new MalformedIsComposingException(
          "expected <isComposing>, found <" + reader.getLocalName() + ">");
    }
    String state = "";
    Optional<String> lastActive = Optional.empty();
    Optional<String> contentType = Optional.empty();
    Optional<Integer> refresh = Optional.empty();
    while (SafeXml.nextChild(reader)) {
      switch (reader.getLocalName()) {
        case "state" -> state = SafeXml.text(reader);
        case "lastactive" -> lastActive = Optional.of(SafeXml.text(reader));
        case "contenttype" -> contentType = Optional.of(SafeXml.text(reader));
        case "refresh" -> refresh = seconds(SafeXml.text(reader));
        default -> SafeXml.skip(reader);
      }
    }
    if (state.isEmpty()) {
      throw new MalformedIsComposingException("expected a <state>, found none");
    }
    return new IsComposing(state, lastActive, contentType, refresh);
  }

  /// A refresh time that is no number is as good as none.
  private static Optional<Integer> seconds(String text) {
    boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits && text.length() <= MAX_DIGITS
        ? Optional.of(Integer.valueOf(text))
        : Optional.empty();
  }

  /// The document in UTF-8.
  public byte[] toXml() {
    return SafeXml.write(this::writeTo);
  }

  private void writeTo(XMLStreamWriter writer) throws XMLStreamException {
    writer.writeStartElement("isComposing");
    writer.writeDefaultNamespace(NAMESPACE);
    SafeXml.element(writer, "state", state);
    if (lastActive.isPresent()) {
      SafeXml.element(writer, "lastactive", lastActive.get());
    }
    if (contentType.isPresent()) {
      SafeXml.element(writer, "contenttype", contentType.get());
    }
    if (refreshSeconds.isPresent()) {
      SafeXml.element(writer, "refresh", refreshSeconds.get().toString());
    }
    writer.writeEndElement();
  }
}
