package io.continuo.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;

class FileFailureTest {
  @Test
  void aDeniedFileIsMoreThanItsName() {
    assertThat(FileFailure.text(new AccessDeniedException("/data/lock")))
        .isEqualTo("no permission to use /data/lock");
  }

  @Test
  void aReasonOfTheSystemIsKept() {
    assertThat(FileFailure.text(new FileSystemException("/data/1", null, "Read-only file system")))
        .isEqualTo("/data/1: Read-only file system");
  }

  @Test
  void whatSpeaksForItselfIsLeftAlone() {
    assertThat(FileFailure.text(new IOException("No space left on device")))
        .isEqualTo("No space left on device");
    assertThat(FileFailure.text(new IOException())).isEqualTo("java.io.IOException");
  }
}
