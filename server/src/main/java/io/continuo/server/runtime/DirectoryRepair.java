package io.continuo.server.runtime;

import io.continuo.server.conversation.ConversationDirectory;
import io.continuo.server.conversation.ConversationDirectory.Known;
import io.continuo.server.conversation.ConversationLog;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.ConversationId;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the directory what the log knows and it does not: who takes part in which conversation. A
/// device that comes is told of the conversations that the directory has for its subscriber, so
/// without this what the log owes it would wait for the next message.
///
/// A conversation is kept in the directory before the log hears of it, so there is nothing to do
/// unless the directory lost something: its tables were damaged and taken away, or restored from an
/// older copy than the log.
///
/// What it costs: one pass over the ids in the directory, and the membership of the
/// [#MAX_JOINS_CHECKED] conversations that somebody joined last, one small record for each who
/// joined; then as much for each conversation that is missing. A message is never read.
///
/// Threading: the thread that starts the server, before anybody is served. Blocks.
public final class DirectoryRepair {
  /// A directory that went back in time lacks what came last.
  static final int MAX_JOINS_CHECKED = 1_000;

  /// Conversations kept in one transaction.
  private static final int BATCH = 500;

  private static final Logger log = LoggerFactory.getLogger(DirectoryRepair.class);

  private final ConversationLog chatLog;
  private final ConversationDirectory directory;

  public DirectoryRepair(ConversationLog chatLog, ConversationDirectory directory) {
    this.chatLog = chatLog;
    this.directory = directory;
  }

  /// A conversation whose membership cannot be read is left out, with an ERROR: the others are to
  /// be served.
  ///
  /// @throws StoreUnavailable when the directory can be neither read nor written
  public void run() throws StoreUnavailable {
    List<Known> lost = new ArrayList<>();
    for (ConversationId missing : directory.unknown(chatLog.conversations())) {
      lost.add(asLogged(missing));
    }
    for (ConversationId joined : chatLog.joinedLast(MAX_JOINS_CHECKED)) {
      Known logged = asLogged(joined);
      if (directory.find(joined).filter(known -> hasAll(known, logged)).isEmpty()) {
        lost.add(logged);
      }
    }
    lost.removeIf(one -> one.participants().isEmpty());
    for (int from = 0; from < lost.size(); from += BATCH) {
      directory.keep(lost.subList(from, Math.min(from + BATCH, lost.size())));
    }
    if (!lost.isEmpty()) {
      log.atWarn().addKeyValue("conversations", lost.size()).log("directory.repaired");
    }
  }

  private static boolean hasAll(Known known, Known logged) {
    return known.participants().containsAll(logged.participants());
  }

  private Known asLogged(ConversationId id) {
    try {
      return new Known(id, id.isGroup(), chatLog.everybody(id));
    } catch (StoreUnavailable why) {
      log.atError().addKeyValue("conversation", id).setCause(why).log("directory.repair-failed");
      return new Known(id, id.isGroup(), List.of());
    }
  }
}
