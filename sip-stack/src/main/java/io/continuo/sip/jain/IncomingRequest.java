package io.continuo.sip.jain;

import gov.nist.javax.sip.header.SIPHeader;
import gov.nist.javax.sip.header.Via;
import gov.nist.javax.sip.message.SIPRequest;
import java.util.Iterator;
import java.util.Locale;

/// A request that passed screening, in the stack's reduced form: its own check for mandatory fields
/// would miss those that were left out.
final class IncomingRequest extends SIPRequest {
  private static final long serialVersionUID = 1;

  /// In lower case the stack looks an identifier up; any other it compares with every transaction.
  private static final String COOKIE = Identifiers.MAGIC_COOKIE.toLowerCase(Locale.ROOT);

  private final String transaction;

  IncomingRequest(SIPRequest parsed) {
    setRequestLine(parsed.getRequestLine());
    for (Iterator<SIPHeader> it = parsed.getHeaders(); it.hasNext(); ) {
      setHeader(it.next());
    }
    this.transaction = transaction();
  }

  @Override
  public void checkHeaders() {}

  /// What a server transaction is matched by (RFC 3261 §17.2.3): branch, sent-by and method, and
  /// ACK with its INVITE. The stack's own takes the branch alone and without its case, so that one
  /// peer could answer to another's request. A branch that is missing, is no more than the magic
  /// cookie (RFC 4475 §3.2.1) or is of RFC 2543 is replaced by what tells such requests apart.
  @Override
  public String getTransactionId() {
    return transaction;
  }

  private String transaction() {
    Via via = getTopmostVia();
    String branch = via.getBranch();
    boolean unique =
        branch != null
            && branch.length() > COOKIE.length()
            && branch.regionMatches(true, 0, COOKIE, 0, COOKIE.length());
    String method = getMethod().equals("ACK") ? "INVITE" : getMethod();
    return String.join(
        "|",
        COOKIE,
        unique ? branch : "",
        via.getSentBy().encode().toLowerCase(Locale.ROOT),
        method,
        unique ? "" : earlier());
  }

  // RFC 3261 §17.2.3, the second list. Without the To-tag: the ACK has ours, the INVITE has not.
  private String earlier() {
    return String.join(
        "|",
        getRequestURI().toString(),
        String.valueOf(getFromTag()),
        getCallId().getCallId(),
        Long.toString(getCSeq().getSeqNumber()));
  }
}
