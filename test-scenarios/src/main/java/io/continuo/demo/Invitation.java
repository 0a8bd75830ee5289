package io.continuo.demo;

import io.continuo.device.Main;
import java.io.File;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

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

  /// How this program's device is started: by the distribution's script, else by the JVM that runs
  /// now with the class path that a device needs.
  static String deviceCommand() {
    String home = System.getProperty("continuo.home");
    if (home != null) {
      return Path.of(home, "bin", "continuo") + " device";
    }
    String path =
        Stream.of(Main.class, CommandLine.class)
            .map(Invitation::place)
            .distinct()
            .collect(Collectors.joining(File.pathSeparator));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return java + " -cp " + path + " " + Main.class.getName() + " device";
  }

  private static String place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
