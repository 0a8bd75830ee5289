package io.continuo.server;

import io.continuo.server.configuration.AuthSettings;
import io.continuo.server.configuration.ServerConfiguration;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.Subscriber;
import io.continuo.server.registrar.DigestCredential;
import io.continuo.server.registrar.ProvisionedSubscriber;
import io.continuo.server.registrar.SubscriberStore;
import io.continuo.sip.digest.DigestAlgorithm;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `continuo subscriber add ADDRESS`: adds a subscriber to the store, or replaces it. Of the
/// password only the HA1 of each of `auth.algorithms` is kept.
@Command(
    name = "add",
    mixinStandardHelpOptions = true,
    description = {
      "Adds a subscriber to the store, or replaces the one with this address.",
      "The password is asked for at a terminal, else it is the first line of standard input."
    })
final class SubscriberAddCommand extends StoreCommand {
  private static final String USERNAME = "[^\"\\\\:\\p{Cntrl}]+";

  @Parameters(
      paramLabel = "ADDRESS",
      description = "the primary address, as sip:dora@continuo.test")
  private String address = "";

  @Option(
      names = "--username",
      paramLabel = "NAME",
      description = "the digest user name (default: the user part of the address)")
  private @Nullable String username;

  @Option(
      names = "--alias",
      paramLabel = "ADDRESS",
      description = "another address of the subscriber, as tel:+15550100004; may be given again")
  private List<String> aliases = List.of();

  private final PasswordSource passwords;

  SubscriberAddCommand() {
    this(PasswordSource.ofThisProcess());
  }

  SubscriberAddCommand(PasswordSource passwords) {
    this.passwords = passwords;
  }

  @Override
  int run(
      ServerConfiguration configuration, List<ProvisionedSubscriber> file, SubscriberStore store)
      throws Refused, StoreUnavailable {
    Subscriber subscriber = subscriber();
    String name = username == null ? userPart(subscriber.address()) : username;
    refuseBadName(name);
    refuseWhatTheFileHas(subscriber, name, file);
    boolean replaces =
        store.all().stream()
            .anyMatch(one -> one.subscriber().address().equals(subscriber.address()));
    Map<String, String> ha1 =
        ha1(name, passwords.read("Password of " + name), configuration.auth());
    List<String> taken =
        store.provision(
            new ProvisionedSubscriber(
                subscriber, List.of(new DigestCredential(subscriber.address(), name, ha1))));
    if (!taken.isEmpty()) {
      throw new Refused(String.join(", ", taken) + " belongs to another subscriber of the store");
    }
    out()
        .printf(
            "%s %s: user name %s, realm %s, %s%n",
            replaces ? "replaced" : "added",
            subscriber.address(),
            name,
            configuration.auth().realm(),
            String.join(" and ", configuration.auth().algorithms()));
    return 0;
  }

  private Subscriber subscriber() throws Refused {
    Set<AddressOfRecord> others = new HashSet<>();
    for (String alias : aliases) {
      others.add(SubscriberAddress.of(alias));
    }
    AddressOfRecord primary = SubscriberAddress.of(address);
    others.remove(primary);
    return new Subscriber(primary, others);
  }

  /// `dora` of `sip:dora@continuo.test`, `+1555` of `tel:+1555`.
  private static String userPart(AddressOfRecord address) {
    String uri = address.uri();
    int at = uri.lastIndexOf('@');
    return uri.substring(uri.indexOf(':') + 1, at < 0 ? uri.length() : at);
  }

  private static void refuseBadName(String name) throws Refused {
    if (!name.matches(USERNAME)) {
      throw new Refused("'" + name + "' is no user name: neither quotes, colons nor backslashes");
    }
  }

  /// The file comes before the store: what is there too would be stored and never used.
  private static void refuseWhatTheFileHas(
      Subscriber subscriber, String name, List<ProvisionedSubscriber> file) throws Refused {
    for (ProvisionedSubscriber one : file) {
      if (one.subscriber().owns(subscriber.address())) {
        throw new Refused(
            subscriber.address() + " is in the subscribers file, which comes before the store");
      }
      for (AddressOfRecord alias : subscriber.aliases()) {
        if (one.subscriber().owns(alias)) {
          throw new Refused(alias + " belongs to " + owner(one) + " of the subscribers file");
        }
      }
      if (one.credentials().stream().anyMatch(known -> known.username().equals(name))) {
        throw new Refused(
            "the user name " + name + " belongs to " + owner(one) + " of the subscribers file");
      }
    }
  }

  private static AddressOfRecord owner(ProvisionedSubscriber one) {
    return one.subscriber().address();
  }

  private static Map<String, String> ha1(String name, String password, AuthSettings auth) {
    return auth.algorithms().stream()
        .collect(
            Collectors.toMap(
                Function.identity(),
                algorithm ->
                    DigestAlgorithm.of(algorithm)
                        .orElseThrow(() -> new IllegalStateException(algorithm))
                        .ha1(name, auth.realm(), password)));
  }
}
