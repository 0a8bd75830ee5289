package io.continuo.demo;

import io.continuo.device.ladder.Drawing;
import io.continuo.device.ladder.Ladder;
import io.continuo.device.ladder.Terminal;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `continuo demo`: starts a server of its own, plays the figures before it, and can stay.
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Starts a server of its own and plays figures 3, 4 and 5 with five devices over real sockets,"
            + " then a device swap. Exits non-zero when anything expected was not seen.")
public final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--stay",
      description = "Listen on the documented ports and stay up afterwards, until Ctrl-C.")
  private boolean stay;

  @Option(
      names = "--data",
      paramLabel = "<directory>",
      description = "Keep the server's files here (default: a temporary directory).")
  private @Nullable Path data;

  @Option(
      names = "--leashed",
      description = "End when the program that started this one has ended.")
  private boolean leashed;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (leashed) {
      Leash.tie();
    }
    DemoPorts ports = stay ? DemoPorts.FIXED : DemoPorts.FREE;
    List<String> taken = ports.taken();
    if (!taken.isEmpty()) {
      taken.forEach(port -> System.err.println("continuo demo: " + port));
      System.err.println("Stop what listens there and try again.");
      return 1;
    }
    Path chosen = data;
    Path directory = chosen != null ? chosen : Files.createTempDirectory("continuo-demo");
    try {
      return run(new DemoFiles(directory, ports), chosen == null);
    } catch (IllegalStateException notUp) {
      System.err.println("continuo demo: " + notUp.getMessage());
      return 1;
    }
  }

  private int run(DemoFiles files, boolean removed) throws IOException, InterruptedException {
    PrintStream out = System.out;
    out.println("Starting the server …");
    AtomicReference<@Nullable DemoServer> started = new AtomicReference<>();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(started.get(), files, removed)));
    DemoServer server = DemoServer.start(files);
    started.set(server);
    server.awaitReady();
    out.println(
        "It is up: SIP %s, MSRP %s, operations %s"
            .formatted(
                DemoServer.text(server.sip()),
                DemoServer.text(server.msrp()),
                server.operations("/")));
    boolean held = play(server, out);
    if (held && stay) {
      Invitation.print(out, server);
      server.awaitExit();
      out.println("The server has stopped.");
    }
    return held ? 0 : 1;
  }

  /// However this program ends: the server is stopped and what it stored is removed.
  private static void end(@Nullable DemoServer server, DemoFiles files, boolean removed) {
    if (server != null) {
      server.close();
    }
    if (removed) {
      remove(files.directory());
    }
  }

  private static boolean play(DemoServer server, PrintStream out) {
    Terminal terminal = Terminal.here();
    Drawing drawing =
        new Drawing(Cast.LANES, terminal.width(), terminal.colours(), terminal.unicode());
    Ladder ladder = new Ladder("continuo");
    Expectations expectations = new Expectations(drawing);
    Picture picture = new Picture(ladder, drawing, out);
    try (Cast cast = Cast.of(server.sip(), ladder)) {
      new Story(cast, picture, expectations).play();
    } catch (RuntimeException stopped) {
      expectations.expect(
          "the story is played to its end",
          () -> {
            throw new IllegalStateException(String.valueOf(stopped.getMessage()), stopped);
          });
    }
    picture.pause();
    expectations.print(out);
    return summary(expectations, server, drawing, out);
  }

  private static boolean summary(
      Expectations expectations, DemoServer server, Drawing drawing, PrintStream out) {
    int all = expectations.held() + expectations.missing().size();
    out.println(drawing.paint("1", expectations.held() + " of " + all + " expectations held."));
    if (expectations.missing().isEmpty()) {
      return true;
    }
    out.println("Missing:");
    expectations.missing().forEach(what -> out.println("  " + what));
    out.println("What the server said last:");
    server.tail().forEach(line -> out.println("  " + line));
    return false;
  }

  private static void remove(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException kept) {
      System.err.println("continuo demo: could not remove " + directory + ": " + kept.getMessage());
    }
  }
}
