package io.continuo.bench;

import io.continuo.bench.BenchFiles.Subscriber;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mvn -Pbench`: starts a server of its own, puts the load on it and prints the figures. Exit
/// codes: 0 every copy was right, 1 not, 2 wrong usage.
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Puts the load of many chats on a server of its own and checks every copy.")
public final class BenchCommand implements Callable<Integer> {
  @Option(
      names = "--conversations",
      defaultValue = "50",
      description = "Chats of 2 subscribers with 2 devices each (default: ${DEFAULT-VALUE}).")
  private int conversations;

  @Option(
      names = "--size",
      defaultValue = "600",
      description = "Bytes of one CPIM message (default: ${DEFAULT-VALUE}).")
  private int size;

  @Option(
      names = "--window",
      defaultValue = "4",
      description = "Messages of one writer under way (default: ${DEFAULT-VALUE}).")
  private int window;

  @Option(
      names = "--rate",
      defaultValue = "0",
      description = "Messages per second in all; 0: as fast as the windows allow (default).")
  private int rate;

  @Option(
      names = "--warm-up",
      defaultValue = "8",
      description = "Seconds before anything is measured (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--seconds",
      defaultValue = "20",
      description = "Seconds that are measured (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--server-option",
      paramLabel = "<option>",
      description = "An option for the server's JVM; may be given again.")
  private List<String> serverOptions = List.of();

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new BenchCommand()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    Load load;
    try {
      load =
          new Load(
              conversations,
              size,
              window,
              rate,
              Duration.ofSeconds(warmUp),
              Duration.ofSeconds(seconds));
    } catch (IllegalArgumentException wrong) {
      System.err.println("bench: " + wrong.getMessage());
      return 2;
    }
    try (BenchFiles files = BenchFiles.inTemporaryDirectory()) {
      List<Subscriber> subscribers = BenchFiles.subscribers(conversations);
      try (BenchServer server = BenchServer.start(files.write(subscribers), serverOptions)) {
        return run(load, subscribers, server);
      }
    }
  }

  private static int run(Load load, List<Subscriber> subscribers, BenchServer server)
      throws IOException {
    PrintStream out = System.out;
    out.println("The server is process " + server.pid() + "; its devices register …");
    List<Signalling> devices = devices(subscribers, server.sip());
    try (Selecting run = new Selecting(load)) {
      Chats.establish(run, subscribers, devices);
      out.println(
          "%d chats are up; %d s to warm up, %d s are measured …"
              .formatted(
                  load.conversations(), load.warmUp().toSeconds(), load.measured().toSeconds()));
      return new Measurement(run, server).take(out) ? 0 : 1;
    } catch (IOException | RuntimeException broken) {
      System.err.println("bench: " + broken + "\nThe server said last:\n" + server.lastWords());
      return 1;
    } finally {
      devices.forEach(Signalling::close);
    }
  }

  private static List<Signalling> devices(List<Subscriber> subscribers, InetSocketAddress sip) {
    List<Signalling> devices = new ArrayList<>();
    for (Subscriber subscriber : subscribers) {
      devices.add(new Signalling(subscriber, subscriber.name() + ".phone", sip));
      devices.add(new Signalling(subscriber, subscriber.name() + ".tablet", sip));
    }
    return devices;
  }
}
