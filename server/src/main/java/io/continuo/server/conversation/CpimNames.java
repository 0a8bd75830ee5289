package io.continuo.server.conversation;

import io.continuo.msrp.cpim.CpimMessage;
import io.continuo.server.configuration.ImdnSettings.OwnCopies;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.AnonymousUri;
import java.util.List;
import java.util.Optional;

/// Which addresses a copy of a CPIM message shows. What was received stays, unless it is anonymous
/// and the device could not tell who wrote: a sibling of the sender must see that its own
/// subscriber did (`own-copies: name-sender`), and in a group everybody must see who did, unless
/// the sender asked for privacy. A name that the sender's client wrote itself stays even then.
///
/// @param sender who wrote, as asserted
/// @param addressee to whom, where there is just one
/// @param anonymous whether other subscribers must not be told who wrote (RFC 3323 §4.2)
record CpimNames(
    boolean group,
    OwnCopies ownCopies,
    AddressOfRecord sender,
    Optional<AddressOfRecord> addressee,
    boolean anonymous) {

  /// Android clients write it into CPIM.
  static boolean isAnonymous(String uri) {
    return mentions(uri, AnonymousUri.HOST)
        && AddressOfRecord.parse(uri)
            .filter(address -> address.uri().equalsIgnoreCase(AnonymousUri.TEXT))
            .isPresent();
  }

  /// Every message comes by here, and reading an address costs far more than a look at its text.
  private static boolean mentions(String uri, String host) {
    for (int at = 0; at <= uri.length() - host.length(); at++) {
      if (uri.regionMatches(true, at, host, 0, host.length())) {
        return true;
      }
    }
    return false;
  }

  /// The copy for a device of this subscriber; the same object when nothing changes.
  CpimMessage shownTo(AddressOfRecord reader, CpimMessage received) {
    boolean named = reader.equals(sender) && ownCopies == OwnCopies.NAME_SENDER;
    CpimMessage shown = received;
    if ((named || group && !hidesSenderFrom(reader)) && hides(received.fromUri())) {
      shown = shown.withFrom(sender.uri());
    }
    if (named && addressee.isPresent() && hides(first(received.toUris()))) {
      shown = shown.withTo(addressee.get().uri());
    }
    return shown;
  }

  boolean hidesSenderFrom(AddressOfRecord reader) {
    return anonymous && !reader.equals(sender);
  }

  /// What a From that we write ourselves says.
  String from(AddressOfRecord reader) {
    return hidesSenderFrom(reader) ? AnonymousUri.TEXT : sender.uri();
  }

  private static boolean hides(Optional<String> uri) {
    return uri.map(CpimNames::isAnonymous).orElse(true);
  }

  private static Optional<String> first(List<String> uris) {
    return uris.stream().findFirst();
  }
}
