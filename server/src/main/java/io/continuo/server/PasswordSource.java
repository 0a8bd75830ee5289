package io.continuo.server;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/// Where a new password comes from: asked for twice, unseen, at a terminal; else the first line of
/// standard input (UTF-8). Never an argument, which everybody on the machine can read.
@FunctionalInterface
interface PasswordSource {
  String read(String prompt) throws StoreCommand.Refused;

  static PasswordSource ofThisProcess() {
    return prompt -> {
      Console console = System.console();
      return console != null && console.isTerminal()
          ? typed(console, prompt)
          : firstLine(System.in);
    };
  }

  private static String typed(Console console, String prompt) throws StoreCommand.Refused {
    char[] once = console.readPassword("%s: ", prompt);
    char[] again = console.readPassword("Again: ");
    if (once == null || again == null || !new String(once).equals(new String(again))) {
      throw new StoreCommand.Refused("the passwords differ; nothing was changed");
    }
    return notEmpty(new String(once));
  }

  /// The first line, without its end.
  static String firstLine(InputStream in) throws StoreCommand.Refused {
    try {
      String line =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
      return notEmpty(line == null ? "" : line);
    } catch (IOException unreadable) {
      throw new StoreCommand.Refused("cannot read the password: " + unreadable.getMessage());
    }
  }

  private static String notEmpty(String password) throws StoreCommand.Refused {
    if (password.isEmpty()) {
      throw new StoreCommand.Refused("an empty password is refused; nothing was changed");
    }
    return password;
  }
}
