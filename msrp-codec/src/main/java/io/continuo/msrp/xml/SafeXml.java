package io.continuo.msrp.xml;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;

/// StAX with everything off that a stranger could misuse: no DTD, no entities but the five of XML,
/// nothing fetched, at most [#MAX_BYTES]. Any thread.
public final class SafeXml {
  /// Largest document read; a notification has a few hundred bytes.
  public static final int MAX_BYTES = 64 << 10;

  private SafeXml() {}

  /// Stands on the document's element.
  public static XMLStreamReader read(byte[] xml) throws XMLStreamException {
    if (xml.length > MAX_BYTES) {
      throw new XMLStreamException("more than " + MAX_BYTES + " bytes");
    }
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(xml));
    while (next(reader) != XMLStreamConstants.START_ELEMENT) {
      if (reader.getEventType() == XMLStreamConstants.DTD) {
        throw new XMLStreamException("a document type is not allowed");
      }
    }
    return reader;
  }

  /// The parser of the JDK meets some malformed documents with unchecked exceptions; for whoever
  /// reads a stranger's document these are as malformed as others.
  private static int next(XMLStreamReader reader) throws XMLStreamException {
    try {
      return reader.next();
    } catch (RuntimeException e) {
      throw new XMLStreamException("malformed: " + e, e);
    }
  }

  /// The next child element of the element that the reader stands in, or false behind the last one.
  public static boolean nextChild(XMLStreamReader reader) throws XMLStreamException {
    while (true) {
      switch (next(reader)) {
        case XMLStreamConstants.START_ELEMENT -> {
          return true;
        }
        case XMLStreamConstants.END_ELEMENT -> {
          return false;
        }
        default -> {
          // Text, comments and instructions between the elements say nothing here.
        }
      }
    }
  }

  /// The text of the element that the reader stands on, elements in it left out; the reader ends on
  /// its end.
  public static String text(XMLStreamReader reader) throws XMLStreamException {
    var text = new StringBuilder();
    for (int depth = 1; depth > 0; ) {
      switch (next(reader)) {
        case XMLStreamConstants.START_ELEMENT -> depth++;
        case XMLStreamConstants.END_ELEMENT -> depth--;
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          if (depth == 1) {
            text.append(reader.getText());
          }
        }
        default -> {
          // Comments and instructions are not text.
        }
      }
    }
    return text.toString().strip();
  }

  /// Passes over the element that the reader stands on.
  public static void skip(XMLStreamReader reader) throws XMLStreamException {
    text(reader);
  }

  /// Writes a document in UTF-8.
  public static byte[] write(Content content) {
    var out = new ByteArrayOutputStream(512);
    try {
      XMLStreamWriter writer =
          XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, "UTF-8");
      writer.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
      content.writeTo(writer);
      writer.writeEndDocument();
      writer.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("writing to memory cannot fail", e);
    }
    return out.toByteArray();
  }

  /// `<name>text</name>`.
  public static void element(XMLStreamWriter writer, String name, String text)
      throws XMLStreamException {
    writer.writeStartElement(name);
    int from = 0;
    // A carriage return that stands as it is would be read as a line feed (XML 1.0 §2.11).
    for (int at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', from)) {
      writer.writeCharacters(text.substring(from, at));
      writer.writeEntityRef("#13");
      from = at + 1;
    }
    writer.writeCharacters(text.substring(from));
    writer.writeEndElement();
  }

  /// What stands in a document.
  @FunctionalInterface
  public interface Content {
    /// Writes the document, its root element included.
    ///
    /// @throws XMLStreamException when it cannot be written
    void writeTo(XMLStreamWriter writer) throws XMLStreamException;
  }
}
