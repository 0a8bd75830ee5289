package io.continuo.device.message;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/// A disposition notification (RFC 5438 §7.1).
///
/// @param messageId the message that it speaks of
/// @param recipient who got that message: the reporter
/// @param disposition `delivered`, `displayed`, `processed`, `stored`, `failed`, `forbidden`,
///   `error` or whatever a peer says
public record Imdn(String messageId, String recipient, String disposition) {
  /// The content type.
  public static final String TYPE = "message/imdn+xml";

  /// The XML document.
  public byte[] bytes() {
    String kind = kind();
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    return """
    <?xml version="1.0" encoding="UTF-8"?>
    <imdn xmlns="urn:ietf:params:xml:ns:imdn">
    <message-id>%s</message-id>
    <datetime>%s</datetime>
    <recipient-uri>%s</recipient-uri>
    <%s><status><%s/></status></%s>
    </imdn>
    """
        .formatted(escape(messageId), now, escape(recipient), kind, disposition, kind)
        .replace("\n", "\r\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private String kind() {
    return switch (disposition) {
      case "displayed" -> "display-notification";
      case "processed", "stored" -> "processing-notification";
      default -> "delivery-notification";
    };
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /// The CPIM that carries it back (RFC 5438 §7.2.1).
  public Cpim in(String from, String to, String ownMessageId) {
    Mime part =
        new Mime(
            java.util.List.of(
                new Mime.Field("Content-Type", TYPE),
                new Mime.Field("Content-Disposition", "notification"),
                new Mime.Field("Content-Length", Integer.toString(bytes().length))),
            bytes());
    return Cpim.of(from, to, ownMessageId, "", part);
  }

  public static boolean isType(String contentType) {
    return contentType.toLowerCase(Locale.ROOT).startsWith(TYPE);
  }

  /// Reads a document.
  ///
  /// @throws IllegalArgumentException when it is none
  public static Imdn parse(byte[] xml) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setNamespaceAware(true);
      Document document = factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml));
      return new Imdn(
          text(document, "message-id"), text(document, "recipient-uri"), status(document));
    } catch (ParserConfigurationException | SAXException | IOException unreadable) {
      throw new IllegalArgumentException("not an IMDN", unreadable);
    }
  }

  private static String text(Document document, String element) {
    NodeList found = document.getElementsByTagNameNS("*", element);
    return found.getLength() == 0 ? "" : found.item(0).getTextContent().strip();
  }

  private static String status(Document document) {
    NodeList statuses = document.getElementsByTagNameNS("*", "status");
    if (statuses.getLength() == 0) {
      return "";
    }
    for (Node n = statuses.item(0).getFirstChild(); n != null; n = n.getNextSibling()) {
      if (n instanceof Element element) {
        return element.getLocalName();
      }
    }
    return "";
  }
}
