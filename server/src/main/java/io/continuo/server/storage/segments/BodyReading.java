package io.continuo.server.storage.segments;

import io.continuo.server.conversation.StagedBody;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.storage.FileFailure;
import io.continuo.server.storage.segments.StagedBodies.Reference;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads one body once, in order, and checks at its end that it is what was written: damage is told
/// in place of the last bytes, so no device ever gets a damaged body whole.
///
/// Threading: what is asked of it comes from any thread; it is done in order, on a thread of
/// [Staging].
final class BodyReading implements StagedBody.Reading {
  private static final byte[] NOTHING = {};
  private static final Logger LOG = LoggerFactory.getLogger(BodyReading.class);

  private final StagedBodies bodies;
  private final Reference reference;
  private final long from;
  private final Turns turns;
  private final StagedBody.Listener listener;
  private final CRC32C crc = new CRC32C();
  private @Nullable InputStream in;
  private long read;
  private boolean over;

  BodyReading(
      StagedBodies bodies,
      Reference reference,
      long from,
      Turns turns,
      StagedBody.Listener listener) {
    this.bodies = bodies;
    this.reference = reference;
    this.from = from;
    this.turns = turns;
    this.listener = listener;
  }

  @Override
  public void next(int most) {
    turns.add(() -> {
      if (!over) {
        tell(most);
      }
    });
  }

  @Override
  public void close() {
    turns.add(this::end);
  }

  private void tell(int most) {
    byte[] bytes;
    try {
      bytes = take(most);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      LOG.atError()
          .addKeyValue("file", bodies.path(reference.number()))
          .setCause(e)
          .log("log.body-not-read");
      end();
      listener.failed(new StoreUnavailable("a body cannot be read: " + FileFailure.text(e), e));
      return;
    }
    listener.read(bytes);
  }

  private byte[] take(int most) throws IOException {
    InputStream open = in == null ? open() : in;
    int count = (int) Math.min(most, reference.length() - read);
    if (count == 0) {
      return NOTHING;
    }
    byte[] bytes = open.readNBytes(count);
    crc.update(bytes);
    read += bytes.length;
    boolean whole = read == reference.length();
    if (bytes.length < count || whole && (int) crc.getValue() != reference.checksum()) {
      throw bodies.damaged(reference);
    }
    return bytes;
  }

  private InputStream open() throws IOException {
    InputStream opened = new FileInputStream(bodies.path(reference.number()).toFile());
    in = opened;
    byte[] before = opened.readNBytes(Math.toIntExact(from));
    crc.update(before);
    read = before.length;
    return opened;
  }

  private void end() {
    over = true;
    try (InputStream closing = in) {
      in = null;
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("file", bodies.path(reference.number()))
          .setCause(e)
          .log("log.close-failed");
    }
  }
}
