package io.continuo.server.storage;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// Says to the operator what is wrong with a file. The exceptions of `java.nio.file` tell the most
/// frequent reasons by their class alone, and their message is only a name.
public final class FileFailure {
  private FileFailure() {}

  /// The file and what is wrong with it, without a full stop.
  public static String text(Throwable failed) {
    if (failed instanceof FileSystemException known && known.getFile() != null) {
      return text(known);
    }
    return failed.getMessage() == null ? failed.toString() : failed.getMessage();
  }

  private static String text(FileSystemException failed) {
    return switch (failed) {
      case AccessDeniedException _ -> "no permission to use " + failed.getFile();
      case NoSuchFileException _ -> failed.getFile() + " is not there";
      // Only who makes a directory minds what is there: files are opened or replaced.
      case FileAlreadyExistsException _ -> failed.getFile() + " is a file, not a directory";
      default ->
          failed.getReason() == null
              ? failed.toString()
              : failed.getFile() + ": " + failed.getReason();
    };
  }
}
