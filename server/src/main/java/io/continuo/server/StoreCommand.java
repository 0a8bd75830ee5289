package io.continuo.server;

import io.continuo.server.configuration.InvalidConfiguration;
import io.continuo.server.configuration.ServerConfiguration;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.registrar.ProvisionedSubscriber;
import io.continuo.server.registrar.SubscriberStore;
import io.continuo.server.storage.file.SubscribersFile;
import io.continuo.server.storage.h2.H2Store;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// What the commands below `continuo subscriber` share: the subscribers of the file, the open
/// store, and how an error is told.
abstract class StoreCommand implements Callable<Integer> {
  @Mixin private ConfigOption config = new ConfigOption();
  @Spec private @Nullable CommandSpec spec;

  /// @param file who is provisioned in `storage.subscribers-file`, which comes before the store
  abstract int run(
      ServerConfiguration configuration, List<ProvisionedSubscriber> file, SubscriberStore store)
      throws Refused, StoreUnavailable;

  @Override
  public final Integer call() {
    try {
      ServerConfiguration configuration = config.load();
      List<ProvisionedSubscriber> file =
          SubscribersFile.read(configuration.storage().subscribersFile());
      try (H2Store store = H2Store.open(configuration.storage().directory())) {
        return run(configuration, file, store.subscribers());
      }
    } catch (InvalidConfiguration invalid) {
      ConfigOption.print(invalid, err());
      return Main.INVALID;
    } catch (StoreUnavailable | Refused failed) {
      err().println("continuo: " + failed.getMessage());
      return Main.FAILED;
    }
  }

  final PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  final PrintWriter err() {
    return Objects.requireNonNull(spec).commandLine().getErr();
  }

  /// What was asked cannot be done; the message is for the operator.
  static final class Refused extends Exception {
    Refused(String message) {
      super(message);
    }
  }
}
