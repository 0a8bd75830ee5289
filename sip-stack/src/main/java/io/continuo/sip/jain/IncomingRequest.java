package io.continuo.sip.jain;

import gov.nist.javax.sip.header.SIPHeader;
import gov.nist.javax.sip.message.SIPRequest;
import java.util.Iterator;

/// A request that passed screening, in the stack's reduced form: its own check for mandatory fields
/// would miss those that were left out.
final class IncomingRequest extends SIPRequest {
  private static final long serialVersionUID = 1;

  IncomingRequest(SIPRequest parsed) {
    setRequestLine(parsed.getRequestLine());
    for (Iterator<SIPHeader> it = parsed.getHeaders(); it.hasNext(); ) {
      setHeader(it.next());
    }
  }

  @Override
  public void checkHeaders() {}
}
