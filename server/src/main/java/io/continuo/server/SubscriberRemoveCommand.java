package io.continuo.server;

import io.continuo.server.configuration.ServerConfiguration;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.registrar.ProvisionedSubscriber;
import io.continuo.server.registrar.SubscriberStore;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `continuo subscriber remove ADDRESS`: takes a subscriber out of the store, with its aliases and
/// its HA1 values. Its conversations stay.
@Command(
    name = "remove",
    mixinStandardHelpOptions = true,
    description = "Removes a subscriber from the store; what was said in its chats is kept.")
final class SubscriberRemoveCommand extends StoreCommand {
  @Parameters(paramLabel = "ADDRESS", description = "the primary address")
  private String address = "";

  @Override
  int run(
      ServerConfiguration configuration, List<ProvisionedSubscriber> file, SubscriberStore store)
      throws Refused, StoreUnavailable {
    AddressOfRecord primary = SubscriberAddress.of(address);
    if (!store.withdraw(primary)) {
      boolean inFile = file.stream().anyMatch(one -> one.subscriber().address().equals(primary));
      throw new Refused(
          primary
              + " is no primary address in the store"
              + (inFile ? "; it is in the subscribers file" : ""));
    }
    out().println("removed " + primary);
    return 0;
  }
}
