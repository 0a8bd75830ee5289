package io.continuo.server.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.server.conversation.StoreUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerKeyTest {
  @TempDir Path directory;
  @TempDir Path another;

  @Test
  void theKeyOfTheFirstStartStays() throws StoreUnavailable {
    byte[] key = ServerKey.in(directory, new SecureRandom());
    assertThat(key).hasSize(32);
    assertThat(ServerKey.in(directory, new SecureRandom())).isEqualTo(key);
    assertThat(ServerKey.in(another, new SecureRandom())).isNotEqualTo(key);
  }

  @Test
  void nobodyElseMayReadIt() throws StoreUnavailable, IOException {
    ServerKey.in(directory, new SecureRandom());
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("origin.key"))))
        .isEqualTo("rw-------");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abcd", "not hexadecimal"})
  void aDamagedKeyIsSaidAndNotReplaced(String content) throws IOException {
    Path file = Files.writeString(directory.resolve("origin.key"), content);
    assertThatThrownBy(() -> ServerKey.in(directory, new SecureRandom()))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("origin.key");
    assertThat(file).hasContent(content);
  }
}
