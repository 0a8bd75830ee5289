package io.continuo.msrp.imdn;

import io.continuo.msrp.ContentType;
import io.continuo.msrp.xml.SafeXml;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/// A disposition notification (RFC 5438 §11). Immutable; safe on any thread.
///
/// @param messageId the `imdn.Message-ID` of the message that it reports on
/// @param dateTime when that message was sent, as written
/// @param recipientUri who reports, as written (clients percent-encode it)
/// @param originalRecipientUri to whom the message had been sent first, as written
/// @param kind what is reported on
/// @param status `delivered`, `displayed`, `processed`, `stored`, `failed`, `forbidden`, `error`,
///   or the name that the peer used
public record Imdn(
    String messageId,
    Optional<String> dateTime,
    Optional<String> recipientUri,
    Optional<String> originalRecipientUri,
    Notification kind,
    String status) {

  private static final String NAMESPACE = "urn:ietf:params:xml:ns:imdn";
  private static final Pattern XML_NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}._-]*");

  /// @throws IllegalArgumentException when the message-id is empty or the status no XML name
  public Imdn {
    if (messageId.isEmpty()) {
      throw new IllegalArgumentException("no message-id");
    }
    if (!XML_NAME.matcher(status).matches()) {
      throw new IllegalArgumentException("a status is the name of an XML element");
    }
  }

  /// What a notification reports on (RFC 5438 §11.1.2).
  public enum Notification {
    /// Whether it reached the device.
    DELIVERY("delivery-notification"),
    /// Whether it was shown to a person.
    DISPLAY("display-notification"),
    /// What a server on the way did with it.
    PROCESSING("processing-notification"),
    /// An element that RFC 5438 does not know.
    OTHER("other-notification");

    private final String element;

    Notification(String element) {
      this.element = element;
    }

    static Notification of(String element) {
      for (Notification kind : values()) {
        if (kind.element.equals(element)) {
          return kind;
        }
      }
      return OTHER;
    }
  }

  /// Whether this is `message/imdn+xml`, whatever its parameters.
  public static boolean isImdn(String contentType) {
    return ContentType.same(contentType, ContentType.IMDN);
  }

  /// Reads a document: any namespace prefix, unknown elements passed over.
  public static Imdn parse(byte[] xml) throws MalformedImdnException {
    try {
      return new Reading().document(SafeXml.read(xml));
    } catch (XMLStreamException e) {
      throw new MalformedImdnException("not XML that we read: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new MalformedImdnException("not an IMDN: " + e.getMessage(), e);
    }
  }

  /// The document in UTF-8.
  public byte[] toXml() {
    return SafeXml.write(this::writeTo);
  }

  private void writeTo(XMLStreamWriter writer) throws XMLStreamException {
    writer.writeStartElement("imdn");
    writer.writeDefaultNamespace(NAMESPACE);
    SafeXml.element(writer, "message-id", messageId);
    optional(writer, "datetime", dateTime);
    optional(writer, "recipient-uri", recipientUri);
    optional(writer, "original-recipient-uri", originalRecipientUri);
    writer.writeStartElement(kind.element);
    writer.writeStartElement("status");
    writer.writeEmptyElement(status);
    writer.writeEndElement();
    writer.writeEndElement();
    writer.writeEndElement();
  }

  private static void optional(XMLStreamWriter writer, String name, Optional<String> text)
      throws XMLStreamException {
    if (text.isPresent()) {
      SafeXml.element(writer, name, text.get());
    }
  }

  /// A document while it is read.
  private static final class Reading {
    private String messageId = "";
    private Optional<String> dateTime = Optional.empty();
    private Optional<String> recipientUri = Optional.empty();
    private Optional<String> originalRecipientUri = Optional.empty();
    private Notification kind = Notification.OTHER;
    private @Nullable String status;

    Imdn document(XMLStreamReader reader) throws XMLStreamException, MalformedImdnException {
      if (!reader.getLocalName().equals("imdn")) {
        throw new MalformedImdnException("expected <imdn>, found <" + reader.getLocalName() + ">");
      }
      while (SafeXml.nextChild(reader)) {
        child(reader);
      }
      if (status == null) {
        throw new MalformedImdnException("expected a notification with a <status>, found none");
      }
      return new Imdn(messageId, dateTime, recipientUri, originalRecipientUri, kind, status);
    }

    private void child(XMLStreamReader reader) throws XMLStreamException {
      String name = reader.getLocalName();
      switch (name) {
        case "message-id" -> messageId = SafeXml.text(reader);
        case "datetime" -> dateTime = Optional.of(SafeXml.text(reader));
        case "recipient-uri" -> recipientUri = Optional.of(SafeXml.text(reader));
        case "original-recipient-uri" -> originalRecipientUri = Optional.of(SafeXml.text(reader));
        case "subject" -> SafeXml.skip(reader);
        default -> notification(Notification.of(name), reader);
      }
    }

    /// An element that holds a status is a notification, whatever it is called.
    private void notification(Notification candidate, XMLStreamReader reader)
        throws XMLStreamException {
      while (SafeXml.nextChild(reader)) {
        if (status == null && reader.getLocalName().equals("status")) {
          status(candidate, reader);
        } else {
          SafeXml.skip(reader);
        }
      }
    }

    private void status(Notification candidate, XMLStreamReader reader) throws XMLStreamException {
      while (SafeXml.nextChild(reader)) {
        if (status == null) {
          kind = candidate;
          status = reader.getLocalName();
        }
        SafeXml.skip(reader);
      }
    }
  }
}
