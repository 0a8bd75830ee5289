package io.continuo.server.registrar;

import io.continuo.server.identity.AddressOfRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Writes REGISTER requests for tests: `of("alice").contact("sip:a@x").instance("urn:…")`.
public final class RegisterRequest {
  private final AddressOfRecord subscriber;
  private DeviceSource source = DeviceSource.REGISTER;
  private String callId = "call-1";
  private long cseq = 1;
  private final List<Registration.Contact> contacts = new ArrayList<>();
  private boolean removeAll;
  private OptionalInt expires = OptionalInt.empty();
  private List<String> path = List.of();
  private Optional<String> flow = Optional.empty();

  private RegisterRequest(AddressOfRecord subscriber) {
    this.subscriber = subscriber;
  }

  public static RegisterRequest of(String user) {
    return new RegisterRequest(subscriber(user));
  }

  public static AddressOfRecord subscriber(String user) {
    return AddressOfRecord.of("sip:" + user + "@continuo.test");
  }

  public static Registration.Contact contactOf(String uri, String... namesAndValues) {
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      parameters.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Registration.Contact(uri, parameters);
  }

  public RegisterRequest contact(String uri, String... namesAndValues) {
    contacts.add(contactOf(uri, namesAndValues));
    return this;
  }

  public RegisterRequest device(String instance, String uri, String... namesAndValues) {
    String[] all = new String[namesAndValues.length + 2];
    all[0] = "+sip.instance";
    all[1] = "<" + instance + ">";
    System.arraycopy(namesAndValues, 0, all, 2, namesAndValues.length);
    return contact(uri, all);
  }

  public RegisterRequest from(DeviceSource told) {
    source = told;
    return this;
  }

  public RegisterRequest call(String id, long number) {
    callId = id;
    cseq = number;
    return this;
  }

  public RegisterRequest star() {
    removeAll = true;
    return this;
  }

  public RegisterRequest expires(int seconds) {
    expires = OptionalInt.of(seconds);
    return this;
  }

  public RegisterRequest path(String... values) {
    path = List.of(values);
    return this;
  }

  public RegisterRequest over(String name) {
    flow = Optional.of(name);
    return this;
  }

  public Registration build() {
    return new Registration(
        subscriber, source, callId, cseq, contacts, removeAll, expires, path, flow);
  }
}
