package io.continuo.server;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/// The command line: `serve`, `check-config`, `trace` and `subscriber`. Exit codes: 0 done, 1
/// failed (the reason is on stderr), 2 wrong usage or configuration.
@Command(
    name = "continuo",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description =
        "An IMS chat application server: one live chat on every device of every subscriber.",
    subcommands = {
      ServeCommand.class,
      CheckConfigCommand.class,
      TraceCommand.class,
      SubscriberCommand.class
    })
public final class Main implements Callable<Integer> {

  /// Exit code for a wrong configuration.
  static final int INVALID = 2;

  /// Exit code for anything else that went wrong.
  static final int FAILED = 1;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public Integer call() {
    CommandLine.usage(this, System.out);
    return INVALID;
  }

  /// The version in our jar's manifest.
  static final class Version implements IVersionProvider {
    static String text() {
      String version = Main.class.getPackage().getImplementationVersion();
      return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
      return new String[] {
        "continuo " + text(), "Java " + Runtime.version() + " on " + System.getProperty("os.name")
      };
    }
  }
}
