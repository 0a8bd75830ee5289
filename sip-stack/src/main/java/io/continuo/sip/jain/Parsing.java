package io.continuo.sip.jain;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.parser.ParseExceptionListener;
import gov.nist.javax.sip.parser.StringMsgParser;
import io.continuo.sip.SipHeader;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipMessage;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;

/// Makes the stack's form of a message: only the fields that its transactions need, so that no
/// other field can cost its parser anything.
final class Parsing {
  /// Every field matters.
  static final ParseExceptionListener STRICT =
      (cause, message, field, text, whole) -> {
        throw new MalformedField(field == null ? "Message" : field.getSimpleName());
      };

  private static final List<String> OWNED = List.of("Via", "From", "To", "Call-ID", "CSeq");

  private Parsing() {}

  /// @throws MalformedField naming the field, when the stack's parser could tell
  static SIPMessage reduced(SipMessage message) throws ParseException {
    StringBuilder text = new StringBuilder(512);
    text.append(startLine(message)).append("\r\n");
    for (String name : OWNED) {
      message.headers().lines(name).forEach(value -> Wire.append(text, name, value));
    }
    if (message instanceof SipRequest) {
      Wire.append(text, "Max-Forwards", message.headers().first("Max-Forwards").orElse("70"));
    }
    byte[] bytes = text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    return complete(new StringMsgParser().parseSIPMessage(bytes, false, false, STRICT));
  }

  private static String startLine(SipMessage message) {
    return switch (message) {
      case SipRequest request -> request.method() + " " + request.uri() + " SIP/2.0";
      case SipResponse response -> "SIP/2.0 " + response.status() + " " + "Answer";
    };
  }

  private static SIPMessage complete(SIPMessage message) throws ParseException {
    if (message == null || message.getTopmostVia() == null) {
      throw new MalformedField("Via");
    }
    if (message.getFrom() == null || message.getTo() == null) {
      throw new MalformedField("From or To");
    }
    if (message.getCallId() == null || message.getCSeq() == null) {
      throw new MalformedField("Call-ID or CSeq");
    }
    return message instanceof SIPRequest request ? new IncomingRequest(request) : message;
  }

  /// The fields of a request that the stack does not own.
  static SipHeaders others(SipHeaders headers) {
    List<SipHeader> others = new ArrayList<>(headers.all().size());
    for (SipHeader header : headers.all()) {
      if (!isOwned(header.name())) {
        others.add(header);
      }
    }
    return new SipHeaders(others);
  }

  private static boolean isOwned(String name) {
    for (String owned : OWNED) {
      if (name.equalsIgnoreCase(owned)) {
        return true;
      }
    }
    return name.equalsIgnoreCase("Max-Forwards")
        || name.equalsIgnoreCase("Route")
        || name.equalsIgnoreCase("Content-Length");
  }
}
