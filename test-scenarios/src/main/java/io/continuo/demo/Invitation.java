package io.continuo.demo;

import java.io.PrintStream;
import java.nio.file.Path;

/// Tells how to connect a device of one's own.
final class Invitation {
  private Invitation() {}

  static void print(PrintStream out, DemoServer server) {
    String device = deviceCommand();
    out.println();
    out.println("The server stays up until Ctrl-C. Connect a device of your own:");
    out.println();
    out.println("  " + device + " --as alice --name laptop --to bob");
    out.println("  " + device + " --as bob --name laptop");
    out.println();
    out.println("or any RCS client:");
    out.println(
        "  SIP registrar  "
            + DemoServer.text(server.sip())
            + " (TCP and UDP), domain "
            + DemoFiles.DOMAIN);
    out.println("  MSRP           " + DemoServer.text(server.msrp()));
    DemoFiles.SUBSCRIBERS.forEach(name ->
        out.println(
            "  subscriber     "
                + DemoFiles.address(name)
                + ", user "
                + name
                + ", password "
                + DemoFiles.password(name)));
    out.println("  operations     " + server.operations("/health"));
    out.println("                 " + server.operations("/ready"));
    out.println("                 " + server.operations("/metrics"));
    out.println("  server log     " + server.log());
    out.flush();
  }

  /// How a device is started: by the script of the distribution that this program runs from, or
  /// that the build has unpacked beside it.
  static String deviceCommand() {
    Path home = Path.of(System.getProperty("continuo.home", "."));
    Path script = home.resolve("bin").resolve("continuo");
    Path here = Path.of("").toAbsolutePath();
    boolean below = script.toAbsolutePath().startsWith(here);
    return (below ? here.relativize(script.toAbsolutePath()) : script) + " device";
  }
}
