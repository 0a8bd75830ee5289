package io.continuo.device;

import io.continuo.demo.DemoCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The command line of the reference device and of the demonstration. Exit codes: 0 done, 1 failed,
/// 2 wrong usage.
@Command(
    name = "continuo",
    mixinStandardHelpOptions = true,
    subcommands = {DeviceCommand.class, DemoCommand.class})
public final class Main implements Callable<Integer> {
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public Integer call() {
    CommandLine.usage(this, System.err);
    return 2;
  }
}
