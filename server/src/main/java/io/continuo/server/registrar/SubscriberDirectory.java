package io.continuo.server.registrar;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.Subscriber;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Every subscriber in memory: those of the file, and those of the store that the file does not
/// name. What the file says of an address or a user name wins.
///
/// A subscriber with a telephone number has it as tel URI and as SIP URI at its own domain, however
/// provisioned (RFC 3261 §19.1.6), unless somebody else was given the other form; one that has
/// nothing but its number has it at our domain.
///
/// Threading: any thread; [#replace] swaps everything at once.
public final class SubscriberDirectory implements Subscribers {
  private final String domain;
  private volatile Index index;

  /// @param domain ours
  public SubscriberDirectory(
      List<ProvisionedSubscriber> fromFile, List<ProvisionedSubscriber> fromStore, String domain) {
    this.domain = domain.toLowerCase(Locale.ROOT);
    index = Index.of(fromFile, fromStore, this.domain);
  }

  /// Serves these from now on.
  public void replace(List<ProvisionedSubscriber> fromFile, List<ProvisionedSubscriber> fromStore) {
    index = Index.of(fromFile, fromStore, domain);
  }

  @Override
  public Optional<Subscriber> find(AddressOfRecord address) {
    return Optional.ofNullable(index.byAddress.get(address));
  }

  @Override
  public Optional<DigestCredential> credential(String username) {
    return Optional.ofNullable(index.byUsername.get(username));
  }

  /// How many there are.
  public int size() {
    return Set.copyOf(index.byAddress.values()).size();
  }

  /// Addresses and user names of the store that the file overrides, for the log.
  public List<String> overridden() {
    return index.overridden;
  }

  private record Index(
      Map<AddressOfRecord, Subscriber> byAddress,
      Map<String, DigestCredential> byUsername,
      List<String> overridden) {

    static Index of(
        List<ProvisionedSubscriber> fromFile,
        List<ProvisionedSubscriber> fromStore,
        String domain) {
      Index index = new Index(new LinkedHashMap<>(), new HashMap<>(), new ArrayList<>());
      fromFile.forEach(index::add);
      Set<AddressOfRecord> primary = new HashSet<>();
      fromFile.forEach(one -> primary.add(one.subscriber().address()));
      for (ProvisionedSubscriber stored : fromStore) {
        AddressOfRecord address = stored.subscriber().address();
        if (primary.contains(address)) {
          index.overridden.add(address.uri());
        } else {
          index.add(stored);
        }
      }
      new LinkedHashSet<>(index.byAddress.values())
          .forEach(one -> index.addOtherForms(one, domain));
      return index;
    }

    private void addOtherForms(Subscriber subscriber, String domain) {
      Set<AddressOfRecord> forms = otherForms(subscriber, domain);
      forms.removeIf(byAddress::containsKey);
      if (!forms.isEmpty()) {
        forms.addAll(subscriber.aliases());
        Subscriber known = new Subscriber(subscriber.address(), forms);
        known.addresses().forEach(address -> byAddress.put(address, known));
      }
    }

    private static Set<AddressOfRecord> otherForms(Subscriber subscriber, String domain) {
      Set<AddressOfRecord> forms = new HashSet<>();
      Set<String> hosts = hosts(subscriber, domain);
      for (AddressOfRecord address : subscriber.addresses()) {
        address
            .number()
            .ifPresent(number -> {
              forms.add(new AddressOfRecord("tel:" + number));
              hosts.forEach(host -> forms.add(new AddressOfRecord("sip:" + number + "@" + host)));
            });
      }
      return forms;
    }

    private static Set<String> hosts(Subscriber subscriber, String domain) {
      Set<String> hosts = new HashSet<>();
      subscriber.addresses().forEach(address -> hosts.add(address.host()));
      hosts.remove("");
      return hosts.isEmpty() ? Set.of(domain) : hosts;
    }

    private void add(ProvisionedSubscriber one) {
      Subscriber subscriber = withFreeAliases(one.subscriber());
      if (byAddress.putIfAbsent(subscriber.address(), subscriber) != null) {
        overridden.add(subscriber.address().uri());
        return;
      }
      subscriber.aliases().forEach(alias -> byAddress.put(alias, subscriber));
      for (DigestCredential credential : one.credentials()) {
        if (byUsername.putIfAbsent(credential.username(), credential) != null) {
          overridden.add(credential.username());
        }
      }
    }

    private Subscriber withFreeAliases(Subscriber subscriber) {
      Set<AddressOfRecord> free = new HashSet<>(subscriber.aliases());
      free.removeIf(byAddress::containsKey);
      subscriber.aliases().stream()
          .filter(alias -> !free.contains(alias))
          .forEach(alias -> overridden.add(alias.uri()));
      return new Subscriber(subscriber.address(), free);
    }
  }
}
