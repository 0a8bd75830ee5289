package io.continuo.server;

import io.continuo.server.configuration.ServerConfiguration;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.registrar.DigestCredential;
import io.continuo.server.registrar.ProvisionedSubscriber;
import io.continuo.server.registrar.SubscriberStore;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/// `continuo subscriber list`: one line a subscriber, of the file and of the store. Never an HA1.
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists the subscribers of the file and of the store.")
final class SubscriberListCommand extends StoreCommand {
  @Override
  int run(
      ServerConfiguration configuration, List<ProvisionedSubscriber> file, SubscriberStore store)
      throws StoreUnavailable {
    Set<AddressOfRecord> inFile =
        file.stream().map(one -> one.subscriber().address()).collect(Collectors.toSet());
    sorted(file).forEach(one -> line("file", one));
    for (ProvisionedSubscriber one : sorted(store.all())) {
      boolean unused = inFile.contains(one.subscriber().address());
      line(unused ? "store, unused: in the file too" : "store", one);
    }
    return 0;
  }

  private static List<ProvisionedSubscriber> sorted(List<ProvisionedSubscriber> subscribers) {
    return subscribers.stream()
        .sorted(Comparator.comparing(one -> one.subscriber().address()))
        .toList();
  }

  private void line(String where, ProvisionedSubscriber one) {
    String aliases =
        one.subscriber().aliases().stream()
            .sorted()
            .map(AddressOfRecord::uri)
            .collect(Collectors.joining(" "));
    String names =
        one.credentials().stream()
            .map(SubscriberListCommand::credential)
            .collect(Collectors.joining(" "));
    out().println(String.join("\t", one.subscriber().address().uri(), names, aliases, where));
  }

  private static String credential(DigestCredential credential) {
    return credential.ha1().keySet().stream()
        .sorted()
        .collect(Collectors.joining(",", credential.username() + "(", ")"));
  }
}
