package io.continuo.device;

import io.continuo.device.message.Mime;
import io.continuo.device.sip.SipHeaders;
import io.continuo.device.sip.SipRequest;
import io.continuo.device.sip.SipText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Writes the requests that a device sends outside of dialogs.
final class Requests {
  private static final String ALLOW = "INVITE, ACK, CANCEL, BYE, OPTIONS, MESSAGE";
  private static final String CHAT_TAG = "+g.oma.sip-im";

  private final DeviceConfig config;

  Requests(DeviceConfig config) {
    this.config = config;
  }

  /// The headers that every request has.
  SipHeaders headers(String method, String to, String callId, long sequence) {
    return SipHeaders.NONE
        .with("Max-Forwards", "70")
        .with("From", "<" + config.address() + ">;tag=" + SipText.random(6))
        .with("To", "<" + to + ">")
        .with("Call-ID", callId)
        .with("CSeq", sequence + " " + method)
        .with("User-Agent", "Continuo-Device " + config.name());
  }

  /// The parameters that tell what this device is (RFC 5626 §4.1, RFC 3840).
  String contactParameters() {
    String channel =
        config.pager()
            ? "+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\""
            : CHAT_TAG;
    return ";+sip.instance=\"<" + config.instance() + ">\";" + channel;
  }

  SipRequest register(String contact, String callId, long sequence, int expires) {
    SipHeaders headers =
        headers("REGISTER", config.address(), callId, sequence)
            .with("Contact", contact + ";reg-id=" + config.regId() + ";expires=" + expires)
            .with("Supported", supported())
            .with("Allow", ALLOW)
            .with("Expires", Integer.toString(expires));
    return new SipRequest("REGISTER", "sip:" + config.domain(), headers);
  }

  private String supported() {
    return "path, outbound"
        + (config.gruu() ? ", gruu" : "")
        + (config.multiClient() ? ", multi-client" : "");
  }

  SipRequest options(String uri) {
    SipHeaders headers =
        headers("OPTIONS", uri, SipText.random(12), 1).with("Accept", "application/sdp");
    return new SipRequest("OPTIONS", uri, headers);
  }

  SipRequest message(String to, String contentType, byte[] body) {
    SipHeaders headers =
        headers("MESSAGE", to, SipText.random(12), 1)
            .with("P-Preferred-Identity", "<" + config.address() + ">")
            .with(chatIds())
            .with("Content-Type", contentType);
    return new SipRequest("MESSAGE", to, headers, body);
  }

  private SipHeaders chatIds() {
    return config.chatIds()
        ? SipHeaders.NONE
            .with("Conversation-ID", UUID.randomUUID().toString())
            .with("Contribution-ID", UUID.randomUUID().toString())
        : SipHeaders.NONE;
  }

  /// An INVITE.
  ///
  /// @param sdp its offer; empty: none
  /// @param listed the members of an ad-hoc group (RFC 5366), empty for one-to-one
  /// @param first a message inside the INVITE, if any
  SipRequest invite(
      String to, String contact, String callId, String sdp, List<String> listed, List<Mime> first) {
    SipHeaders headers =
        headers("INVITE", to, callId, 1)
            .with("Contact", contact)
            .with("P-Preferred-Identity", "<" + config.address() + ">")
            .with("Allow", ALLOW)
            .with("Accept-Contact", "*;" + CHAT_TAG)
            .with(chatIds());
    if (config.multiClient()) {
      headers = headers.with("Supported", "multi-client");
    }
    if (!listed.isEmpty()) {
      headers = headers.with("Require", "recipient-list-invite");
    }
    List<Mime> parts = new ArrayList<>();
    if (!sdp.isEmpty()) {
      parts.add(Mime.of("application/sdp", sdp.getBytes(StandardCharsets.UTF_8)));
    }
    if (!listed.isEmpty()) {
      parts.add(recipients(listed));
    }
    parts.addAll(first);
    if (parts.isEmpty()) {
      return new SipRequest("INVITE", to, headers);
    }
    if (parts.size() == 1 && !sdp.isEmpty()) {
      return new SipRequest(
          "INVITE",
          to,
          headers.with("Content-Type", "application/sdp"),
          parts.getFirst().content());
    }
    String boundary = "part-" + SipText.random(8);
    String type = "multipart/mixed;boundary=\"" + boundary + "\"";
    return new SipRequest(
        "INVITE", to, headers.with("Content-Type", type), Mime.multipart(boundary, parts));
  }

  /// RFC 5366 §4.
  private static Mime recipients(List<String> listed) {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n");
    xml.append("<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\"");
    xml.append(" xmlns:cp=\"urn:ietf:params:xml:ns:copycontrol\">\r\n<list>\r\n");
    listed.forEach(
        uri -> xml.append("<entry uri=\"").append(uri).append("\" cp:copyControl=\"to\"/>\r\n"));
    xml.append("</list>\r\n</resource-lists>\r\n");
    return new Mime(
        List.of(
            new Mime.Field("Content-Type", "application/resource-lists+xml"),
            new Mime.Field("Content-Disposition", "recipient-list")),
        xml.toString().getBytes(StandardCharsets.UTF_8));
  }
}
