package io.continuo.server.transport.sip;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// `application/resource-lists+xml` inside an INVITE (RFC 5366 §4, RFC 4826 §3): whom to invite.
final class RecipientList {
  /// More entries than this are malformed.
  static final int MAX_ENTRIES = 500;

  private RecipientList() {}

  /// The `uri` of every `entry`, in order. Empty when it is no well-formed document, has a document
  /// type (it could name files or grow without end), or too many entries.
  static Optional<List<String>> parse(byte[] xml) {
    XMLInputFactory factory = XMLInputFactory.newFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    try {
      XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(xml));
      try {
        return read(reader);
      } finally {
        reader.close();
      }
    } catch (XMLStreamException malformed) {
      return Optional.empty();
    }
  }

  private static Optional<List<String>> read(XMLStreamReader reader) throws XMLStreamException {
    List<String> uris = new ArrayList<>();
    while (reader.hasNext()) {
      int event = reader.next();
      if (event == XMLStreamConstants.DTD || uris.size() > MAX_ENTRIES) {
        return Optional.empty();
      }
      if (event == XMLStreamConstants.START_ELEMENT && reader.getLocalName().equals("entry")) {
        Optional.ofNullable(reader.getAttributeValue(null, "uri")).ifPresent(uris::add);
      }
    }
    return Optional.of(uris);
  }
}
