package io.continuo.server;

import io.continuo.server.configuration.InvalidConfiguration;
import io.continuo.server.storage.file.SubscribersFile;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `continuo check-config`: tells every error of a configuration at once.
@Command(
    name = "check-config",
    mixinStandardHelpOptions = true,
    description = "Checks a configuration file and its subscribers file; prints every error.")
final class CheckConfigCommand implements Callable<Integer> {
  @Mixin private ConfigOption config = new ConfigOption();

  @Override
  public Integer call() {
    try {
      SubscribersFile.read(config.load().storage().subscribersFile());
      System.out.println("configuration ok");
      return 0;
    } catch (InvalidConfiguration invalid) {
      ConfigOption.print(invalid, System.err);
      return Main.INVALID;
    }
  }
}
