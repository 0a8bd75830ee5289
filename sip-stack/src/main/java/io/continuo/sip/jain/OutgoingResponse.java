package io.continuo.sip.jain;

import gov.nist.javax.sip.header.SIPHeader;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.message.SIPResponse;
import io.continuo.sip.SipResponse;
import java.text.ParseException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// A response of ours: what the stack copies from the request, then what the application wrote.
final class OutgoingResponse extends SIPResponse {
  private static final long serialVersionUID = 1;

  private final transient SIPRequest request;
  private final transient SipResponse response;
  private transient byte @Nullable [] encoded;

  /// @param request that it answers
  /// @param owned made by the stack from the request
  OutgoingResponse(SIPRequest request, SIPResponse owned, SipResponse response)
      throws ParseException {
    this.request = request;
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

  /// Written once: the stack asks for it to send it and again to keep it for repetitions.
  @Override
  public byte[] encodeAsBytes(String transport) {
    byte[] written = encoded;
    if (written == null) {
      String line = "SIP/2.0 " + getStatusCode() + " " + getReasonPhrase();
      CharSequence owned = Wire.owned(headers);
      if (request instanceof IncomingRequest incoming) {
        owned = incoming.restored(owned);
      }
      written = Wire.encode(line, owned, response.headers(), response.body());
      encoded = written;
    }
    return written;
  }
}
