package io.continuo.server.storage.h2;

import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.Subscriber;
import io.continuo.server.registrar.DigestCredential;
import io.continuo.server.registrar.ProvisionedSubscriber;
import io.continuo.server.registrar.SubscriberStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// Subscribers in the tables `subscriber_address` (the primary one included) and
/// `digest_credential`.
final class H2Subscribers implements SubscriberStore {
  private final H2Database database;

  H2Subscribers(H2Database database) {
    this.database = database;
  }

  @Override
  public List<ProvisionedSubscriber> all() throws StoreUnavailable {
    return database.read(H2Subscribers::readAll);
  }

  @Override
  public List<String> provision(ProvisionedSubscriber one) throws StoreUnavailable {
    return database.compute(handle -> {
      List<String> taken = taken(handle, one);
      if (taken.isEmpty()) {
        remove(handle, one.subscriber().address());
        insert(handle, one);
      }
      return taken;
    });
  }

  @Override
  public boolean withdraw(AddressOfRecord address) throws StoreUnavailable {
    return database.compute(handle -> remove(handle, address));
  }

  private static List<ProvisionedSubscriber> readAll(Handle handle) {
    Map<AddressOfRecord, Set<AddressOfRecord>> aliases = new LinkedHashMap<>();
    handle
        .createQuery("SELECT subscriber, address FROM subscriber_address ORDER BY subscriber")
        .map((row, context) -> List.of(row.getString(1), row.getString(2)))
        .forEach(row -> addAlias(aliases, row.getFirst(), row.getLast()));
    Map<AddressOfRecord, Map<String, Map<String, String>>> secrets = readSecrets(handle);
    List<ProvisionedSubscriber> all = new ArrayList<>();
    aliases.forEach((address, others) ->
        all.add(
            new ProvisionedSubscriber(
                new Subscriber(address, others),
                credentials(address, secrets.getOrDefault(address, Map.of())))));
    return all;
  }

  private static void addAlias(
      Map<AddressOfRecord, Set<AddressOfRecord>> aliases, String subscriber, String address) {
    Set<AddressOfRecord> others =
        aliases.computeIfAbsent(AddressOfRecord.of(subscriber), first -> new HashSet<>());
    if (!subscriber.equals(address)) {
      others.add(AddressOfRecord.of(address));
    }
  }

  private static Map<AddressOfRecord, Map<String, Map<String, String>>> readSecrets(Handle handle) {
    Map<AddressOfRecord, Map<String, Map<String, String>>> secrets = new LinkedHashMap<>();
    handle
        .createQuery("SELECT subscriber, username, algorithm, ha1 FROM digest_credential")
        .map((row, context) ->
            List.of(row.getString(1), row.getString(2), row.getString(3), row.getString(4)))
        .forEach(row ->
            secrets
                .computeIfAbsent(AddressOfRecord.of(row.get(0)), any -> new LinkedHashMap<>())
                .computeIfAbsent(row.get(1), any -> new LinkedHashMap<>())
                .put(row.get(2), row.get(3)));
    return secrets;
  }

  private static List<DigestCredential> credentials(
      AddressOfRecord address, Map<String, Map<String, String>> byName) {
    return byName.entrySet().stream()
        .map(entry -> new DigestCredential(address, entry.getKey(), entry.getValue()))
        .toList();
  }

  private static Set<String> addresses(Subscriber subscriber) {
    Set<String> addresses = new HashSet<>(Set.of(subscriber.address().uri()));
    subscriber.aliases().forEach(alias -> addresses.add(alias.uri()));
    return addresses;
  }

  private static List<String> taken(Handle handle, ProvisionedSubscriber one) {
    String owner = one.subscriber().address().uri();
    List<String> taken = new ArrayList<>();
    for (String address : addresses(one.subscriber())) {
      taken.addAll(
          others(
              handle, "SELECT address FROM subscriber_address WHERE address = ?", address, owner));
    }
    for (DigestCredential credential : one.credentials()) {
      taken.addAll(
          others(
              handle,
              "SELECT DISTINCT username FROM digest_credential WHERE username = ?",
              credential.username(),
              owner));
    }
    return taken;
  }

  private static List<String> others(Handle handle, String select, String name, String owner) {
    return handle
        .createQuery(select + " AND subscriber <> ?")
        .bind(0, name)
        .bind(1, owner)
        .mapTo(String.class)
        .list();
  }

  private static boolean remove(Handle handle, AddressOfRecord address) {
    handle.execute("DELETE FROM digest_credential WHERE subscriber = ?", address.uri());
    return handle.execute("DELETE FROM subscriber_address WHERE subscriber = ?", address.uri()) > 0;
  }

  private static void insert(Handle handle, ProvisionedSubscriber one) {
    String owner = one.subscriber().address().uri();
    addresses(one.subscriber())
        .forEach(address ->
            handle.execute(
                "INSERT INTO subscriber_address (address, subscriber) VALUES (?, ?)",
                address,
                owner));
    for (DigestCredential credential : one.credentials()) {
      credential
          .ha1()
          .forEach((algorithm, ha1) ->
              handle.execute(
                  "INSERT INTO digest_credential (username, algorithm, ha1, subscriber)"
                      + " VALUES (?, ?, ?, ?)",
                  credential.username(),
                  algorithm,
                  ha1,
                  owner));
    }
  }
}
