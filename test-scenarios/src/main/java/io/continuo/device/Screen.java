package io.continuo.device;

import io.continuo.device.ladder.Terminal;
import io.continuo.device.sip.SipText;
import java.io.PrintStream;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/// What a person at the device reads.
///
/// Threading: any thread, a line at a time.
final class Screen {
  private static final String RESET = "\u001b[0m";
  private static final String DIM = "2";

  /// What others send is one line of text: it must not move the cursor nor give the terminal
  /// orders.
  private static final Pattern CONTROL = Pattern.compile("\\p{Cc}+");

  private final PrintStream out;
  private final Terminal terminal;

  Screen(PrintStream out, Terminal terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  private void line(String colour, String text) {
    line(coloured(colour, text));
  }

  /// A message with the id by which `continuo trace` finds it.
  private void message(String colour, String text, String id) {
    line(coloured(colour, text) + "  " + coloured(DIM, id));
  }

  private String coloured(String colour, String text) {
    String harmless = CONTROL.matcher(text).replaceAll(" ");
    return terminal.colours() ? "\u001b[" + colour + "m" + harmless + RESET : harmless;
  }

  private synchronized void line(String shown) {
    String time = LocalTime.now().truncatedTo(ChronoUnit.SECONDS).toString();
    out.println((terminal.interactive() ? "\r" : "") + time + " " + shown);
    out.flush();
  }

  /// Something about the device or a chat.
  void status(String text) {
    line(DIM, "* " + text);
  }

  void help(String text) {
    text.lines().forEach(help -> line("0", help));
  }

  void received(ChatMessage message) {
    message("1", SipText.user(message.from()) + ": " + message.text(), message.id());
  }

  /// A message of the own subscriber: typed here, or a copy from another device.
  void sent(String text, String id, boolean elsewhere) {
    message("36", (elsewhere ? "me, elsewhere: " : "me: ") + text, id);
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
