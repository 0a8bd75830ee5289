package io.continuo.server.registrar;

import io.continuo.server.identity.AddressOfRecord;
import java.util.Map;

/// What is stored of a password: HA1 = H(username:realm:password) in hex, one for each algorithm
/// (RFC 7616 §3.4.2).
///
/// @param subscriber whose primary address this user name may act for
/// @param ha1 by algorithm name as on the wire (`SHA-256`, `MD5`), lower-case hex
public record DigestCredential(
    AddressOfRecord subscriber, String username, Map<String, String> ha1) {
  public DigestCredential {
    ha1 = Map.copyOf(ha1);
  }

  /// Never prints the secrets.
  @Override
  public String toString() {
    return "DigestCredential[" + username + "]";
  }
}
