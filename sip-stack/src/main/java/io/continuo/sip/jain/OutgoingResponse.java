package io.continuo.sip.jain;

import gov.nist.javax.sip.header.SIPHeader;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.message.SIPResponse;
import io.continuo.sip.SipResponse;
import java.text.ParseException;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A response of ours: what the stack copies from the request, then what the application wrote.
final class OutgoingResponse extends SIPResponse {
  private static final long serialVersionUID = 1;

  /// Those that the stack does not know, or misspells (RFC 3261, 4028, 5626, 5627, 5079, 5360).
  private static final Map<Integer, String> PHRASES =
      Map.of(
          413, "Request Entity Too Large",
          421, "Extension Required",
          422, "Session Interval Too Small",
          430, "Flow Failed",
          433, "Anonymity Disallowed",
          439, "First Hop Lacks Outbound Support",
          440, "Max-Breadth Exceeded",
          470, "Consent Needed",
          494, "Security Agreement Required");

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
    String known = PHRASES.getOrDefault(status, "");
    return known.isEmpty() ? SIPResponse.getReasonPhrase(status) : known;
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
