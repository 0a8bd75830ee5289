package io.continuo.device.ladder;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What can be drawn where standard output goes.
///
/// @param interactive whether a person looks at it
public record Terminal(boolean interactive, boolean colours, boolean unicode, int width) {
  private static final int DEFAULT_WIDTH = 110;
  private static final int MIN_WIDTH = 40;

  /// Looks at the environment: `NO_COLOR`, `CLICOLOR_FORCE`, `COLUMNS`, the console.
  public static Terminal here() {
    Console console = System.console();
    boolean interactive = console != null && console.isTerminal();
    boolean colours =
        System.getenv("NO_COLOR") == null
            && (interactive || System.getenv("CLICOLOR_FORCE") != null);
    Charset out =
        Charset.forName(System.getProperty("stdout.encoding", Charset.defaultCharset().name()));
    boolean unicode = out.equals(StandardCharsets.UTF_8);
    return new Terminal(interactive, colours, unicode, width(interactive));
  }

  private static int width(boolean interactive) {
    int said = number(System.getenv("COLUMNS"));
    int found = said > 0 || !interactive ? said : number(asked());
    return found < MIN_WIDTH ? DEFAULT_WIDTH : found;
  }

  /// `stty size` prints rows and columns of the terminal that is its standard input.
  private static @Nullable String asked() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      stty.waitFor(1, TimeUnit.SECONDS);
      return size.strip().replaceAll(".* ", "");
    } catch (IOException noStty) {
      return null;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private static int number(@Nullable String text) {
    return text != null && text.matches("\\d{1,4}") ? Integer.parseInt(text) : 0;
  }
}
