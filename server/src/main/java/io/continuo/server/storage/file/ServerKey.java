package io.continuo.server.storage.file;

import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.storage.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/// The secret by which this server knows its own requests again: made at the first start, kept
/// beside the store as `origin.key` (hexadecimal, readable by its owner only). Servers that the
/// same CSCF brings requests to must have the same one: copy the file.
public final class ServerKey {
  private static final String FILE = "origin.key";
  private static final int BYTES = 32;

  private ServerKey() {}

  /// The key in this directory, which must exist. Called once, at start; blocks.
  ///
  /// @throws StoreUnavailable when it can be neither read nor made; the message is for the operator
  public static byte[] in(Path directory, SecureRandom random) throws StoreUnavailable {
    Path file = directory.resolve(FILE);
    try {
      return Files.exists(file) ? read(file) : make(file, random);
    } catch (IllegalArgumentException unusable) {
      throw new StoreUnavailable(
          file + " is no key of " + BYTES + " bytes in hexadecimal; remove it to get a new one",
          unusable);
    } catch (IOException unusable) {
      throw new StoreUnavailable(
          "cannot use " + file + ": " + FileFailure.text(unusable), unusable);
    }
  }

  private static byte[] read(Path file) throws IOException {
    byte[] key = HexFormat.of().parseHex(Files.readString(file).strip());
    if (key.length != BYTES) {
      throw new IllegalArgumentException(key.length + " bytes");
    }
    return key;
  }

  private static byte[] make(Path file, SecureRandom random) throws IOException {
    byte[] key = new byte[BYTES];
    random.nextBytes(key);
    Path fresh = file.resolveSibling(FILE + ".new");
    Files.deleteIfExists(fresh);
    boolean posix = Files.getFileStore(file.getParent()).supportsFileAttributeView("posix");
    if (posix) {
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      Files.createFile(fresh);
    }
    Files.writeString(fresh, HexFormat.of().formatHex(key) + "\n", StandardOpenOption.SYNC);
    Files.move(fresh, file);
    return key;
  }
}
