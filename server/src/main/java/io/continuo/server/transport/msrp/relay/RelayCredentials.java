package io.continuo.server.transport.msrp.relay;

import io.continuo.server.configuration.MsrpRelaySettings;
import java.io.IOException;
import java.nio.file.Files;

/// Who we are to the relays. Never written to a log: it has no text form but this.
///
/// @param password in clear, as each relay's realm makes its own hash of it
public record RelayCredentials(String user, String password) {
  /// Reads the password from its file: the first line, without white space around it.
  ///
  /// @throws IOException when the file cannot be read or has no first line, naming it
  public static RelayCredentials read(MsrpRelaySettings settings) throws IOException {
    String password =
        Files.readString(settings.relayPasswordFile()).lines().findFirst().orElse("").strip();
    if (password.isEmpty()) {
      throw new IOException("no password in " + settings.relayPasswordFile());
    }
    return new RelayCredentials(settings.relayUser(), password);
  }

  @Override
  public String toString() {
    return "credentials of " + user;
  }
}
