package io.continuo.device;

import io.continuo.device.ladder.Terminal;
import io.continuo.device.sip.SipText;
import java.io.PrintStream;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;

/// What a person at the device reads.
///
/// Threading: any thread, a line at a time.
final class Screen {
  private static final String RESET = "\u001b[0m";

  private final PrintStream out;
  private final Terminal terminal;

  Screen(PrintStream out, Terminal terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  private synchronized void line(String colour, String text) {
    String time = LocalTime.now().truncatedTo(ChronoUnit.SECONDS).toString();
    String shown = terminal.colours() ? "\u001b[" + colour + "m" + text + RESET : text;
    out.println((terminal.interactive() ? "\r" : "") + time + " " + shown);
    out.flush();
  }

  /// Something about the device or a chat.
  void status(String text) {
    line("2", "* " + text);
  }

  void help(String text) {
    text.lines().forEach(help -> line("0", help));
  }

  void received(ChatMessage message) {
    line("1", SipText.user(message.from()) + ": " + message.text());
  }

  /// A message of the own subscriber: typed here, or a copy from another device.
  void sent(String text, boolean elsewhere) {
    line("36", (elsewhere ? "me, elsewhere: " : "me: ") + text);
  }

  void tick(String disposition, String reporter, String text) {
    String mark =
        switch (disposition) {
          case "delivered" -> terminal.unicode() ? "✓ delivered to " : "delivered to ";
          case "displayed" -> terminal.unicode() ? "✓✓ read by " : "read by ";
          default -> disposition + " by ";
        };
    line("32", "  " + mark + SipText.user(reporter) + ": " + text);
  }

  void problem(String text) {
    line("31", "! " + text);
  }
}
