package io.continuo.server.registrar;

import io.continuo.server.identity.AddressOfRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// What a REGISTER asks for, authenticated (RFC 3261 §10.3).
///
/// @param subscriber primary address of the To header
/// @param contacts Contact elements; empty only asks what is bound
/// @param removeAll `Contact: *`
/// @param expires the Expires header
/// @param path Path header values, topmost first
/// @param flow the flow it came over; empty when told by a third party
public record Registration(
    AddressOfRecord subscriber,
    DeviceSource source,
    String callId,
    long cseq,
    List<Contact> contacts,
    boolean removeAll,
    OptionalInt expires,
    List<String> path,
    Optional<String> flow) {
  public Registration {
    contacts = List.copyOf(contacts);
    path = List.copyOf(path);
  }

  /// One Contact element.
  ///
  /// @param uri without brackets
  /// @param parameters header parameters by lower-case name, values without quotes; `expires`,
  ///   `+sip.instance` and `reg-id` included
  public record Contact(String uri, Map<String, String> parameters) {
    public Contact {
      parameters = Map.copyOf(parameters);
    }
  }

  /// The answer to a registration.
  public sealed interface Outcome {
    /// 200, with everything that is bound now.
    record Bound(List<BoundContact> contacts) implements Outcome {}

    /// A refusal.
    ///
    /// @param status 400, 403 (too many devices), 423, 500 (old CSeq), 503 (the store cannot keep
    ///   it)
    /// @param warning text for a Warning header, when one helps
    /// @param minExpires seconds for Min-Expires with 423
    record Refused(int status, Optional<String> warning, OptionalInt minExpires)
        implements Outcome {}
  }

  /// A binding as listed in the 200.
  ///
  /// @param parameters as registered, without `expires`
  /// @param expires seconds left
  /// @param callId of the REGISTER that wrote it last
  public record BoundContact(
      String uri, Map<String, String> parameters, long expires, String callId) {}
}
