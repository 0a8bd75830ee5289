package io.continuo.server.storage.segments;

import io.continuo.server.conversation.ConversationLog.AppendListener;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.ConversationId;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Something that waits for the writer.
sealed interface Waiting {

  /// Bytes it will take in the segment.
  int size();

  /// Bytes of memory it holds while it waits, a staged body included.
  default long weight() {
    return size();
  }

  /// Somebody waits for the answer.
  default boolean urgent() {
    return true;
  }

  /// Something with a record to write.
  sealed interface ForTheFile extends Waiting {
    ConversationId conversation();

    ByteBuffer body();

    @Override
    default int size() {
      return Frame.size(body());
    }
  }

  /// An entry.
  ///
  /// @param staged length of the user's body when it goes to a file of its own, else 0
  record Append(
      ConversationId conversation,
      long sequence,
      ByteBuffer body,
      int staged,
      AppendListener listener)
      implements ForTheFile {
    @Override
    public long weight() {
      return size() + (long) staged;
    }

    Refused refused(StoreUnavailable why) {
      return new Refused(conversation, listener, why);
    }
  }

  record Note(ConversationId conversation, ByteBuffer body) implements ForTheFile {
    @Override
    public boolean urgent() {
      return false;
    }
  }

  record Erase(ConversationId conversation, ByteBuffer body, Done done) implements ForTheFile {}

  /// An append that is refused, told behind the appends that came before it.
  record Refused(ConversationId conversation, AppendListener listener, StoreUnavailable why)
      implements Waiting {
    @Override
    public int size() {
      return 0;
    }
  }

  /// Somebody waits until everything before it is in the file.
  record Barrier(Done done) implements Waiting {
    @Override
    public int size() {
      return 0;
    }
  }

  /// The answer to somebody who blocks.
  final class Done {
    private final CompletableFuture<Optional<StoreUnavailable>> outcome = new CompletableFuture<>();

    void succeed() {
      outcome.complete(Optional.empty());
    }

    void fail(StoreUnavailable why) {
      outcome.complete(Optional.of(why));
    }

    /// Waits until it is decided either way, whatever interrupts (the flag is kept).
    ///
    /// @return why it failed
    Optional<StoreUnavailable> await() {
      return outcome.join();
    }
  }
}
