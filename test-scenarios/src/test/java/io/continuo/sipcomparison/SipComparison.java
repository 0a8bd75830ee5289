package io.continuo.sipcomparison;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Compares what our SIP costs with what JAIN-SIP alone costs for the same: CPU time of the process
/// that serves, in rounds that alternate, as the median of the rounds' ratios. Started by hand.
///
/// A round is one load on each in turn; a process's CPU time is taken over the whole round, so that
/// what it puts off is counted as well.
@Command(name = "sip-comparison", sortOptions = false)
final class SipComparison implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofSeconds(120);

  @Option(names = "--transports", split = ",", description = "UDP, TCP or both.")
  List<String> transports = List.of("UDP", "TCP");

  @Option(names = "--with", split = ",", description = "What is compared: STACK, SERVER or both.")
  List<Ours> compared = List.of(Ours.values());

  @Option(names = "--slots", description = "Calls at a time.")
  int slots = 8;

  @Option(names = "--rounds", description = "Measured rounds.")
  int rounds = 11;

  @Option(names = "--calls", description = "Calls of a round.")
  int calls = 400;

  @Option(names = "--registrations", description = "Registrations of a round.")
  int registrations = 6_000;

  @Option(names = "--warm-up", description = "Rounds before those that are measured.")
  int warmUp = 8;

  @Option(names = "--jvm", description = "An option of both JVMs; may be repeated.")
  List<String> jvm = new ArrayList<>();

  @Option(names = "--ours-jvm", description = "An option of our JVM only, a profiler's say.")
  List<String> oursJvm = new ArrayList<>();

  @Option(names = "--bare-jvm", description = "An option of the bare stack's JVM only.")
  List<String> bareJvm = new ArrayList<>();

  /// What of ours takes part.
  enum Ours {
    /// The same trivial B2BUA and registrar on `sip-stack`.
    STACK("stack"),
    /// The whole server, with its registrar, conversations and store.
    SERVER("server");

    private final String label;

    Ours(String label) {
      this.label = label;
    }
  }

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new SipComparison())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    List<String> results = new ArrayList<>();
    for (String transport : transports) {
      for (Ours with : compared) {
        results.addAll(compare(transport, with));
      }
    }
    System.out.println("CPU time, as a multiple of the bare stack's:");
    results.forEach(System.out::println);
    return 0;
  }

  private List<String> compare(String transport, Ours with) throws IOException {
    try (ServerFiles files = ServerFiles.inTemporaryDirectory();
        Contestant bare = Contestant.start("bare", options(bareJvm), bareProgram(transport));
        Contestant ours = Contestant.start(with.label, options(oursJvm), ourProgram(with, files));
        SipLoad bareLoad = new SipLoad(bare.address(), transport, slots, LIMIT);
        SipLoad ourLoad = new SipLoad(ours.address(), transport, slots, LIMIT)) {
      bareLoad.registerAll();
      ourLoad.registerAll();
      Pair pair = new Pair(bare, bareLoad, ours, ourLoad);
      String what = transport + ", " + with.label + ", ";
      return List.of(
          compare(what + "REGISTER", registrations, pair, load -> load.register(registrations)),
          compare(what + "fork to 4", calls, pair, load -> load.call(calls)));
    }
  }

  private List<String> options(List<String> more) {
    List<String> all = new ArrayList<>(jvm);
    all.addAll(more);
    return all;
  }

  private static List<String> bareProgram(String transport) {
    return List.of(BareUserAgent.class.getName(), transport);
  }

  private List<String> ourProgram(Ours with, ServerFiles files) throws IOException {
    return switch (with) {
      case STACK -> List.of(OurUserAgent.class.getName());
      case SERVER -> {
        List<String> users =
            IntStream.range(0, slots)
                .boxed()
                .flatMap(slot -> Stream.of("caller" + slot, "callee" + slot))
                .toList();
        String file = files.write(users).toString();
        yield List.of("io.continuo.server.Main", "serve", "--config", file);
      }
    };
  }

  /// Who is compared, each with its load.
  private record Pair(Contestant bare, SipLoad bareLoad, Contestant ours, SipLoad ourLoad) {}

  /// One round of load.
  private interface Round {
    Tally on(SipLoad load) throws IOException;
  }

  private String compare(String what, int times, Pair pair, Round round) throws IOException {
    List<Double> ratios = new ArrayList<>();
    for (int i = -warmUp; i < rounds; i++) {
      double ratio = ratio(what, i, times, pair, round);
      if (i >= 0) {
        ratios.add(ratio);
      }
    }
    return what + ": " + new Ratios(ratios);
  }

  private static double ratio(String what, int index, int times, Pair pair, Round round)
      throws IOException {
    Duration bareBefore = pair.bare().cpu();
    Duration oursBefore = pair.ours().cpu();
    boolean bareFirst = index % 2 == 0;
    Tally first = round.on(bareFirst ? pair.bareLoad() : pair.ourLoad());
    Tally second = round.on(bareFirst ? pair.ourLoad() : pair.bareLoad());
    double bare = pair.bare().cpu().minus(bareBefore).toNanos() / 1e3 / times;
    double ours = pair.ours().cpu().minus(oursBefore).toNanos() / 1e3 / times;
    System.out.printf(
        "%s, %s %d: bare %.0f us, ours %.0f us, ratio %.2f, %d repeated%n",
        what,
        index < 0 ? "warm-up" : "round",
        index,
        bare,
        ours,
        ours / bare,
        first.of(Tally.Event.REPEATED) + second.of(Tally.Event.REPEATED));
    return ours / bare;
  }
}
