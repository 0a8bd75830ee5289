package io.continuo.server;

import io.continuo.server.configuration.InvalidConfiguration;
import io.continuo.server.conversation.StoreUnavailable;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `continuo serve`: runs the server until SIGTERM or Ctrl-C; then every leg gets its BYE and the
/// store is closed.
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = "Runs the server until it is told to stop (SIGTERM, Ctrl-C).")
final class ServeCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);

  @Mixin private ConfigOption config = new ConfigOption();

  @Override
  public Integer call() throws InterruptedException {
    try {
      Wiring server = Wiring.start(config.load());
      CountDownLatch stopped = new CountDownLatch(1);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    server.close();
                    stopped.countDown();
                  },
                  "stop"));
      stopped.await();
      return 0;
    } catch (InvalidConfiguration invalid) {
      ConfigOption.print(invalid, System.err);
      return Main.INVALID;
    } catch (IOException | StoreUnavailable cannotStart) {
      log.atDebug().setCause(cannotStart).log("server.start-failed");
      System.err.println("continuo: " + cannotStart.getMessage());
      return Main.FAILED;
    }
  }
}
