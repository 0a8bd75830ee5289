package io.continuo.server;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `continuo subscriber add|list|remove`: the operator's way into the store's subscribers. Opens
/// the storage directory itself, so the server must be stopped; what was changed counts from its
/// next start.
@Command(
    name = "subscriber",
    mixinStandardHelpOptions = true,
    description = {
      "Adds, lists and removes the subscribers of the store.",
      "The server must be stopped meanwhile; it reads them when it starts."
    },
    subcommands = {
      SubscriberAddCommand.class,
      SubscriberListCommand.class,
      SubscriberRemoveCommand.class
    })
final class SubscriberCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine line = Objects.requireNonNull(spec).commandLine();
    line.usage(line.getErr());
    return Main.INVALID;
  }
}
