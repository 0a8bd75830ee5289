package io.continuo.sip.jain;

import gov.nist.javax.sip.header.SIPHeader;
import gov.nist.javax.sip.header.Via;
import gov.nist.javax.sip.message.SIPRequest;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Iterator;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A request that passed screening, in the stack's reduced form: its own check for mandatory fields
/// would miss those that were left out.
final class IncomingRequest extends SIPRequest {
  private static final long serialVersionUID = 1;

  /// In lower case the stack looks an identifier up; any other it compares with every transaction.
  private static final String COOKIE = Identifiers.MAGIC_COOKIE.toLowerCase(Locale.ROOT);

  private final String transaction;
  private final String given;
  private final String written;

  /// @throws ParseException never: what replaces a branch is a token
  IncomingRequest(SIPRequest parsed) throws ParseException {
    setRequestLine(parsed.getRequestLine());
    for (Iterator<SIPHeader> it = parsed.getHeaders(); it.hasNext(); ) {
      setHeader(it.next());
    }
    Via via = getTopmostVia();
    this.written = parameter(via);
    if (!isUnique(via.getBranch())) {
      via.setBranch(Identifiers.MAGIC_COOKIE + "-" + earlier());
    }
    this.given = parameter(via);
    this.transaction = transaction(via);
  }

  @Override
  public void checkHeaders() {}

  private static String parameter(Via via) {
    return via.getBranch() == null ? "" : ";branch=" + via.getBranch();
  }

  private static boolean isUnique(@Nullable String branch) {
    return branch != null
        && branch.length() > COOKIE.length()
        && branch.regionMatches(true, 0, COOKIE, 0, COOKIE.length());
  }

  /// Fields of an answer with the Via as the peer wrote it (RFC 3261 §8.2.6.2).
  CharSequence restored(CharSequence fields) {
    return given.equals(written) ? fields : fields.toString().replace(given, written);
  }

  /// What a server transaction is matched by (RFC 3261 §17.2.3): branch, sent-by and method, and
  /// ACK with its INVITE. The stack's own takes the branch alone and without its case, so that one
  /// peer could answer to another's request. A branch that is missing, is no more than the magic
  /// cookie (RFC 4475 §3.2.1) or is of RFC 2543 is replaced, towards the stack, by what tells such
  /// requests apart: its own way for them fails once a transaction has been answered.
  @Override
  public String getTransactionId() {
    return transaction;
  }

  private String transaction(Via via) {
    String method = getMethod().equals("ACK") ? "INVITE" : getMethod();
    String sentBy = via.getSentBy().encode().toLowerCase(Locale.ROOT);
    return String.join("|", COOKIE, via.getBranch(), sentBy, method);
  }

  // RFC 3261 §17.2.3, the second list. Without the To-tag: the ACK has ours, the INVITE has not.
  private String earlier() {
    String identity =
        String.join(
            "|",
            getRequestURI().toString(),
            String.valueOf(getFromTag()),
            getCallId().getCallId(),
            Long.toString(getCSeq().getSeqNumber()),
            written);
    byte[] bytes = identity.getBytes(StandardCharsets.UTF_8);
    return UUID.nameUUIDFromBytes(bytes).toString();
  }
}
