package io.continuo.sip.jain;

import gov.nist.javax.sip.header.SIPHeader;
import gov.nist.javax.sip.message.SIPResponse;
import io.continuo.sip.SipResponse;
import java.text.ParseException;
import java.util.Iterator;

/// A response of ours: what the stack copies from the request, then what the application wrote.
final class OutgoingResponse extends SIPResponse {
  private static final long serialVersionUID = 1;

  private final transient SipResponse response;

  /// @param owned made by the stack from the request
  OutgoingResponse(SIPResponse owned, SipResponse response) throws ParseException {
    this.response = response;
    setStatusCode(response.status());
    setReasonPhrase(response.reason().isEmpty() ? phrase(response.status()) : response.reason());
    for (Iterator<SIPHeader> it = owned.getHeaders(); it.hasNext(); ) {
      setHeader(it.next());
    }
  }

  private static String phrase(int status) {
    String phrase = SIPResponse.getReasonPhrase(status);
    return phrase == null ? "Status" : phrase;
  }

  @Override
  public byte[] encodeAsBytes(String transport) {
    String line = "SIP/2.0 " + getStatusCode() + " " + getReasonPhrase();
    return Wire.encode(line, Wire.owned(headers), response.headers(), response.body());
  }
}
