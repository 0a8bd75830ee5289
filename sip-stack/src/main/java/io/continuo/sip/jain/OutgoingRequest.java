package io.continuo.sip.jain;

import gov.nist.javax.sip.header.SIPHeader;
import gov.nist.javax.sip.message.SIPRequest;
import io.continuo.sip.SipHeaders;
import java.util.Iterator;

/// A request of ours: the stack knows the fields that make its transaction, the rest is written as
/// the application gave it.
final class OutgoingRequest extends SIPRequest {
  private static final long serialVersionUID = 1;

  private final String uri;
  private final transient SipHeaders others;
  private final transient byte[] content;

  /// @param owned the fields for the stack
  /// @param uri the Request-URI as the application wrote it
  /// @param others all other fields, Content-Type included
  OutgoingRequest(SIPRequest owned, String uri, SipHeaders others, byte[] content) {
    this.uri = uri;
    this.others = others;
    this.content = content;
    setRequestLine(owned.getRequestLine());
    for (Iterator<SIPHeader> it = owned.getHeaders(); it.hasNext(); ) {
      setHeader(it.next());
    }
  }

  /// The application answers for its fields; most of them the stack never sees.
  @Override
  public void checkHeaders() {}

  @Override
  public byte[] encodeAsBytes(String transport) {
    String line = getMethod() + " " + uri + " SIP/2.0";
    return Wire.encode(line, Wire.owned(headers), others, content);
  }
}
