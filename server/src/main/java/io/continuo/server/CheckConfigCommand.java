package io.continuo.server;

import io.continuo.server.configuration.InvalidConfiguration;
import io.continuo.server.storage.file.SubscribersFile;
import java.nio.file.Path;
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
      Path file = config.load().storage().subscribersFile();
      int subscribers = SubscribersFile.read(file).size();
      System.out.println(
          "configuration ok; "
              + (file.toString().isEmpty()
                  ? "no subscribers file"
                  : subscribers + " subscribers in " + file));
      return 0;
    } catch (InvalidConfiguration invalid) {
      ConfigOption.print(invalid, System.err);
      return Main.INVALID;
    }
  }
}
