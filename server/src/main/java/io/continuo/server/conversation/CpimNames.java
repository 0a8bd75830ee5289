package io.continuo.server.conversation;

import io.continuo.msrp.cpim.CpimMessage;
import io.continuo.server.configuration.ImdnSettings.OwnCopies;
import io.continuo.server.identity.AddressOfRecord;
import java.util.List;
import java.util.Optional;

/// Which addresses a copy of a CPIM message shows. What was received stays, unless it is anonymous
/// and the device could not tell who wrote: a sibling of the sender must see that its own
/// subscriber did (`own-copies: name-sender`), and in a group everybody must see who did.
///
/// @param sender who wrote, as asserted
/// @param addressee to whom, where there is just one
record CpimNames(
    boolean group,
    OwnCopies ownCopies,
    AddressOfRecord sender,
    Optional<AddressOfRecord> addressee) {

  /// RFC 3323 §4.1.1.3, and what Android clients write into CPIM.
  private static final String ANONYMOUS = "sip:anonymous@anonymous.invalid";

  static boolean isAnonymous(String uri) {
    return AddressOfRecord.parse(uri)
        .filter(address -> address.uri().equalsIgnoreCase(ANONYMOUS))
        .isPresent();
  }

  /// The copy for a device of this subscriber; the same object when nothing changes.
  CpimMessage shownTo(AddressOfRecord reader, CpimMessage received) {
    boolean named = reader.equals(sender) && ownCopies == OwnCopies.NAME_SENDER;
    CpimMessage shown = received;
    if ((named || group) && hides(received.fromUri())) {
      shown = shown.withFrom(sender.uri());
    }
    if (named && addressee.isPresent() && hides(first(received.toUris()))) {
      shown = shown.withTo(addressee.get().uri());
    }
    return shown;
  }

  private static boolean hides(Optional<String> uri) {
    return uri.map(CpimNames::isAnonymous).orElse(true);
  }

  private static Optional<String> first(List<String> uris) {
    return uris.stream().findFirst();
  }
}
