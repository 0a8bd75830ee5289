package io.continuo.server.identity;

/// One device of one subscriber, whatever flows it is reached by.
///
/// @param owner the subscriber's primary address
/// @param instance its `+sip.instance` without quotes and brackets (`urn:uuid:…`, RFC 5626 §4.1),
///   else its Contact URI
public record DeviceId(AddressOfRecord owner, String instance) {

  @Override
  public String toString() {
    return owner + "#" + instance;
  }
}
