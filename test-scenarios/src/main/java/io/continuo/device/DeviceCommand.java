package io.continuo.device;

import io.continuo.device.DeviceConfig.AutoAccept;
import io.continuo.device.ladder.Ladder;
import io.continuo.device.ladder.Terminal;
import io.continuo.device.sip.NotInTime;
import io.continuo.device.sip.SipAgent.Transport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `continuo device`: be a device and type. Lines come from standard input, which may be a pipe.
@Command(
    name = "device",
    mixinStandardHelpOptions = true,
    description = "Registers as a device of a subscriber; type to send, /help for more.")
public final class DeviceCommand implements Callable<Integer> {
  @Option(names = "--as", required = true, paramLabel = "<user>", description = "Whose device.")
  private String user = "";

  @Option(
      names = "--name",
      paramLabel = "<name>",
      description = "Its name (default: ${DEFAULT-VALUE}).")
  private String name = "device";

  @Option(
      names = "--server",
      paramLabel = "<host:port>",
      description = "Default: ${DEFAULT-VALUE}.")
  private String server = "127.0.0.1:5060";

  @Option(names = "--domain", paramLabel = "<domain>", description = "Default: ${DEFAULT-VALUE}.")
  private String domain = "continuo.test";

  @Option(
      names = "--password",
      paramLabel = "<password>",
      description = "Default: $CONTINUO_PASSWORD, else that of the demonstration: <user>-secret.")
  private @Nullable String password;

  @Option(names = "--to", paramLabel = "<user>", description = "Whom the first line goes to.")
  private @Nullable String to;

  @Option(
      names = "--transport",
      paramLabel = "tcp|udp",
      description = "For SIP; default: ${DEFAULT-VALUE}.")
  private String transport = "tcp";

  @Option(names = "--legacy", description = "Does not show the option tag multi-client.")
  private boolean legacy;

  @Option(names = "--no-receipts", description = "Does not report delivered and displayed.")
  private boolean silent;

  @Override
  public Integer call() throws IOException {
    Optional<InetSocketAddress> address = address();
    if (address.isEmpty() || !transport.matches("(?i)tcp|udp")) {
      System.err.println("continuo device: --server is host:port, --transport is tcp or udp");
      return 2;
    }
    Screen screen = new Screen(System.out, Terminal.here());
    try (Device device = new Device(config(address.get()), new Ladder("server"))) {
      return converse(device, screen);
    } catch (UncheckedIOException | NotInTime unreachable) {
      System.err.println(
          "continuo device: " + server + " cannot be reached: " + cause(unreachable));
      return 1;
    }
  }

  private static String cause(RuntimeException failure) {
    Throwable cause = failure.getCause();
    return String.valueOf(cause == null ? failure.getMessage() : cause.getMessage());
  }

  private Optional<InetSocketAddress> address() {
    int colon = server.lastIndexOf(':');
    if (colon < 1 || !server.substring(colon + 1).matches("\\d{1,5}")) {
      return Optional.empty();
    }
    InetSocketAddress found =
        new InetSocketAddress(
            server.substring(0, colon), Integer.parseInt(server.substring(colon + 1)));
    return found.isUnresolved() ? Optional.empty() : Optional.of(found);
  }

  private DeviceConfig config(InetSocketAddress address) {
    // The same name is the same device again, so that it keeps its place in every conversation.
    UUID instance = UUID.nameUUIDFromBytes((user + "/" + name).getBytes(StandardCharsets.UTF_8));
    DeviceConfig.Builder config =
        DeviceConfig.of(user + "." + name, "sip:" + user + "@" + domain, address)
            .instance("urn:uuid:" + instance)
            .credentials(user, secret())
            .over(Transport.valueOf(transport.toUpperCase(java.util.Locale.ROOT)));
    if (!silent) {
      config.reports("delivered", "displayed");
    }
    return (legacy ? config.legacy() : config.autoAccept(AutoAccept.MULTI_CLIENT)).build();
  }

  private String secret() {
    String said = password;
    String exported = System.getenv("CONTINUO_PASSWORD");
    return said != null ? said : exported != null ? exported : user + "-secret";
  }

  private int converse(Device device, Screen screen) throws IOException {
    int status = device.register();
    if (status != 200) {
      System.err.println("continuo device: the registrar answered " + status);
      return 1;
    }
    Conversing conversing = new Conversing(device, screen, domain, Optional.ofNullable(to));
    screen.status("registered as " + device.config().address() + " (" + name + "); /help for help");
    device.mailbox().listen(conversing::happened);
    AtomicBoolean left = new AtomicBoolean();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(device, left)));
    try (ScheduledExecutorService refresh = refreshing(device, screen)) {
      readLines(conversing);
      refresh.shutdownNow();
    }
    leave(device, left);
    return 0;
  }

  private static ScheduledExecutorService refreshing(Device device, Screen screen) {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("refreshes the registration").factory());
    long half = device.config().expires() / 2;
    timer.scheduleWithFixedDelay(
        () -> {
          try {
            device.register();
          } catch (RuntimeException lost) {
            screen.status("the registration could not be refreshed: " + lost.getMessage());
          }
        },
        half,
        half,
        TimeUnit.SECONDS);
    return timer;
  }

  private static void readLines(Conversing conversing) throws IOException {
    Charset in =
        Charset.forName(System.getProperty("stdin.encoding", Charset.defaultCharset().name()));
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, in));
    boolean goesOn = true;
    while (goesOn) {
      String line = lines.readLine();
      goesOn = line != null && conversing.typed(line.strip());
    }
  }

  /// Once, whether by the end of input or by a signal: removes the binding, then closes.
  private static void leave(Device device, AtomicBoolean left) {
    if (left.compareAndSet(false, true)) {
      try {
        device.unregister();
      } catch (UncheckedIOException | NotInTime gone) {
        System.err.println("continuo device: could not unregister: " + cause(gone));
      } finally {
        device.close();
      }
    }
  }
}
